import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { scenarioWithOrder } from '../../src/scenario/with-order.ts';
import { errorsOf, resolve, runsOf } from './load.ts';

const PROGRAM = 'program: { steps: [{ stsch: TD, expect: { cc: 0, schib: { dnv: 1, dev: 0120 } } }] }\n';
const HARDWARE = 'machine: { chpids: { 0.40: {} }, controlUnits: { cu: {} }, dasd: { 0.0.0120: {} } }\n';
const GUEST = '{ kind: guest, on: host, passthrough: 0.0.0120 }';
const systems = (kernel: string): string =>
  `{ host: { kind: kvm-host, kernel: "${kernel}" }, guest: ${GUEST} }`;

const failures = async (text: string): Promise<string[]> => {
  const { verdicts } = await simulate(resolve(text), buildSimulation);
  return verdicts.filter(({ outcome }) => outcome !== 'met').map(({ text: check, reason }) => check + reason);
};

describe('a script in a guest on a host', () => {
  test('has one host that passes everything on, unless the scenario says otherwise', () => {
    const run = resolve(`machine: kvm\n${PROGRAM}`);
    expect(run.systems.map(({ name, kind }) => [name, kind])).toEqual([
      ['host', 'kvm-host'],
      ['guest', 'guest'],
    ]);
    expect(run.machine.options.storageBytes).toBeGreaterThan(0x80000000);
    expect(run.run).toBe('kvm');
  });

  test('has the systems of the scenario, and its variants', () => {
    const variants = `variants: { old: { systems: ${systems('4.17')} }, new: { systems: ${systems('6.16')} } }\n`;
    const runs = runsOf(`machine: [channel, kvm]\n${variants}${PROGRAM}`);
    expect(runs.map(({ run }) => run)).toEqual(['channel', 'kvm.old', 'kvm.new']);
    const own = runsOf(`machine: kvm\nsystems: ${systems('5.7')}\n${variants}${PROGRAM}`);
    expect(own.map(({ run }) => run)).toEqual(['kvm', 'kvm.old', 'kvm.new']);
  });

  test('runs on any hardware, when the scenario has a guest', async () => {
    expect(await failures(`${HARDWARE}systems: ${systems('6.16')}\n${PROGRAM}`)).toEqual([]);
    expect(resolve(`${HARDWARE}systems: ${systems('6.16')}\n${PROGRAM}`).run).toBe('kvm');
    expect(resolve(`${HARDWARE}${PROGRAM}`).run).toBe('channel');
  });

  test('finds nothing where nothing is passed through', async () => {
    const text = 'machine: kvm\nprogram: { device: none, steps: [{ stsch: TD, expect: { cc: 3 } }] }\n';
    expect(await failures(text)).toEqual([]);
  });

  test('has one run for each strategy, which steps can be for', () => {
    const strategies = 'strategies: { resume: [emulate, pass] }\n';
    const steps =
      '{ stsch: TD, on: kvm }, { rsch: TD, on: resume-pass }, { tsch: TD, on: [channel, upstream] }';
    const runs = runsOf(`machine: [channel, kvm]\n${strategies}program: { steps: [${steps}] }\n`);
    expect(runs.map(({ run, program }) => [run, ...program!.steps.map((step) => step.do)])).toEqual([
      ['channel', 'tsch'],
      ['kvm.upstream.resume-emulate', 'stsch', 'tsch'],
      ['kvm.upstream.resume-pass', 'stsch', 'rsch', 'tsch'],
    ]);
  });

  test('is written down with an order of events as the one run that it is', () => {
    const text = `machine: [channel, kvm]\nvariants: { old: { systems: ${systems('4.17')} } }\n${PROGRAM}explore: { window: [0s, 1s] }\n`;
    const old = runsOf(text).find(({ run }) => run === 'kvm.old')!;
    const runs = runsOf(scenarioWithOrder({ text, overrides: [] }, old, []));
    expect(runs.map(({ run, systems: [host] }) => [run, host.kind === 'kvm-host' && host.kernel])).toEqual([
      ['kvm', '4.17'],
    ]);
  });

  test.each([
    [
      `machine: kvm\nsystems: { lpar: {} }\n${PROGRAM}`,
      's.yaml:2:1: systems: has no guest that a script could run in; define a kvm-host and a guest on it',
    ],
    [
      `machine: kvm\nvariants: { other: { systems: { lpar: {} } } }\n${PROGRAM}`,
      's.yaml:2:31: variants.other.systems: the last system, in which a script runs, is no guest on a kvm-host; put a guest there',
    ],
    [
      `machine: qemu\nsystems: ${systems('6.16')}\n${PROGRAM}`,
      's.yaml:2:1: systems: contradicts program, which takes the place of systems; keep one of them',
    ],
    [
      `machine: kvm\nfaults: []\n${PROGRAM}`,
      's.yaml:2:1: faults: contradicts program, which takes the place of systems; keep one of them',
    ],
    [
      'machine: kvm\nprogram: { steps: [{ plug: TD }] }\n',
      's.yaml:2:22: program.steps[0].plug: a script in a guest has its devices from the start',
    ],
    [
      'machine: kvm\nprogram: { steps: [{ stsch: TD, on: qemo }] }\n',
      's.yaml:2:37: program.steps[0].on: no run is called by "qemo"; did you mean "qemu"?',
    ],
    [
      `${HARDWARE.replace('{ chpids', '{ storage: 128MiB, chpids')}systems: ${systems('6.16')}\n${PROGRAM}`,
      's.yaml:1:21: machine.storage: is too little for a host and its guest; take 256MiB or more',
    ],
  ])('%#: what cannot be is refused', (text, problem) => {
    expect(errorsOf(text)).toEqual([problem]);
  });
});
