import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, hex, message, nop, PGID_A, PGID_B, Rig, SLI, snid, spid } from './rig.ts';

/*
 * Path groups and reservation of one device together (architecture reference B.9, B.10), held against rules about sets of
 * paths: a group is the set of its members, and a reservation the set of paths that may use the device.
 */

const HOSTS = 2;
const PORTS = 2;
const PATHS = [0, 1, 2, 3];
const NONE = '0'.repeat(22);
const hostOf = (path: number): number => Math.floor(path / PORTS);
const from = (path: number) => ({ host: hostOf(path), port: path % PORTS });

type Step =
  | { readonly do: 'establish' | 'disband' | 'resign'; readonly path: number; readonly pgid: string }
  | { readonly do: 'reserve' | 'release' | 'break' | 'nop' | 'reset'; readonly path: number };

/** Members of groups by id, each path's id, who holds the reservation, and what each path has not been told yet. */
class Rules {
  private readonly ids = new Map<number, string>();
  private readonly members = new Map<string, Set<number>>();
  private readonly left = new Set<number>();
  private readonly used = new Set<number>();
  private readonly notice = new Map<number, Set<'reset' | 'broken'>>();
  /** The path that reserved, while there is a reservation. */
  private holder: number | null = null;

  private groupOf(path: number): ReadonlySet<number> {
    const id = this.ids.get(path);
    const group = id === undefined ? undefined : this.members.get(id);
    return group?.has(path) === true ? group : new Set([path]);
  }
  private get holders(): ReadonlySet<number> {
    return this.holder === null ? new Set() : this.groupOf(this.holder);
  }
  private owed(path: number): Set<'reset' | 'broken'> {
    const owed = this.notice.get(path) ?? new Set();
    this.notice.set(path, owed);
    return owed;
  }

  /** What a command gets: busy, a unit check that has waited, a rejection, or its end. */
  command(step: Step): 'busy' | 'told of reset' | 'told of break' | 'rejected' | 'done' {
    const { path } = step;
    const exempt = ['establish', 'disband', 'resign', 'break'].includes(step.do);
    const owed = this.owed(path);
    if (this.holder !== null && !this.holders.has(path) && !exempt && owed.size === 0) return 'busy';
    this.used.add(path);
    if (owed.delete('reset')) return 'told of reset';
    if (owed.delete('broken')) {
      for (const other of this.groupOf(path)) this.owed(other).delete('broken');
      return 'told of break';
    }
    return this.carryOut(step) ? 'done' : 'rejected';
  }

  private carryOut(step: Step): boolean {
    const { path } = step;
    switch (step.do) {
      case 'establish':
      case 'disband':
      case 'resign':
        if ((this.ids.get(path) ?? step.pgid) !== step.pgid) return false;
        this.ids.set(path, step.pgid);
        if (step.do === 'establish') this.join(path, step.pgid);
        else this.leave(path, step.do, step.pgid);
        return true;
      case 'reserve':
        if (!this.holders.has(path)) this.holder = path;
        return true;
      case 'release':
        if (this.holders.has(path)) this.holder = null;
        return true;
      case 'break':
        if (this.holders.has(path)) return true;
        for (const loser of this.holders) this.owed(loser).add('broken');
        this.holder = path;
        return true;
      default:
        return true;
    }
  }

  private join(path: number, id: string): void {
    const group = this.members.get(id) ?? new Set();
    this.members.set(id, group.add(path));
    this.left.delete(path);
  }

  /** Of a group that is disbanded the path that says so keeps the reservation; of one that a path resigns from, the rest. */
  private leave(path: number, how: 'disband' | 'resign', id: string): void {
    const group = this.members.get(id) ?? new Set<number>();
    const rest = [...group].filter((other) => other !== path);
    const inGroup = group.has(path);
    if (inGroup && this.holders.has(path)) {
      if (how === 'disband') this.holder = path;
      else if (this.holder === path && rest.length > 0) this.holder = Math.min(...rest);
    }
    for (const gone of how === 'disband' ? [path, ...rest] : [path]) {
      group.delete(gone);
      this.left.add(gone);
    }
  }

