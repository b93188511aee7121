import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import type { Verdict } from '../../src/experiment/verdicts.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';
import { resolve, runsOf } from './load.ts';

const verdictsOf = async (scenario: ResolvedScenario): Promise<readonly Verdict[]> =>
  (await simulate(scenario, buildSimulation)).verdicts;
const told = (verdicts: readonly Verdict[]): string[] =>
  verdicts.filter(({ outcome }) => outcome !== 'met').map(({ text, reason }) => `${text}: ${reason}`);

const script = (...steps: string[]): string =>
  `program:\n  steps:\n${steps.map((step) => `    - ${step}\n`).join('')}`;
const stepsOf = (...steps: string[]) => resolve(script(...steps)).program!.steps;

describe('a script in a scenario', () => {
  test('runs on the machine with one 3390 unless it says otherwise', () => {
    const { program, machine, systems, run } = resolve(script('{ stsch: TD }'));
    expect({ run, systems, device: program!.device }).toEqual({
      run: 'channel',
      systems: [],
      device: '3390',
    });
    expect(machine.channelPaths.map(({ chpid }) => chpid)).toEqual([0x01]);
    expect(machine.dasd.map(({ first, last, model }) => [first, last, model])).toEqual([
      [0x120, 0x120, '3390-1'],
    ]);
  });

  test('gives one run for each machine', () => {
    const runs = runsOf(`machine: [channel, qemu]\n${script('{ stsch: TD }', '{ tpi: Q, on: qemu }')}`);
    expect(runs.map(({ run, variant, program }) => [run, variant, program!.steps.length])).toEqual([
      ['channel', 'channel', 1],
      ['qemu', 'qemu', 2],
    ]);
  });

  test.each(['device: none', 'devices: 0'])('finds nothing on either machine with %s', async (nothing) => {
    const steps = script('{ stsch: TD, expect: { cc: 3 } }');
    const runs = runsOf(`machine: [channel, qemu]\n${steps}  ${nothing}\n`);
    expect((await Promise.all(runs.map(verdictsOf))).map(told)).toEqual([[], []]);
  });

  test('runs on any hardware that the scenario describes', () => {
    const text = 'machine: { dasd: { 0.0.2000-0.0.2003: {} } }\n';
    expect(resolve(text + script('{ stsch: TD }')).machine.dasd[0].last).toBe(0x2003);
  });

  test('reads numbers as hexadecimal, names before digits', () => {
    const steps = stepsOf(
      '{ stsch: TD2, at: S+10 }',
      '{ tsch: 0001ffff, at: 0x1000 }',
      '{ tpi: B }',
      '{ tpi: 0b }',
      '{ store: 10, words: [80000000|B, 4e10] }',
    );
    expect(steps).toMatchObject([
      { do: 'stsch', sid: 0x00010002, at: 0x46050 },
      { do: 'tsch', sid: 0x0001ffff, at: 0x1000 },
      { do: 'tpi', at: 0x45000 },
      { do: 'tpi', at: 0x0b },
      { do: 'store', at: 0x10, bytes: '8004500000004e10', times: 1 },
    ]);
  });

  test('stores channel programs and ORBs before it starts them', () => {
    const steps = stepsOf(
      '{ ssch: TD, orb: { lpm: 80, key: 3 }, ccws: [[e4, CC+SLI, 20, B, x2], ["03200001", B], ["03", "-", 1, 0]] }',
    );
    expect(steps.map((step) => (step.do === 'store' ? [step.at, step.bytes, step.times] : step.do))).toEqual([
      [0x44000, 'e460002000045000', 2],
      [0x44010, '0320000100045000', 1],
      [0x44018, '0300000100000000', 1],
      [0x46000, `00000000308080000004400000000000${'00'.repeat(16)}`, 1],
      'ssch',
    ]);
  });

  test('writes CCWs of format 0, and lists of IDAWs and MIDAWs', () => {
    const steps = stepsOf(
      '{ ccws: [[28, ff, 0, 123456]], at: 1000, format: 0 }',
      '{ idaws: [B, B+800], at: 1010, format: 1 }',
      '{ idaws: [100000800], at: 1020 }',
      '{ midaws: [[80, 200, B]], at: 1030 }',
    );
    expect(steps.map((step) => (step.do === 'store' ? step.bytes : ''))).toEqual([
      '28123456ff000000',
      '0004500000045800',
      '0000000100000800',
      '00000000008002000000000000045000',
    ]);
  });

  test('numbers steps as people look for them, with their lines', () => {
    const text = `program:
  procedures:
    twice: [{ repeat: 2, steps: [{ csch: TD }] }]
  steps:
    - { if: cc == 0, steps: [{ stsch: TD }], else: [{ tsch: TD }] }
    - parallel:
        - [{ hsch: TD }]
`;
    const { steps, procedures } = resolve(text).program!;
    const seen = JSON.stringify([steps, procedures]).matchAll(/"name":"([^"]+)","line":(\d+)/g);
    expect([...seen].map(([, name, line]) => `${name} ${line}`)).toEqual([
      '1.1 5',
      '1.else.1 5',
      '1 5',
      '2.cpu0.1 7',
      '2 6',
      'twice.1.1 3',
      'twice.1 3',
    ]);
  });
});

