import { describe, expect, it } from 'vitest';
import { CIO, PE } from '../../../src/linux/ccw-driver.ts';
import { MESSAGE, STOPPED } from '../../../src/linux/dasd/definitions.ts';
import { E } from '../../../src/linux/errno.ts';
import { OUTCOME } from '../../../src/observe/block-request.ts';
import { Bench, onlineDevice } from './dasd-bench.ts';
import { type FakeDevice, unitCheck } from './fake-device.ts';

function event(bench: Bench, fake: FakeDevice, byPath: Record<number, number>): void {
  const events = new Uint8Array(8);
  for (const [path, bits] of Object.entries(byPath)) events[Number(path)] = bits;
  bench.driver.pathEvent(fake, events);
}

const commands = (fake: FakeDevice, command: string): number =>
  fake.starts.filter((start) => start.split(' ')[0] === command).length;

describe('path events', () => {
  it('take a path out of use at once and verify it with one RCD when it returns', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xf0 });
    const { paths } = bench.dasd(fake);
    event(bench, fake, { 1: PE.PATH_GONE });
    expect(paths.opm).toBe(0xb0);
    event(bench, fake, { 1: PE.PATH_AVAILABLE });
    expect(paths.opm).toBe(0xb0);
    bench.run(1);
    expect(paths).toMatchObject({ opm: 0xf0, tbvpm: 0 });
    expect(fake.starts).toEqual(['fa']);
    expect(fake.startPaths).toEqual([0x40]);
  });

  it('need one RCD and one PSF per device when the path group had to be established again', () => {
    const bench = new Bench();
    const fakes = [0, 1, 2].map(() => onlineDevice(bench, { paths: 0xf0 }));
    for (const fake of fakes) {
      fake.starts.length = 0;
      event(bench, fake, { 0: PE.PATH_GONE });
      event(bench, fake, { 0: PE.PATH_AVAILABLE | PE.PATHGROUP_ESTABLISHED });
    }
    const before = fakes.map((fake) => fake.reprobes);
    bench.run(1);
    for (const fake of fakes) expect([...fake.starts].sort()).toEqual(['27', 'fa']);
    expect(fakes.map((fake) => fake.reprobes)).toEqual(before.map((count) => count + 1));
  });

  it('verify several paths from left to right', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xf0 });
    event(bench, fake, { 3: PE.PATH_AVAILABLE, 0: PE.PATH_AVAILABLE, 2: PE.PATH_AVAILABLE });
    bench.run(1);
    expect(fake.startPaths).toEqual([0x80, 0x20, 0x10]);
    expect(bench.dasd(fake).paths.opm).toBe(0xf0);
  });

  it('interrupt the running request for the verification, which costs it no retry', () => {
    const bench = new Bench({ tunables: { retries: 1 } });
    const fake = onlineDevice(bench, { paths: 0xc0, latencyNs: 1_000_000 });
    const request = bench.request(fake, 100);
    bench.run(0.0005);
    event(bench, fake, { 1: PE.PATH_AVAILABLE });
    bench.run(1);
    expect(fake.clears).toHaveLength(1);
    expect(fake.starts).toEqual(['63 47 86', 'fa', '63 47 86']);
    expect(request).toMatchObject({ outcome: OUTCOME.COMPLETED, retries: 1 });
    expect(bench.count('io.killed')).toBe(1);
  });

  it('leave out a path that leads to another device', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xc0 });
    event(bench, fake, { 1: PE.PATH_GONE });
    fake.serialOnPath.set(0x40, 7);
    event(bench, fake, { 1: PE.PATH_AVAILABLE });
    bench.run(1);
    // The identity is read again on the known path before the new one is refused.
    expect(fake.startPaths).toEqual([0x40, 0x80]);
    expect(bench.messages()).toContain(MESSAGE.NEW_PATH_CABLING);
    expect(bench.dasd(fake).paths).toMatchObject({ opm: 0x80, cablepm: 0 });
  });

  it('remember the wrong path when a right one follows in the same round', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xe0 });
    event(bench, fake, { 1: PE.PATH_GONE, 2: PE.PATH_GONE });
    fake.serialOnPath.set(0x40, 7);
    event(bench, fake, { 1: PE.PATH_AVAILABLE, 2: PE.PATH_AVAILABLE });
    bench.run(1);
    expect(bench.dasd(fake).paths).toMatchObject({ opm: 0xa0, cablepm: 0x40 });
  });

  it('skip a path on which the data cannot be read in five tries', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xc0 });
    fake.onPath.set(0x40, unitCheck({ 0: 0x10, 27: 0x80 }));
    event(bench, fake, { 1: PE.PATH_AVAILABLE });
    bench.run(1);
    expect(commands(fake, 'fa')).toBe(5);
    expect(bench.messages()).toContain(MESSAGE.NEW_PATH_FAILED);
    expect(bench.dasd(fake).paths.opm).toBe(0x80);
  });

  it('stop a device whose last path was varied off; its requests wait until one returns', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0x80 });
    event(bench, fake, { 0: PE.PATH_GONE });
    const device = bench.dasd(fake);
    expect(device.stopped).toBe(STOPPED.DC_WAIT);
    expect(bench.messages()).toEqual([MESSAGE.NO_VERIFIED_PATH]);
    const request = bench.request(fake, 100);
    bench.run(10);
    expect(request.outcome).toBe(OUTCOME.IN_FLIGHT);
    event(bench, fake, { 0: PE.PATH_AVAILABLE });
    bench.run(1);
    expect(fake.starts).toEqual(['fa', '63 47 86']);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
    expect(bench.messages()).toContain(MESSAGE.PATH_OPERATIONAL);
  });

  it('have the security of the links read anew when it has changed', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xc0 });
    const before = fake.securityReads;
    event(bench, fake, { 0: PE.PATH_FCES_EVENT, 1: PE.PATH_FCES_EVENT });
    bench.run(1);
    expect(fake.securityReads).toBe(before + 1);
    expect(fake.starts).toEqual([]);
  });

  it('bring paths that were disabled for errors back when no other is left', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xc0 });
    const { paths } = bench.dasd(fake);
    paths.disable(0);
    event(bench, fake, { 1: PE.PATH_GONE });
    bench.run(1);
    expect(fake.startPaths).toEqual([0x80]);
    expect(paths).toMatchObject({ opm: 0x80, ifccpm: 0 });
    expect(bench.dasd(fake).stopped).toBe(0);
  });
});

