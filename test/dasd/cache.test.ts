import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HitRatioCache, LruTrackCache } from '../../src/dasd/cache.ts';
import { MAX_RECORD_BYTES } from '../../src/dasd/geometry.ts';
import { BenchExchange, blocks, defineExtent, locate, program, READ_ONLY, Rig } from './rig.ts';

describe('a cache with a hit ratio', () => {
  it('is decided by the draw that the request carries', () => {
    const cache = new HitRatioCache(0.88);
    expect([0, 0.87, 0.88, 0.99].map((draw) => cache.access(0, 0, true, draw))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a track cache', () => {
  it('has a slot for every full track that its storage holds', () => {
    expect(new LruTrackCache(64 * 1_048_576).capacity).toBe(1_184);
  });

  it('gives up the track that was not used for longest', () => {
    const cache = new LruTrackCache(3 * MAX_RECORD_BYTES);
    for (const track of [1, 2, 3]) cache.access(0, track, true);
    expect(cache.access(0, 1, true)).toBe(true);
    expect(cache.access(0, 4, true)).toBe(false);
    expect(cache.access(0, 2, false)).toBe(false);
    expect([1, 3, 4].every((track) => cache.access(0, track, false))).toBe(true);
  });

  it('behaves like a list of the last used tracks', () => {
    const access = fc.record({ device: fc.nat(2), track: fc.nat(12), load: fc.boolean() });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(access, { maxLength: 200 }),
        (capacity, accesses) => {
          const cache = new LruTrackCache(capacity * MAX_RECORD_BYTES);
          const list: string[] = [];
          for (const { device, track, load } of accesses) {
            const name = `${device}/${track}`;
            const at = list.indexOf(name);
            expect(cache.access(device, track, load)).toBe(at >= 0);
            if (at >= 0) list.splice(at, 1);
            if (at >= 0 || load) list.unshift(name);
            list.length = Math.min(list.length, capacity);
          }
        },
      ),
    );
  });
});

describe('the times of a program', () => {
  const read = (track: number, record: number, count: number, cacheUse = 0) =>
    program(
      defineExtent(0, 100, READ_ONLY, cacheUse),
      locate({ operation: 6, track, record, count }),
      ...Array.from({ length: count }, () => blocks('read_mt', [0])),
    );
  const plan = (
    rig: Rig,
    channelProgram: ReturnType<typeof program>,
  ): [connect: number, disconnect: number] => {
    const exchange = new BenchExchange(0, 0, 0, channelProgram);
    expect(rig.unit.initialSelection(exchange)).toBe(0);
    rig.unit.execute(exchange);
    expect(exchange.dstat).toBe(0x0c);
    return [exchange.connectNs, exchange.disconnectNs];
  };
  const lru = (): Rig => new Rig({ cache: { kind: 'lru', bytes: 10 * MAX_RECORD_BYTES } });

  it('contain the staging of a track that is not held, once', () => {
    const rig = lru();
    expect(plan(rig, read(5, 1, 1))).toEqual([120_000, 400_000]);
    expect(plan(rig, read(5, 7, 3))).toEqual([120_000, 0]);
  });

  it('contain it when any of the tracks of a request is missing', () => {
    const rig = lru();
    plan(rig, read(5, 1, 1));
    expect(plan(rig, read(5, 12, 2))).toEqual([120_000, 400_000]);
    expect(plan(rig, read(6, 1, 1))).toEqual([120_000, 0]);
  });

  it('always contain it when the cache is bypassed, and nothing is staged', () => {
    const rig = lru();
    const BYPASS = 0x04;
    expect(plan(rig, read(5, 1, 1, BYPASS))).toEqual([120_000, 400_000]);
    expect(plan(rig, read(5, 1, 1))).toEqual([120_000, 400_000]);
  });

  it('of a write are those of non-volatile storage', () => {
    const write = () =>
      program(
        defineExtent(0, 100),
        locate({ operation: 1, track: 5, record: 1, count: 1 }),
        blocks('write_mt', [7]),
      );
    expect(plan(new Rig({ cache: { kind: 'hit-ratio', hitRatio: 0 } }), write())).toEqual([200_000, 0]);
    expect(plan(new Rig({ facilityOverrides: { fastWrite: false } }), write())).toEqual([200_000, 400_000]);
  });

  it('count the bytes that move each way', () => {
    const exchange = new BenchExchange(0, 0, 0, read(5, 1, 2));
    new Rig().unit.initialSelection(exchange);
    expect([exchange.readBytes, exchange.writeBytes]).toEqual([8_192, 32]);
  });
});
