import { describe, expect, it, test } from 'vitest';
import { repairman, responseMMc, waitMG1 } from '../../acceptance/queueing-formulas.ts';
import { load, pathsServe, theoryOfText, volumesServe } from './scenarios.ts';

/** Model and predictions in milliseconds, requests per ms and shares. */
function solved(text: string, overrides: readonly string[] = []) {
  const { solution, obstacles } = theoryOfText(text, overrides);
  if (solution === undefined) throw new Error(JSON.stringify(obstacles));
  const value = (metric: string): number =>
    solution.predictions.find((prediction) => prediction.metric === metric)?.value ?? Number.NaN;
  return {
    model: solution.model,
    response: value('io.response.mean') / 1e6,
    waiting: value('io.iosq.mean') / 1e6,
    rate: value('io.rate') / 1e3,
    busy: value('path.utilisation'),
  };
}

const keysOf = (text: string, overrides: readonly string[] = []): string[] =>
  (theoryOfText(text, overrides).obstacles ?? []).map(({ key }) => key);

describe('what a scenario is to queueing theory', () => {
  it('M/M/c: paths with one queue under Poisson arrivals at many volumes', () => {
    const { model, response, rate, busy } = solved(pathsServe(3, 256, load('ratePerVolume: 7.8125/s')));
    expect(model).toBe('M/M/3');
    expect(response).toBeCloseTo(responseMMc(3, 2, 0.5), 9);
    expect(rate).toBeCloseTo(2, 12);
    expect(busy).toBeCloseTo(1 / 3, 12);
  });

  it('as many M/M/1 as there are paths: each with a queue of its own, drawn at random', () => {
    const { model, response } = solved(pathsServe(2, 256, load('ratePerVolume: 7.8125/s')), [
      'strategies.selection=random',
      'machine.chpids={"0.40-0.41": {maxOpen: 256, occupancy: {exponential: 500us}, bandwidth: 1000000GB/s, distance: 0m, switch: 0s}}',
    ]);
    expect(model).toBe('2 × M/M/1');
    expect(response).toBeCloseTo(responseMMc(1, 1, 0.5), 9);
  });

  it('M/M/1: a single path, whatever chooses it and however few the volumes', () => {
    const { model, response } = solved(pathsServe(1, 2, load('ratePerVolume: 600/s')), [
      'strategies.selection=rotation',
    ]);
    expect(model).toBe('M/M/1');
    expect(response).toBeCloseTo(responseMMc(1, 1.2, 0.5), 9);
  });

  it('M/G/1: a volume whose reads hit or miss, and whose writes are fast', () => {
    const unit =
      'cache: { hitRatio: 0.75 }, hitRead: { uniform: [0s, 400us] }, hitWrite: 100us, miss: { exponential: 1ms }';
    const { model, waiting, response, rate } = solved(
      volumesServe(2, unit, load('ratePerVolume: 900/s, reads: 0.8')),
    );
    // A read: uniform, and in a quarter of the cases an exponential time behind it.
    const readSquare = 0.16 / 3 + 0.25 * (2 * 0.2 + 2);
    const mean = 0.8 * (0.2 + 0.25) + 0.2 * 0.1;
    const square = 0.8 * readSquare + 0.2 * 0.01;
    expect(model).toBe('2 × M/G/1');
    expect(waiting).toBeCloseTo(waitMG1(0.9, mean, square), 9);
    expect(response).toBeCloseTo(mean + waitMG1(0.9, mean, square), 9);
    expect(rate).toBeCloseTo(1.8, 12);
  });

  it('M/G/1 where writes wait for the disk', () => {
    const unit =
      'cache: { hitRatio: 1 }, hitRead: 0s, hitWrite: 100us, miss: { erlang: { stages: 2, mean: 400us } }, features: { fastWrite: false }';
    const { waiting } = solved(volumesServe(1, unit, load('ratePerVolume: 1000/s, reads: 0')));
    expect(waiting).toBeCloseTo(waitMG1(1, 0.5, 0.01 + 2 * 0.1 * 0.4 + 0.16 * 1.5), 9);
  });

  test.each([
    { paths: 1, volumes: 5, applications: 3 },
    { paths: 3, volumes: 20, applications: 1 },
  ])(
    'M/M/c//N: $volumes volumes with $applications applications at $paths paths',
    ({ paths, volumes, applications }) => {
      const think = `arrivals: closed, applications: ${applications}, think: { exponential: 3ms }`;
      const { model, response, rate, busy } = solved(pathsServe(paths, volumes, load(think)));
      const exact = repairman(volumes * applications, paths, 3, 0.5);
      expect(model).toBe(`M/M/${paths}//${volumes * applications}`);
      expect(response).toBeCloseTo(exact.response, 9);
      expect(rate).toBeCloseTo(exact.throughput, 9);
      expect(busy).toBeCloseTo((exact.throughput * 0.5) / paths, 9);
    },
  );

  it('M/M/1//k once per volume: each serves its own applications', () => {
    const unit = 'cache: { hitRatio: 1 }, hitRead: { exponential: 1ms }, hitWrite: { exponential: 1ms }';
    const think = 'arrivals: closed, applications: 4, think: 2ms';
    const { model, response, rate } = solved(volumesServe(3, unit, load(think)));
    expect(model).toBe('3 × M/M/1//4');
    expect(response).toBeCloseTo(repairman(4, 1, 2, 1).response, 9);
    expect(rate).toBeCloseTo(3 * repairman(4, 1, 2, 1).throughput, 9);
  });

  it('two control units behind the same paths are one', () => {
    const units =
      'machine.controlUnits={"lcu0-lcu1": {cache: {hitRatio: 1}, hitRead: 0s, hitWrite: 0s, control: 0s}}';
    const dasd =
      'machine.dasd={"0.0.1000-0.0.1003": {controlUnit: lcu0}, "0.0.1100-0.0.1103": {controlUnit: lcu1}}';
    const think = load('arrivals: closed, applications: 1, think: 5ms');
    expect(solved(pathsServe(2, 4, think), [units, dasd]).model).toBe('M/M/2//8');
  });
});

