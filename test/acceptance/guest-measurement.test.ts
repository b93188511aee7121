import { describe, expect, test } from 'vitest';
import { loadScenario, type MeasurementRow, type Run, runScenario } from '../../src/index.ts';

/*
 * Channel measurement of one volume as its guest shows it, of another as the host does, and of a virtual device. Document
 * 0 of the question asks who is to measure passed-through devices; QEMU does what it does for its own.
 */
const runs = async (): Promise<Record<string, Run>> => {
  const loaded = loadScenario('scenarios/guest-measurement.yaml');
  if (!loaded.ok) throw loaded.errors[0];
  const named = loaded.scenario.runs.map(
    async (run) => [run.strategy.relay!.kind, await runScenario(run)] as const,
  );
  return Object.fromEntries(await Promise.all(named));
};
const results = runs();

type Figures = Record<string, readonly [shown: number, exact: number | null]>;

/** Directory `cmf` of a device at the end; measurement of one that was disconnected began again when it was back. */
function atEnd({ measurements }: Run, system: string, device: string): Figures {
  const mine = measurements.filter((row) => row.system === system && row.device === device);
  const last = mine.filter(({ toNs }) => toNs === Math.max(...mine.map((row) => row.toNs)));
  return Object.fromEntries(last.map((row: MeasurementRow) => [row.attribute, [row.value, row.exact]]));
}

const TIMES = ['avg_device_connect_time', 'avg_function_pending_time', 'avg_device_disconnect_time'];

describe.each(['upstream', 'suppress'])('%s', (relay) => {
  test('the host measures what it has kept', async () => {
    const { sample_count: count, ...figures } = atEnd((await results)[relay], 'host', '0.0.1002');
    const [samples] = count;
    expect(samples).toBeGreaterThan(300);
    for (const name of TIMES) expect(figures[name][0]).toBeGreaterThan(0);
  });

  test('the guest counts starts of what it was given, and there is nothing to show of what the machine does', async () => {
    const {
      ssch_rsch_count: [starts, exactStarts],
      sample_count: [samples],
      ...figures
    } = atEnd((await results)[relay], 'guest1', '0.0.1000');
    expect(starts).toBeGreaterThan(300);
    expect(starts).toBe(exactStarts);
    expect(samples).toBe(0);
    for (const name of TIMES) {
      expect(figures[name][0]).toBe(0);
      expect(figures[name][1]).toBeGreaterThan(0);
    }
  });

  test('a virtual device has nothing that could be measured', async () => {
    const figures = atEnd((await results)[relay], 'guest1', '0.0.0100');
    for (const name of TIMES) expect(figures[name]).toEqual([0, null]);
  });

  test('the host has no device any more that it could measure for the guest', async () => {
    const { measurements } = (await results)[relay];
    expect(measurements.some(({ system, device }) => system === 'host' && device === '0.0.1000')).toBe(false);
  });
});

test('a guest that does not hear of the last path counts every try to find one', async () => {
  const { upstream, suppress } = await results;
  const starts = (run: Run): number => run.metric('guest.ssch', {}, 'no-path').value;
  expect(starts(upstream)).toBeLessThan(10);
  expect(starts(suppress)).toBeGreaterThan(100);
  // None of them got to the device, and all of them stand in the one measurement that the guest has never begun again.
  const { ssch_rsch_count: counted } = atEnd(suppress, 'guest1', '0.0.1000');
  expect(counted[0]).toBeGreaterThan(starts(suppress) + 400);
  expect(suppress.metric('io.started', {}, 'no-path').value).toBeLessThan(20);
});
