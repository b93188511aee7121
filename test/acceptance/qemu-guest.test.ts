import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import { agreementOf, compareTraces } from '../../src/experiment/trace-comparison.ts';
import { TraceTexts } from '../../src/experiment/trace-texts.ts';
import type { TraceLine } from '../../src/output/trace-lines.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { ResolvedPhase } from '../../src/scenario/resolved.ts';

/** Linux 6.1 on QEMU 7.2: the scenarios repeat what was recorded, line by line and field by field. */

interface Traced {
  readonly guest: string;
  readonly qemu: string;
  readonly phases: readonly ResolvedPhase[];
}

async function traced(name: string, overrides: readonly string[] = []): Promise<Traced> {
  const loaded = loadScenario(`scenarios/${name}.yaml`, {
    overrides: ['trace.formats=[ftrace, qemu]', ...overrides],
  });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  const scenario = loaded.scenario.runs[0];
  const texts: Record<string, string> = { 'trace.txt': '', 'qemu.txt': '' };
  const sink = new TraceTexts(scenario, (file) => (bytes) => {
    texts[file] += Buffer.from(bytes).toString('latin1');
  });
  await simulate(scenario, buildSimulation, {
    sink: {
      begin: (built) => sink.begin(built),
      events: (records, count) => sink.events(records, count),
      requests() {},
      interval() {},
    },
  });
  sink.finish();
  return { guest: texts['trace.txt'], qemu: texts['qemu.txt'], phases: scenario.phases };
}

const recorded = (name: string): string =>
  readFileSync(new URL(`../fixtures/recordings/qemu-linux/${name}.txt`, import.meta.url), 'utf8');

/** What of a trace differs from a recording, as text beside text; nothing when they agree. */
function differences(name: string, kind: 'guest' | 'qemu', run: Traced, phase?: string): string[] {
  const span = run.phases.find((candidate) => candidate.name === phase);
  const options = span && { fromUs: span.fromNs / 1_000, toUs: span.toNs / 1_000 };
  const { pairs } = compareTraces(recorded(`${name}.${kind}`), run[kind], options);
  return pairs
    .filter((pair) => agreementOf(pair) === 'differs')
    .map((pair) => `recorded: ${textOf(pair.recorded)}; run: ${textOf(pair.run)}`);
}

const textOf = (line: TraceLine | null): string =>
  line === null ? 'nothing' : [line.event, ...line.fields.map(({ value }) => value)].join(' ');

const rng = (...devices: string[]): string =>
  `systems.guest1.virtio={${devices.map((device) => `"${device}": {}`).join(', ')}}`;

describe('boot', () => {
  it.each([
    ['cold0', []],
    ['cold1', ['fe.0.0100']],
    ['cold2', ['fe.0.0100', 'fe.0.0101']],
  ])('%s', async (name, devices) => {
    const run = await traced('qemu-cold', [rng(...devices)]);
    expect(differences(`${name}.boot`, 'guest', run)).toEqual([]);
    // When PCI is initialized beside the scan of the subchannels is chance.
    const besideScan = differences(`${name}.boot`, 'qemu', run).filter(
      (line) => !line.includes('css_do_sic'),
    );
    expect(besideScan).toEqual([]);
  });
});

describe('devices plugged, unplugged and plugged again', () => {
  const phases = ['add', 'del', 'readd'];
  it.each([
    ['hot-stopburst-1', 'fe.0.0200', '0s'],
    ['hot-stopburst-2', 'fe.0.0200-fe.0.0201', '0s'],
    ['hot-spaced-2', 'fe.0.0200-fe.0.0201', '600ms'],
  ])('%s', async (name, device, every) => {
    const overrides = phases.flatMap((_, at) => [
      `actions[${at}].device=${device}`,
      `actions[${at}].every=${every}`,
    ]);
    const run = await traced('qemu-hot-plug', overrides);
    for (const phase of phases) {
      expect(differences(`${name}.${phase}`, 'guest', run, phase)).toEqual([]);
      expect(differences(`${name}.${phase}`, 'qemu', run, phase)).toEqual([]);
    }
  });
});

describe.each([
  [
    'qemu-inject',
    {
      subchannel: 'crw-injection/inject.inj-sch-ipi-0',
      'no-subchannel': 'crw-injection/inject.inj-sch-nonexist-7',
      'path-reset': 'crw-injection/inject.inj-chp00-init-sol',
      'path-arrived': 'crw-injection/inject.inj-chp00-init',
      'path-error': 'crw-injection/inject.inj-chp00-terror',
      'path-gone': 'crw-injection/inject.inj-chp00-perrn',
    },
  ],
  [
    'qemu-vary',
    {
      offline: 'vary/offline-0100',
      online: 'vary/online-0100',
      'unknown-path-off': 'vary/vary-chp1a-off',
      'unknown-path-on': 'vary/vary-chp1a-on',
      rescan: 'vary/rescan',
      'path-off': 'vary/vary-chp00-off',
      'path-off-again': 'vary/vary-chp00-off-again',
      measure: 'vary/cmb-enable-0100',
    },
  ],
])('%s', (scenario, recordings) => {
  let run: Traced;
  beforeAll(async () => {
    run = await traced(scenario);
  });

  it.each(Object.entries(recordings))('%s', (phase, name) => {
    expect(differences(name, 'guest', run, phase)).toEqual([]);
    expect(differences(name, 'qemu', run, phase)).toEqual([]);
  });
});
