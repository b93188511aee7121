import { describe, expect, it } from 'vitest';
import { CIO } from '../../../src/linux/ccw-driver.ts';
import { E } from '../../../src/linux/errno.ts';
import { OUTCOME } from '../../../src/observe/block-request.ts';
import type { ChannelProgram } from '../../../src/zarch/ccw.ts';
import { Bench } from './dasd-bench.ts';
import { type FakeDevice, INTERFACE_CHECK, unitCheck } from './fake-device.ts';

const BASE = 1;
const PAV = 2;
const HYPERPAV = 3;
const FEATURES = { 8: 0x01, 9: 0x20, 12: 0x40 };
const SERVICE_NS = 1e6;
/** After this the unit-address configuration has been read twice. */
const SETTLED_S = 31;

interface Lcu {
  readonly bench: Bench;
  readonly bases: readonly FakeDevice[];
  readonly aliases: readonly FakeDevice[];
  readonly units: Record<number, [number, number]>;
}

/** Bases 20 and 21, aliases 22 and up, all online and known. */
function lcu(aliases: readonly [number, number][], features: Record<number, number> = FEATURES): Lcu {
  const bench = new Bench({ driverPathNs: 0 });
  const units: Record<number, [number, number]> = { 32: [BASE, 0], 33: [BASE, 0] };
  for (const [at, unit] of aliases.entries()) units[0x22 + at] = unit;
  const add = (): FakeDevice => bench.add({ units, features, latencyNs: SERVICE_NS, paths: 0xc0 });
  const all = [add(), add(), ...aliases.map(add)];
  for (const fake of all) expect(bench.setOnline(fake)).toBe(E.OK);
  bench.run(SETTLED_S);
  for (const fake of all) fake.starts.length = 0;
  return { bench, units, bases: all.slice(0, 2), aliases: all.slice(2) };
}

/** Requests at once for a base, and how many of them each device starts. */
function shares({ bench, bases, aliases }: Lcu, requests: number, base = bases[0]): number[] {
  for (let at = 0; at < requests; at++) bench.request(base, 1000 + 20 * at);
  bench.run(1);
  const all = bench.done.splice(0);
  expect(all).toHaveLength(requests);
  expect(all.every(({ outcome }) => outcome === OUTCOME.COMPLETED)).toBe(true);
  return [base, ...aliases].map(({ starts }) => starts.splice(0).length);
}

describe('requests for a busy volume', () => {
  it('go to the aliases of its own, in turn', () => {
    const unit = lcu([
      [PAV, 0x20],
      [PAV, 0x20],
      [PAV, 0x21],
    ]);
    expect(shares(unit, 9)).toEqual([3, 3, 3, 0]);
    expect(shares(unit, 4, unit.bases[1])).toEqual([2, 0, 0, 2]);
  });

  it('go to the aliases of all, whatever the volume', () => {
    const unit = lcu([
      [HYPERPAV, 0],
      [HYPERPAV, 0],
    ]);
    expect(shares(unit, 9)).toEqual([3, 3, 3]);
    expect(shares(unit, 9, unit.bases[1])).toEqual([3, 3, 3]);
  });

  it('stay with it while it has nothing to do, and one at a time is asked for', () => {
    const unit = lcu([[HYPERPAV, 0]]);
    for (let at = 0; at < 5; at++) expect(shares(unit, 1)).toEqual([1, 0]);
  });

  it('stay with it where the control unit has no prefix', () => {
    expect(shares(lcu([[HYPERPAV, 0]], {}), 6)).toEqual([6, 0]);
  });

  it('stay with it as long as an alias is stopped', () => {
    const unit = lcu([[HYPERPAV, 0]]);
    unit.bench.driver.notify(unit.aliases[0], CIO.NO_PATH);
    unit.bench.run(1);
    expect(shares(unit, 6)).toEqual([6, 0]);
  });

  it.each([
    [PAV, 0xa0],
    [HYPERPAV, 0xb0],
  ])('name the base to an alias of type %i', (type, validity) => {
    const unit = lcu([[type, 0x20]]);
    const prefixes: number[][] = [];
    for (const fake of [unit.bases[0], unit.aliases[0]]) {
      const { start } = fake;
      fake.start = (program: ChannelProgram, ...more) => {
        const { data } = program.ccws[0];
        prefixes.push([fake.deviceNumber & 0xff, data![1], data![2]]);
        return start.call(fake, program, ...more);
      };
    }
    shares(unit, 2);
    expect(prefixes).toEqual([
      [0x20, 0x80, 0x20],
      [0x22, validity, 0x20],
    ]);
  });
});

describe('what goes wrong on an alias', () => {
  it.each([
    ['a check of the channel', INTERFACE_CHECK],
    ['a unit check', unitCheck({ 0: 0x10, 27: 0x80 })],
  ])('is repeated on the base: %s', (_what, answer) => {
    const unit = lcu([[PAV, 0x20]]);
    unit.aliases[0].script.push(answer);
    unit.bench.request(unit.bases[0], 1000);
    unit.bench.request(unit.bases[0], 2000);
    unit.bench.run(1);
    expect(unit.bench.done.map(({ outcome }) => outcome)).toEqual([OUTCOME.COMPLETED, OUTCOME.COMPLETED]);
    expect(unit.aliases[0].starts).toHaveLength(1);
    expect(unit.bases[0].starts).toEqual(['e7 a6', '03 e7 a6']);
    expect(unit.bench.dasd(unit.aliases[0]).built).toBe(0);
  });

  it('leaves its requests to the base when it has lost its paths', () => {
    const unit = lcu([[PAV, 0x20]]);
    for (let at = 0; at < 6; at++) unit.bench.request(unit.bases[0], 1000 + 20 * at);
    unit.bench.run(SERVICE_NS / 2e9);
    unit.bench.driver.notify(unit.aliases[0], CIO.NO_PATH);
    unit.bench.run(1);
    expect(unit.bench.done).toHaveLength(6);
    expect(unit.bases[0].starts).toHaveLength(6);
    expect(unit.aliases[0].starts).toHaveLength(1);
  });

  it('has it asked what it is when it stands for another base now', () => {
    const unit = lcu([[PAV, 0x20]]);
    const alias = unit.aliases[0];
    expect(shares(unit, 4)).toEqual([2, 2]);
    unit.units[0x22] = [PAV, 0x21];
    alias.script.push(unitCheck({ 0: 0x10, 7: 0x0f, 8: 0x67, 27: 0x80 }));
    expect(shares(unit, 2)[0]).toBe(2);
    unit.bench.run(SETTLED_S);
    alias.starts.length = 0;
    expect(unit.bench.dasd(alias).uid).toMatchObject({ type: PAV, baseUnitAddress: 0x21 });
    expect(shares(unit, 4)).toEqual([4, 0]);
    expect(shares(unit, 4, unit.bases[1])).toEqual([2, 2]);
  });
});
