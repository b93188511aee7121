import { describe, expect, test } from 'vitest';
import { errorsOf } from './load.ts';

/** Each mistake with the line that a user reads: place, path, what is wrong, what to do. */
describe('mistakes within one field', () => {
  test.each([
    ['sed: 4', '1:1: sed: unknown key; did you mean "seed"?'],
    ['machine:\n  modle: verbose-lpar', '2:3: machine.modle: unknown key; did you mean "model"?'],
    ['duration: 20', '1:11: duration: "20" has no unit; write 20s, 20ms or 20us'],
    ['duration: 0s', '1:11: duration: 0s is zero; it must be more than zero'],
    ['warmup: -1s', '1:9: warmup: -1s is negative; a time is zero or more, or auto'],
    ['duration:', '1:1: duration: "" is not a time; write 2s, 2ms or 2us'],
    ['duration: [1s]', '1:11: duration: expected a text, found a list'],
    ['machine: quiet', '1:10: machine: "quiet" is unknown; known: channel, qemu, kvm, or a mapping'],
    ['faults:', '1:1: faults: expected a list, found nothing'],
    ['faults: { at: 2s }', '1:9: faults: expected a list, found a mapping'],
    [
      'machine: { model: loud }',
      '1:19: machine.model: "loud" is unknown; known: verbose-lpar, quiet-arrive, sei-only',
    ],
    ['machine: { lostIo: iffc }', '1:20: machine.lostIo: "iffc" is unknown; did you mean "ifcc"?'],
    ['machine: { subchannelSets: 5 }', '1:28: machine.subchannelSets: 5 is more than 4; the most is 4'],
    [
      'machine: { chpids: { 0.40: { type: ficon-expres8s } } }',
      '1:36: machine.chpids["0.40"].type: "ficon-expres8s" is unknown; did you mean "ficon-express8s"?',
    ],
    [
      'machine: { chpids: { 0.40: { occupancy: { exponentail: 3ms } } } }',
      '1:43: machine.chpids["0.40"].occupancy.exponentail: unknown key; did you mean "exponential"?',
    ],
    [
      'machine: { chpids: { 0.40: { occupancy: {} } } }',
      '1:41: machine.chpids["0.40"].occupancy: a distribution has exactly one kind; write for instance { exponential: 300us }, or just 300us for a fixed time',
    ],
    [
      'machine: { controlUnits: { a: { paths: { b: c } } } }',
      '1:40: machine.controlUnits.a.paths: a mapping does not fit here; write a value like 0.40 or a list',
    ],
    [
      'systems: { a: { dasdOptions: { failfast: maybe } } }',
      '1:42: systems.a.dasdOptions.failfast: "maybe" is neither true nor false; write true or false',
    ],
    ['faults: [{ do: reset, at: 2s }]', '1:10: faults[0].controlUnit: is missing; write a text'],
    [
      'workload: { a: { mix: { scans: {} } } }',
      '1:32: workload.a.mix.scans.share: is missing; write a value like 0.2',
    ],
    [
      'strategies: { inFlight: { timeout: 3s } }',
      '1:36: strategies.inFlight.timeout: expected a mapping, found "3s"; write { after: 3s }',
    ],
    [
      'strategies: { inFlight: [kill, { wait: {} }] }',
      '1:34: strategies.inFlight[1].wait: wait has no parameters; write just wait',
    ],
    [
      'strategies: { recovery: { zos-cu: 3 } }',
      '1:35: strategies.recovery.zos-cu: expected a mapping, found "3"; its keys: threshold, interval',
    ],
    [
      'strategies: { verificationThrottle: 4 }',
      '1:37: strategies.verificationThrottle: "4" is unknown; known: none, or { concurrent: 4 }',
    ],
    [
      'strategies: { verificationThrottle: [none, {}] }',
      '1:44: strategies.verificationThrottle[1].concurrent: is missing; write a whole number',
    ],
    [
      'strategies: { selection: stering }',
      '1:26: strategies.selection: "stering" is unknown; did you mean "steering"?',
    ],
    ['workload: oltp', '1:11: workload: "oltp" is unknown; known: none, or a mapping'],
    [
      'workload: { a: { addresses: zipf } }',
      '1:29: workload.a.addresses: "zipf" is unknown; known: uniform, sequential, or a mapping',
    ],
    [
      'faults: [{ at: 2s }]',
      '1:10: faults[0].do: is missing; known: configure-off, configure-on, vary-off, vary-on, link-down, link-up, error-rate, slow, reset, flap, breakdown, lose-reports, detach, attach, kill, service, move-channel, pci-configure, pci-error',
    ],
    [
      'faults: [{ at: 2s, chpid: 0.40, do: configure-of }]',
      '1:37: faults[0].do: "configure-of" is unknown; did you mean "configure-off"?',
    ],
    [
      'faults: [{ at: 2s, do: configure-off }]',
      '1:10: faults[0].chpid: is missing; write a value like 0.40 or a list',
    ],
    [
      'faults: [{ chpid: 0.40, do: configure-off }]',
      '1:10: faults[0].at: is missing; write a value like 300us',
    ],
    [
      'faults: [{ at: 2s, do: reset, controlUnit: lcu0, chpid: 0.40 }]',
      '1:50: faults[0].chpid: unknown key; known: do, at, name, controlUnit',
    ],
    ['phases: { a: [1s] }', '1:14: phases.a: too few entries, expected 2'],
    [
      'strategies: { selection: rotaton }',
      '1:26: strategies.selection: "rotaton" is unknown; did you mean "rotation"?',
    ],
    ['strategies: { selection: [] }', '1:26: strategies.selection: too few entries, expected 1'],
    [
      'name: a/b',
      '1:7: name: "a/b" is not a name; use up to 64 letters, digits, ".", "_", "+" or "-", first a letter or digit',
    ],
    ['trace: { filter: [ssch, tsc] }', '1:25: trace.filter[1]: "tsc" is unknown; did you mean "tsch"?'],
  ])('%s', (text, message) => {
    expect(errorsOf(text)).toEqual([`s.yaml:${message}`]);
  });
});
