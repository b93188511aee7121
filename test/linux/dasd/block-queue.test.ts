import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PE } from '../../../src/linux/ccw-driver.ts';
import { E } from '../../../src/linux/errno.ts';
import { OUTCOME } from '../../../src/observe/block-request.ts';
import { Bench, onlineDevice } from './dasd-bench.ts';

const PREFIX_AND_TRACKS = { 8: 0x01, 9: 0x20, 12: 0x40 };

describe('block requests', () => {
  it('are started one after the other in the order of arrival', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    const requests = [100, 200, 300, 400, 500, 600].map((block) => bench.request(fake, block));
    bench.run(1);
    expect(bench.done).toEqual(requests);
    expect(fake.starts).toHaveLength(6);
    expect(requests.every((request) => request.outcome === OUTCOME.COMPLETED)).toBe(true);
    expect(bench.count('io.started')).toBe(6);
    expect(bench.count('io.completed')).toBe(6);
  });

  it('cost a processor before the start on an idle device, and in the handler on a busy one', () => {
    const bench = new Bench({ driverPathNs: 10_000 });
    const fake = onlineDevice(bench, { latencyNs: 100_000 });
    const busyBefore = bench.cpus.busyNs;
    const first = bench.request(fake, 100);
    const second = bench.request(fake, 200);
    bench.run(1);
    expect(first).toMatchObject({ iosqNs: 10_000, retries: 0, lpum: 0x80, chpid: 0x40 });
    expect(second.iosqNs).toBe(110_000);
    expect(second.responseNs).toBe(210_000);
    expect(bench.cpus.busyNs - busyBefore).toBe(20_000);
  });

  it('carry the version of each block to the device and back', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { features: PREFIX_AND_TRACKS });
    const write = bench.request(fake, 1000, 20, true);
    const again = bench.request(fake, 1005, 1, true);
    const read = bench.request(fake, 1000, 20);
    bench.run(1);
    expect(again.versions[0]).toBeGreaterThan(write.versions[19]);
    const expected = [...write.versions];
    expected[5] = again.versions[0];
    expect([...read.versions]).toEqual(expected);
  });

  it('above 190 blocks become several programs and end once', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { features: PREFIX_AND_TRACKS });
    const write = bench.request(fake, 600, 400, true);
    const read = bench.request(fake, 600, 400);
    bench.run(1);
    expect(fake.starts).toHaveLength(6);
    expect(bench.done).toEqual([write, read]);
    expect([...read.versions]).toEqual([...write.versions]);
    expect(bench.count('io.completed')).toBe(2);
  });

  it('reuse what earlier ones have built', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    bench.request(fake, 100);
    bench.run(1);
    const device = bench.dasd(fake);
    const before = device.shared.takeBlockRequest();
    device.shared.giveBackBlockRequest(before);
    bench.request(fake, 200);
    bench.run(1);
    expect(device.shared.takeBlockRequest()).toBe(before);
  });

  it('prefer the preferred paths', () => {
    const bench = new Bench();
    const fake = bench.add({ paths: 0xf0, unitType: 1 });
    fake.preferred.set(0x40, 3).set(0x10, 3).set(0x80, 2);
    bench.setOnline(fake);
    bench.request(fake, 100);
    bench.run(1);
    expect(fake.startPaths.at(-1)).toBe(0x50);
    expect(bench.dasd(fake).paths).toMatchObject({ opm: 0xf0, ppm: 0x50, nppm: 0x80 });
  });

  it('wait half a second when the start is not accepted, and pay with a retry', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    fake.refusals.push(E.BUSY, E.BUSY);
    const request = bench.request(fake, 100);
    bench.run(2);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
    expect(request.iosqNs).toBe(1_000_000_000 + bench.driverPathNs);
    expect(request.retries).toBe(0);
  });

  it('are failed on a device that is not online, without starting anything', () => {
    const bench = new Bench();
    const fake = bench.add({});
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(request.outcome).toBe(OUTCOME.FAILED);
    expect(bench.count('io.failed')).toBe(1);
    expect(fake.starts).toEqual([]);
  });

  it('in progress are terminated and failed when the device goes offline', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { latencyNs: 1_000_000 });
    for (let block = 0; block < 9; block++) bench.request(fake, 100 + 20 * block, 1);
    bench.run(0.0005);
    expect(bench.perform((self) => bench.driver.setOffline(self, fake))).toBe(E.OK);
    expect(fake.clears).toHaveLength(1);
    expect(bench.done).toHaveLength(9);
    expect(bench.count('io.failed')).toBe(9);
  });

  it('each end exactly once, whatever interrupts them', () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('submit' as const),
        block: fc.nat(1000),
        count: fc.integer({ min: 1, max: 400 }),
      }),
      fc.record({ do: fc.constant('refuse' as const), rc: fc.constantFrom(E.BUSY, E.ACCES, E.IO) }),
      fc.record({ do: fc.constant('check' as const) }),
      fc.record({ do: fc.constant('kill' as const) }),
      fc.record({ do: fc.constant('silence' as const) }),
      fc.record({ do: fc.constant('path' as const), event: fc.constantFrom(1, 2, 4, 6) }),
      fc.record({ do: fc.constant('wait' as const), us: fc.nat(3000) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const bench = new Bench();
        const fake = onlineDevice(bench, { paths: 0xc0, features: PREFIX_AND_TRACKS });
        let submitted = 0;
        for (const step of steps) {
          switch (step.do) {
            case 'submit':
              submitted++;
              bench.request(fake, step.block, step.count, step.block % 2 === 0);
              break;
            case 'refuse':
              fake.refusals.push(step.rc);
              break;
            case 'check':
              fake.script.push({ dstat: 0, cstat: 2 });
              break;
            case 'kill':
              fake.script.push({ error: E.IO });
              break;
            case 'silence':
              fake.script.push({ silent: true });
              break;
            case 'path': {
              const events = new Uint8Array(8);
              events[1] = step.event;
              bench.driver.pathEvent(fake, events);
              break;
            }
            case 'wait':
              bench.run(step.us / 1e6);
          }
        }
        bench.run(40_000);
        // A device whose last path could not be verified waits for ever, unless a path returns.
        fake.script.length = 0;
        fake.refusals.length = 0;
        bench.driver.pathEvent(fake, Uint8Array.of(PE.PATH_AVAILABLE, PE.PATH_AVAILABLE, 0, 0, 0, 0, 0, 0));
        bench.run(40_000);
        expect(bench.done).toHaveLength(submitted);
        expect(bench.count('io.completed') + bench.count('io.failed')).toBe(submitted);
        expect(bench.dasd(fake).block?.length ?? 0).toBe(0);
        expect(bench.dasd(fake).queue).toBeNull();
      }),
    );
  });
});