describe('notifications', () => {
  it.each([CIO.GONE, CIO.NO_PATH, CIO.BOXED])('%i requeues what runs and keeps the device', (kind) => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xc0, latencyNs: 1_000_000 });
    const request = bench.request(fake, 100);
    bench.run(0.0005);
    expect(bench.driver.notify(fake, kind)).toBe(true);
    expect(bench.dasd(fake).stopped).toBe(STOPPED.DC_WAIT);
    expect(bench.messages()).toEqual([MESSAGE.LAST_PATH_GONE]);
    expect(bench.count('io.killed')).toBe(1);
    bench.run(1);
    expect(request.outcome).toBe(OUTCOME.IN_FLIGHT);
    expect(bench.driver.notify(fake, CIO.OPER)).toBe(true);
    event(bench, fake, { 0: PE.PATH_AVAILABLE, 1: PE.PATH_AVAILABLE });
    bench.run(1);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
    expect(bench.dasd(fake).paths.opm).toBe(0xc0);
  });

  it('of a device that is not in use are not answered for', () => {
    const bench = new Bench();
    const fake = bench.add({});
    expect(bench.driver.notify(fake, CIO.GONE)).toBe(false);
  });

  it('fail requests at once where failfast is set', () => {
    const bench = new Bench({ tunables: { failfast: true } });
    const fake = onlineDevice(bench);
    bench.driver.notify(fake, CIO.NO_PATH);
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(request.outcome).toBe(OUTCOME.FAILED);
  });
});

describe('starts without a path', () => {
  it('are tried on all known paths, then wait for one', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xc0 });
    const { paths } = bench.dasd(fake);
    paths.ppm = 0x80;
    fake.refusals.push(E.ACCES, E.ACCES);
    const request = bench.request(fake, 100);
    bench.run(1);
    // The subchannel still had both paths, so both were verified; the first good one let the request go on.
    expect(fake.starts).toEqual(['fa', '63 47 86', 'fa']);
    expect(bench.messages()).toEqual([MESSAGE.LAST_PATH_GONE, MESSAGE.PATH_OPERATIONAL]);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
    expect(paths.opm).toBe(0xc0);
  });
});

describe('reservations', () => {
  const LOST = unitCheck({ 7: 0x3f, 27: 0x80 });

  it('lost to another system are reported', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    const device = bench.dasd(fake);
    bench.perform((self) => bench.driver.reserve(self, device));
    fake.script.push(LOST);
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(device).toMatchObject({ isReserved: false, reservationState: 'lost', lockStolen: false });
    expect(bench.messages()).toContain(MESSAGE.RESERVATION_LOST);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
  });

  it('lost under the policy "fail" end all use of the device, before anything is started', () => {
    const bench = new Bench({ tunables: { reservationPolicy: 'fail' } });
    const fake = onlineDevice(bench);
    const device = bench.dasd(fake);
    bench.perform((self) => bench.driver.reserve(self, device));
    fake.script.push(LOST);
    const first = bench.request(fake, 100);
    bench.run(1);
    const starts = fake.starts.length;
    const second = bench.request(fake, 200);
    bench.run(1);
    expect([first.outcome, second.outcome]).toEqual([OUTCOME.FAILED, OUTCOME.FAILED]);
    expect(fake.starts).toHaveLength(starts);
  });

  it('interrupt the running request', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { latencyNs: 1_000_000 });
    const request = bench.request(fake, 100);
    bench.run(0.0005);
    expect(bench.perform((self) => bench.driver.reserve(self, bench.dasd(fake)))).toBe(E.OK);
    expect(fake.starts).toEqual(['63 47 86', 'b4', '63 47 86']);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
  });

  it('that get no answer in two seconds are given up after three tries', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    for (let times = 0; times < 5; times++) fake.script.push({ silent: true });
    expect(bench.perform((self) => bench.driver.reserve(self, bench.dasd(fake)), 30)).toBe(E.IO);
    expect(fake.starts).toEqual(['b4']);
    expect(fake.clears).toHaveLength(1);
  });
});