describe('where there is no exact solution', () => {
  const PATHS = pathsServe(2, 8, load('arrivals: closed, applications: 1, think: 5ms'));
  const OPEN = pathsServe(2, 256, load('ratePerVolume: 8/s'));
  const VOLUME = volumesServe(
    4,
    'cache: { hitRatio: 1 }, hitRead: 500us',
    load('ratePerVolume: 100/s, reads: 1'),
  );

  // Exponential times of 5 s are longer than 30 s now and then; 300 s is what the driver takes where no device states an interval.
  const SLOW = volumesServe(
    4,
    'cache: { hitRatio: 1 }, hitRead: { exponential: 5s }',
    load('ratePerVolume: 0.1/s, reads: 1'),
  ).replace('"0.0.1000-0.0.1003": {}', '"0.0.1000-0.0.1003": { missingInterrupt: 0s }');

  test.each([
    ['systems.lpar1.costs.interrupt', PATHS, 'systems.lpar1.costs.interrupt=1us'],
    ['systems.lpar1.costs.driverPath', PATHS, 'systems.lpar1.costs.driverPath=1us'],
    ['machine.costs.ssch', PATHS, 'machine.costs.ssch=1us'],
    ['machine.costs.tsch', PATHS, 'machine.costs.tsch=1us'],
    ['machine.chpids.0.40.distance and switch', PATHS, 'distance: 0m => distance: 10km'],
    ['machine.chpids.0.41.bandwidth', PATHS, 'bandwidth: 1000000GB/s => bandwidth: 100MB/s'],
    ['machine.chpids', PATHS, 'occupancy: { exponential: 500us } => occupancy: 500us'],
    ['machine.controlUnits.lcu0 and machine.chpids', PATHS, 'machine.controlUnits.lcu0.hitRead=10us'],
    ['machine.controlUnits.lcu0.cache', PATHS, 'machine.controlUnits.lcu0.cache={lru: 1MiB}'],
    ['machine.controlUnits.lcu0.backend', PATHS, 'machine.controlUnits.lcu0.backend=mechanics'],
    ['machine.controlUnits.lcu0.zhpf', PATHS, 'machine.controlUnits.lcu0.zhpf=true'],
    ['strategies.selection', PATHS, 'strategies.selection=fixed'],
    ['workload.load.applications', PATHS, 'workload.load.applications=2'],
    ['warmup', PATHS, 'workload.load.from=3s'],
    ['workload.load.until', PATHS, 'workload.load.until=10s'],
    ['workload', PATHS, 'workload=none'],
    ['faults', PATHS, 'faults=[{at: 1s, chpid: 0.40, do: configure-off}]'],
    ['actions', PATHS, 'actions=[{at: 1s, do: rescan}]'],
    ['machine.chpids', OPEN, 'occupancy: { exponential: 500us } => occupancy: 500us'],
    ['workload', OPEN, 'workload.load.ratePerVolume=100/s'],
    ['machine.dasd', OPEN, 'workload.load.ratePerVolume=14/s'],
    ['workload.load.skew', OPEN, 'workload.load.skew={volumes: {zipf: 0.5}}'],
    ['workload.load.shape', OPEN, 'workload.load.shape={day: [[0s, 1], [1h, 2]]}'],
    ['workload', VOLUME, 'workload.load.ratePerVolume=2001/s'],
    ['machine.controlUnits.lcu0 and machine.chpids', VOLUME, 'perCcw: 0s => perCcw: 1us'],
    ['machine.chpids', VOLUME, 'perCcw: 0s => perCcw: 0s, maxOpen: 3'],
    [
      'machine.controlUnits.lcu0.maxConcurrentPerPort',
      VOLUME,
      'machine.controlUnits.lcu0.maxConcurrentPerPort=3',
    ],
    ['machine.dasd', VOLUME, 'machine.dasd={0.0.1000: {}, 0.0.1010: {aliasOf: any}}'],
    ['machine.chpids.0.41.configured', PATHS, 'maxOpen: 1, => configured: false, maxOpen: 1,'],
    ['systems.lpar1.chpids', PATHS, 'systems.lpar1.chpids=[0.40]'],
    ['machine.controlUnits.lcu0.nonPreferred', PATHS, 'machine.controlUnits.lcu0.nonPreferred=[0.41]'],
    ['machine.dasd', PATHS, '"0.0.1000-0.0.1007": {} => "0.0.1000-0.0.1007": { pam: 80 }'],
    ['machine.dasd', PATHS, '"0.0.1000-0.0.1007": {} => "0.0.1000-0.0.1007": { format: unformatted }'],
    ['systems.lpar1.dasdOptions.expires', VOLUME, 'systems.lpar1.dasdOptions.expires=9ms'],
    ['machine.dasd', SLOW, 'missingInterrupt: 0s => missingInterrupt: 30s'],
  ])('%s is in the way', (key, text, change) => {
    expect(theoryOfText(text).solution).toBeDefined();
    const [from, to] = change.split(' => ');
    const keys = to === undefined ? keysOf(text, [change]) : keysOf(text.replace(from, to));
    expect(keys).toContain(key);
  });

  it('says everything that is in the way at once', () => {
    const keys = keysOf(PATHS, [
      'machine.costs.ssch=1us',
      'workload.load.until=10s',
      'faults=[{at: 1s, chpid: 0.40, do: configure-off}]',
    ]);
    expect(keys).toEqual(['faults', 'machine.costs.ssch', 'workload.load.until']);
  });

  it('a scenario of three lines is far from theory', () => {
    expect(keysOf('duration: 1s\n')).toContain('workload');
  });
});
