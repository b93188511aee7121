import { describe, expect, it } from 'vitest';
import { count, simulated } from './scenario.ts';

/** N volumes on each of two control units of P paths each, the last of which is managed and at the first in the beginning. */
function twoUnits(volumes: number, paths: number): string {
  const own = (first: number): string =>
    Array.from({ length: paths - 1 }, (_, at) => `0.${(first + at).toString(16)}`).join(', ');
  const range = (first: number): string =>
    `"0.0.${first.toString(16)}-0.0.${(first + volumes - 1).toString(16)}"`;
  return `
duration: 30s
machine:
  crwQueueDepth: 1000
  chpids: { "0.40-0.47": {}, "0.50-0.57": {}, 0.60: { managed: true } }
  controlUnits:
    lcu0: { paths: [${own(0x40)}, 0.60] }
    lcu1: { paths: [${own(0x50)}, 0.60] }
  dasd:
    ${range(0x1000)}: { controlUnit: lcu0 }
    ${range(0x2000)}: { controlUnit: lcu1 }
`;
}
const LOAD = 'workload: { oltp: { volumes: all, arrivals: poisson, ratePerVolume: 60/s, block: 4KiB } }\n';
const service = (cuir: boolean): string =>
  `faults: [{ at: 5s, name: service, do: service, controlUnit: lcu0, port: 0, for: 10s, cuir: ${cuir} }]
phases: { away: [5s, 15s] }
`;

describe('planned service', () => {
  for (const [volumes, paths] of [
    [1, 3],
    [5, 4],
    [12, 8],
  ]) {
    it(`meets no operation on the path, with ${volumes} volumes on ${paths} paths`, async () => {
      const run = await simulated(`seed: ${volumes}\n${twoUnits(volumes, paths)}${LOAD}${service(true)}`);
      expect(count(run, 'io.failed')).toBe(0);
      expect(count(run, 'machine.io_path_lost')).toBe(0);
      expect(count(run, 'machine.service_began')).toBe(1);
      // Asked and told on one device, however many there are; the running request is ended for a message at most.
      expect(count(run, 'machine.cuir_request')).toBe(2);
      expect(count(run, 'machine.cuir_answer')).toBe(2);
      expect(count(run, 'host.rssd', 'away')).toBe(2);
      expect(count(run, 'io.killed', 'away')).toBeLessThanOrEqual(2);
    });
  }

  it('is what unplanned service is not', async () => {
    const run = await simulated(`seed: 3\n${twoUnits(12, 3)}${LOAD}${service(false)}`);
    expect(count(run, 'io.failed')).toBe(0);
    expect(count(run, 'machine.io_path_lost')).toBeGreaterThan(0);
    expect(count(run, 'machine.cuir_request')).toBe(0);
  });

  it('does not take place where z/VM keeps attention from its guest', async () => {
    const run = await simulated(`${twoUnits(2, 3)}systems:
  vm: { kind: zvm-host }
  guest1: { kind: guest, on: vm, passthrough: "0.0.1000-0.0.1001" }
${service(true).replace('cuir: true', 'cuir: true, answer: 5s')}`);
    expect(count(run, 'machine.unsolicited')).toBeGreaterThan(0);
    expect(count(run, 'machine.service_refused')).toBe(1);
    expect(count(run, 'machine.service_began')).toBe(0);
  });
});

describe('a managed channel that moves', () => {
  const MOVE = 'faults: [{ at: 5s, name: move, do: move-channel, chpid: 0.60, to: lcu1 }]\n';

  for (const [volumes, paths] of [
    [1, 2],
    [7, 3],
    [42, 4],
  ]) {
    it(`is two events for each of ${volumes} devices with ${paths} paths`, async () => {
      const run = await simulated(twoUnits(volumes, paths) + MOVE);
      const [n, p] = [volumes, paths];
      // A report about a subchannel has two words, because Linux has enabled several subchannel sets.
      expect(count(run, 'machine.crw', 'move')).toBe(2 * 2 * n);
      expect(count(run, 'host.verify', 'move')).toBe(2 * n);
      expect(count(run, 'host.snid', 'move')).toBe(n * (p - 1) + n * p);
      expect(count(run, 'host.spid', 'move')).toBe(n);
      expect(count(run, 'machine.io_path_lost')).toBe(0);
    });
  }

  it('goes by itself to where the load is, and then stays', async () => {
    const skewed = LOAD.replace('volumes: all', 'volumes: "0.0.2000-0.0.2003"').replace('60/s', '400/s');
    const text = twoUnits(4, 2).replace(
      'machine:\n',
      'machine:\n  dcm: { mode: balance, interval: 2s, threshold: 0.01 }\n',
    );
    const run = await simulated(text + skewed);
    expect(count(run, 'machine.channel_path_moved')).toBe(1);
    expect(count(run, 'io.failed')).toBe(0);
  });
});
