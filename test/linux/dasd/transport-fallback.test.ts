import { describe, expect, it } from 'vitest';
import { PE } from '../../../src/linux/ccw-driver.ts';
import { MESSAGE } from '../../../src/linux/dasd/definitions.ts';
import { OUTCOME } from '../../../src/observe/block-request.ts';
import { CSTAT, SESQ } from '../../../src/zarch/scsw.ts';
import { Bench, onlineDevice } from './dasd-bench.ts';
import type { Answer, FakeDevice, FakeOptions } from './fake-device.ts';

/* A device in transport mode whose paths, or who itself, know it no longer (reference linux 5.8). */

const refusal = (sesq: number, cstat: number = CSTAT.PROGRAM_CHECK): Answer => ({ dstat: 0, cstat, sesq });
const PATH = refusal(SESQ.PATH_NOT_CAPABLE);
const DEVICE = refusal(SESQ.DEVICE_NOT_CAPABLE);
/** The one block in transport mode, and in command mode. */
const TRANSPORT = 'ea 86';
const COMMAND = '63 47 86';

function inTransportMode(bench: Bench, options: FakeOptions): FakeDevice {
  const fake = onlineDevice(bench, options);
  Object.assign(bench.dasd(fake).volume, { transportBytes: 0x100000, transportTracks: true });
  return fake;
}

const event = (bench: Bench, fake: FakeDevice, events: readonly number[]): void =>
  bench.driver.pathEvent(
    fake,
    Uint8Array.from({ length: 8 }, (_, path) => events[path] ?? 0),
  );

describe('transport mode that is refused', () => {
  it('by the device is given up, and everything is built anew', () => {
    const bench = new Bench();
    const fake = inTransportMode(bench, { paths: 0xc0 });
    fake.script.push(DEVICE);
    const requests = [100, 200, 300].map((block) => bench.request(fake, block));
    bench.run(1);
    expect(fake.starts.map(modeOf)).toEqual(['transport', 'command', 'command', 'command']);
    expect(bench.done).toEqual(requests);
    expect(requests.map(({ outcome }) => outcome)).toEqual(requests.map(() => OUTCOME.COMPLETED));
    expect(bench.messages()).toEqual([MESSAGE.TRANSPORT_DISABLED]);
    expect(bench.dasd(fake)).toMatchObject({ stopped: 0, built: 0, paths: { opm: 0xc0, hpfpm: 0 } });
  });

  it('by one of the paths takes that path out of use', () => {
    const bench = new Bench();
    const fake = inTransportMode(bench, { paths: 0xc0 });
    fake.script.push(PATH);
    bench.dasd(fake).paths.ppm = 0x80;
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
    expect(fake.startPaths).toEqual([0x80, 0x40]);
    expect(fake.starts.map(modeOf)).toEqual(['transport', 'transport']);
    expect(bench.dasd(fake).paths).toMatchObject({ opm: 0x40, hpfpm: 0x80 });
    expect(bench.messages()).toEqual([MESSAGE.TRANSPORT_PATH_DISABLED]);
  });

  it('by one path after the other is given up with the last, and all are used again', () => {
    const bench = new Bench();
    const fake = inTransportMode(bench, { paths: 0xc0 });
    fake.script.push(PATH, PATH);
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
    expect(bench.messages()).toEqual([MESSAGE.TRANSPORT_PATH_DISABLED, MESSAGE.TRANSPORT_DISABLED]);
    expect(bench.dasd(fake).paths).toMatchObject({ opm: 0xc0, tbvpm: 0, hpfpm: 0 });
    expect(fake.starts.filter((start) => start === 'fa')).toHaveLength(1);
  });

  it.each([
    ['a data check', refusal(SESQ.PATH_NOT_CAPABLE, CSTAT.CHANNEL_DATA_CHECK), true],
    ['an interface-control check', refusal(SESQ.PATH_NOT_CAPABLE, CSTAT.INTERFACE_CONTROL_CHECK), true],
    ['a chaining check, which has no qualifier', refusal(SESQ.PATH_NOT_CAPABLE, CSTAT.CHAINING_CHECK), false],
    ['another qualifier', refusal(7), false],
  ])('is known by %s', (_what, answer, given) => {
    const bench = new Bench();
    const fake = inTransportMode(bench, { paths: 0x80 });
    fake.script.push(answer);
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
    expect(bench.dasd(fake).volume.transportBytes === 0).toBe(given);
  });

  it('writes what it had to write, once', () => {
    const bench = new Bench();
    const fake = inTransportMode(bench, { paths: 0x80 });
    fake.script.push(DEVICE);
    const requests = [100, 103].map((block) => bench.request(fake, block, 2, true));
    bench.run(1);
    const written = [100, 101, 103, 104].map((block) => fake.blocks.get(block));
    expect(written).toEqual(requests.flatMap(({ versions }) => [...versions].slice(0, 2)));
  });

  it('is given up when the last good path goes, for those that are out of use', () => {
    const bench = new Bench();
    const fake = inTransportMode(bench, { paths: 0xc0, latencyNs: 1_000_000 });
    const request = bench.request(fake, 100);
    bench.run(0.0005);
    const { paths } = bench.dasd(fake);
    paths.hpfpm = 0x40;
    paths.opm = 0x80;
    // The running request is taken back: its path is gone, and the other one is there for command mode only.
    event(bench, fake, [PE.PATH_GONE]);
    bench.run(1);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
    expect(fake.clears.length).toBeGreaterThan(0);
    expect(modeOf(fake.starts.at(-1)!)).toBe('command');
    expect(paths).toMatchObject({ opm: 0x40, hpfpm: 0 });
    expect(bench.messages()).toContain(MESSAGE.TRANSPORT_DISABLED);
    expect(bench.messages()).not.toContain(MESSAGE.NO_VERIFIED_PATH);
  });
});

/** PREFIX for reading is there in transport mode only; control commands are of neither kind here. */
const modeOf = (start: string): string =>
  start.startsWith(TRANSPORT.slice(0, 2)) ? 'transport' : start === COMMAND ? 'command' : start;
