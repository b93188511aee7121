import { describe, expect, test } from 'vitest';
import { errorsOf } from './load.ts';

const MACHINE = 'machine: { pci: { functions: { ism0: {}, disk0: { type: nvme } } } }\n';

describe('mistakes about PCI functions', () => {
  test.each([
    [
      'systems: { a: { pci: { functions: ism1 } } }',
      '2:35: systems.a.pci.functions: PCI function "ism1" is not in the machine; did you mean "ism0"?',
    ],
    [
      'systems: { a: { pci: {} }, b: { pci: { functions: ism0 } } }',
      '2:51: systems.b.pci.functions: PCI function "ism0" is in system a; give it to one of them',
    ],
    [
      'systems: { a: { pci: { path: region } } }',
      '2:24: systems.a.pci.path: has no meaning in a partition; it belongs to a guest',
    ],
    [
      'systems: { g: { kind: guest, pci: {} } }',
      '2:30: systems.g.pci: has no meaning here; partitions, kvm-hosts and guests on one have PCI functions',
    ],
    [
      'systems: { a: { pci: { functions: disk0, moves: [{}] } } }',
      '2:50: systems.a.pci.moves[0]: there is no ISM function; give the system one',
    ],
    [
      'faults: [{ at: 1s, do: pci-error, function: ism0, pec: 3a }]',
      '2:56: faults[0].pec: "3a" is not a PCI event code; write four hex digits, such as 003a',
    ],
    [
      'faults: [{ at: 1s, do: pci-configure, function: ism9, state: standby }]',
      '2:49: faults[0].function: unknown PCI function "ism9"; did you mean "ism0"?',
    ],
    [
      'systems: { a: { pci: {} } }\nactions: [{ at: 1s, do: pci-plug, function: ism0 }]',
      '3:25: actions[0].do: system a is a partition; name a guest',
    ],
    [
      'systems: { a: { pci: { functions: ism0 } } }\nactions: [{ at: 1s, do: pci-off, function: disk0 }]',
      '3:44: actions[0].function: PCI function "disk0" is not in system a; did you mean "ism0"?',
    ],
    [
      'systems: { a: { pci: { functions: disk0 } }, h: { kind: kvm-host, pci: { functions: ism0 } }, g: { kind: guest, on: h, pci: { functions: none } } }\nactions: [{ at: 1s, system: g, do: pci-plug, function: disk0 }]',
      '3:56: actions[0].function: PCI function "disk0" is not in system h; did you mean "ism0"?',
    ],
    [
      'systems: { h: { kind: kvm-host }, g: { kind: guest, on: h, pci: {} } }',
      '2:60: systems.g.pci: system h has no PCI functions; write "pci: {}" there',
    ],
    [
      'faults: [{ at: 1s, do: pci-configure, function: ism0, state: reserved, asked: on }]',
      '2:79: faults[0].asked: a function that a system gives back is on standby; write state: standby',
    ],
    ['expect: [{ verdict: wroks }]', '2:21: expect[0].verdict: "wroks" is unknown; did you mean "works"?'],
    [
      'expect: [{ verdict: works, where: { chpid: "0.40" } }]',
      '2:37: expect[0].where.chpid: verdicts have no label "chpid"; known: system, function',
    ],
    [
      'phases: { p: [0s, 1s] }\nexpect: [{ verdict: works, phase: p }]',
      '3:28: expect[0].phase: has no meaning for a verdict; a verdict is on the whole run',
    ],
  ])('%s', (text, message) => {
    expect(errorsOf(MACHINE + text)).toEqual([`s.yaml:${message}`]);
  });
});

test('a function is not called as all of them are', () => {
  expect(errorsOf('machine: { pci: { functions: { all: {} } } }')).toEqual([
    's.yaml:1:32: machine.pci.functions.all: "all" is no name for a PCI function; systems say so of all, or none, of them',
  ]);
});