describe('the result of a script', () => {
  test('is one verdict for each check and one for its end', async () => {
    const verdicts = await verdictsOf(
      resolve(
        script(
          '{ stsch: TD, expect: { cc: 3, schib: { dnv: 1, dev: 0121 } } }',
          '{ hsch: TD, expect: { cc: 0 } }',
          '{ wait: status, limit: 1ms }',
          '{ if: cc == 1, steps: [{ tsch: TD, expect: { cc: 1 } }] }',
        ),
      ),
    );
    expect(told(verdicts)).toEqual([
      'step 1 (stsch, line 3): cc: expected 3, found 0',
      'step 1 (stsch, line 3): schib.dev: expected 0121, found 0120',
      'step 2 (hsch, line 4): cc: expected 0, found 3',
      'step 3 (wait-status, line 5): came: expected 1, found 0',
      'step 4.1 (tsch, line 6): cc: not executed',
    ]);
    expect(verdicts).toHaveLength(7);
    expect(verdicts.filter(({ fails }) => fails)).toHaveLength(4);
  });

  test('says how often a repeated step failed', async () => {
    const steps = '{ repeat: 3, steps: [{ stcrw: CRW, expect: { cc: 0 } }] }';
    expect(told(await verdictsOf(resolve(script('{ inject: 04020001 }', steps))))).toEqual([
      'step 2.1 (stcrw, line 4): cc: expected 0, found 1, 2 of 3 times',
    ]);
  });

  test('tells a program that did not come to its end', async () => {
    const text = `duration: 1ms\n${script('{ delay: 1us }', '{ delay: 2ms }')}`;
    expect(told(await verdictsOf(resolve(text)))).toEqual([
      'the program ends: the run ended after step 1 (delay, line 4)',
    ]);
  });

  test('is the same every time', async () => {
    const scenario = resolve(
      script('{ csch: TD }', '{ wait: status, limit: 1ms, expect: { came: either } }'),
    );
    const [one, other] = [
      await simulate(scenario, buildSimulation),
      await simulate(scenario, buildSimulation),
    ];
    expect(one.fingerprint).toBe(other.fingerprint);
  });
});

describe('the conformance cases', () => {
  const files = readdirSync('scenarios/conformance').filter((file) => file.endsWith('.yaml'));
  const cases = files.flatMap((file) => {
    const loaded = loadScenario(`scenarios/conformance/${file}`);
    if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
    return loaded.scenario.runs.map((scenario) => ({ scenario, name: `${file} on ${scenario.run}`, file }));
  });

  test.each(cases)('$name', async ({ scenario, file }) => {
    expect(`${scenario.name}.yaml`).toBe(file);
    const verdicts = await verdictsOf(scenario);
    expect(verdicts.filter(({ fails }) => fails)).toEqual([]);
  });
});