  reset(path: number): void {
    const rest = [...this.groupOf(path)].filter((other) => other !== path);
    if (this.holder === path) this.holder = rest.length > 0 ? Math.min(...rest) : null;
    for (const group of this.members.values()) group.delete(path);
    this.ids.delete(path);
    this.left.delete(path);
    this.owed(path).clear();
    if (this.used.has(path)) this.owed(path).add('reset');
  }

  /** State byte and id, as SENSE PATH GROUP ID gives them on a path to which nothing is owed; null where something is. */
  record(path: number): string | null {
    if (this.owed(path).size > 0) return null;
    const id = this.ids.get(path);
    const inGroup = id !== undefined && this.members.get(id)?.has(path) === true;
    const state = inGroup ? 0xc8 : this.left.has(path) ? 0x80 : 0x00;
    const reserved = this.holder === null ? 0x00 : this.holders.has(path) ? 0x30 : 0x20;
    this.used.add(path);
    return ((state | reserved) & 0xff).toString(16).padStart(2, '0') + (id ?? NONE);
  }
}

const ORDER = { establish: 0x80, disband: 0xa0, resign: 0xc0 };

function send(rig: Rig, step: Step): string {
  const { path } = step;
  if (step.do === 'reset') throw new Error('a reset is no command');
  const ccw =
    step.do === 'establish' || step.do === 'disband' || step.do === 'resign'
      ? spid(ORDER[step.do], step.pgid)
      : step.do === 'nop'
        ? nop()
        : answer(step.do === 'break' ? 'unconditional_reserve' : step.do, 32, SLI);
  const done = rig.start(from(path), ccw);
  if (done.initial === 0x10) return 'busy';
  expect(done.initial).toBe(0);
  const told: Record<number, string> = {
    [-1]: 'done',
    4: 'rejected',
    8: 'told of reset',
    63: 'told of break',
  };
  return told[message(done)];
}

function sensed(rig: Rig, path: number): string {
  const read = snid();
  expect(message(rig.start(from(path), read))).toBe(-1);
  return hex(read.data!);
}

const path = fc.constantFrom(...PATHS);
/** Mostly each host's own id; sometimes the other's, which makes one group of both. */
const grouping = fc
  .record({
    do: fc.constantFrom<'establish' | 'disband' | 'resign'>('establish', 'establish', 'disband', 'resign'),
    path,
    own: fc.nat(7),
  })
  .map(({ own, path, ...kind }): Step => {
    const isOwn = own > 0;
    return { ...kind, path, pgid: (hostOf(path) === 0) === isOwn ? PGID_A : PGID_B };
  });
const other = fc.record({
  do: fc.constantFrom<'reserve' | 'release' | 'break' | 'nop' | 'reset'>(
    'reserve',
    'reserve',
    'release',
    'break',
    'nop',
    'reset',
  ),
  path,
});

describe('a device that two hosts share', () => {
  it('is grouped, reserved, taken over and reset as the rules about sets say', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof<fc.Arbitrary<Step>[]>(grouping, other), { maxLength: 30 }), (steps) => {
        const rig = new Rig({ hosts: HOSTS, ports: PORTS });
        const rules = new Rules();
        for (const step of steps) {
          if (step.do === 'reset') {
            rig.unit.systemReset(hostOf(step.path), step.path % PORTS);
            rules.reset(step.path);
          } else expect(send(rig, step), JSON.stringify(step)).toBe(rules.command(step));
          for (const each of PATHS) {
            const record = rules.record(each);
            if (record !== null) expect(sensed(rig, each)).toBe(record);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is free after all paths of its owner were reset, and only then', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1], { minLength: 1, maxLength: 2 }),
        fc.boolean(),
        (resets, grouped) => {
          const rig = new Rig({ hosts: HOSTS, ports: PORTS });
          if (grouped) for (const port of [0, 1]) rig.start({ port }, spid(0x80, PGID_A));
          rig.start({ port: 0 }, answer('reserve', 32, SLI));
          for (const port of resets) rig.unit.systemReset(0, port);
          const isFree = grouped ? resets.length === 2 : resets.includes(0);
          expect(rig.unit.device(0)!.reservation.held).toBe(!isFree);
        },
      ),
    );
  });
});
