import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathGroups } from '../../src/dasd/path-group.ts';
import { ccw, fromHex, hex, message, nop, PGID_A, PGID_B, Rig, snid, spid, status } from './rig.ts';

const ESTABLISH = 0x00;
const DISBAND = 0x20;
const RESIGN = 0x40;
const MULTIPATH = 0x80;

/** State byte and PGID as SENSE PATH GROUP ID tells them. */
function sensed(rig: Rig, port: number, host = 0): string {
  const read = snid();
  const done = rig.start({ host, port }, read);
  expect(status(done)).toBe('0c00 0');
  return hex(read.data!);
}
const NULL_PGID = '0'.repeat(22);

describe('a path group', () => {
  it('grows path by path, and a path that resigns keeps its PGID', () => {
    const rig = new Rig();
    expect(sensed(rig, 0)).toBe(`00${NULL_PGID}`);
    rig.start({ port: 0 }, spid(ESTABLISH | MULTIPATH, PGID_A));
    expect(sensed(rig, 0)).toBe(`c8${PGID_A}`);
    expect(sensed(rig, 1)).toBe(`00${NULL_PGID}`);
    rig.start({ port: 1 }, spid(ESTABLISH | MULTIPATH, PGID_A));
    rig.start({ port: 0 }, spid(RESIGN | MULTIPATH, PGID_A));
    expect(sensed(rig, 0)).toBe(`80${PGID_A}`);
    expect(sensed(rig, 1)).toBe(`c8${PGID_A}`);
  });

  it('ends on all of its paths when one disbands it, and other groups stay', () => {
    const rig = new Rig();
    for (const port of [0, 1]) {
      rig.start({ host: 0, port }, spid(ESTABLISH | MULTIPATH, PGID_A));
      rig.start({ host: 1, port }, spid(ESTABLISH, PGID_B));
    }
    rig.start({ port: 1 }, spid(DISBAND | MULTIPATH, PGID_A));
    expect(sensed(rig, 0)).toBe(`80${PGID_A}`);
    expect(sensed(rig, 1)).toBe(`80${PGID_A}`);
    expect(sensed(rig, 0, 1)).toBe(`c0${PGID_B}`);
  });

  it('has one mode', () => {
    const rig = new Rig();
    rig.start({ port: 0 }, spid(ESTABLISH | MULTIPATH, PGID_A));
    expect(message(rig.start({ port: 1 }, spid(ESTABLISH, PGID_A)))).toBe(4);
  });

  it('may change its mode while it has a single path', () => {
    const rig = new Rig();
    rig.start({ port: 0 }, spid(ESTABLISH, PGID_A));
    rig.start({ port: 0 }, spid(ESTABLISH | MULTIPATH, PGID_A));
    expect(sensed(rig, 0)).toBe(`c8${PGID_A}`);
  });

  it('without multipath mode is offered in single-path mode only', () => {
    const rig = new Rig({ facilityOverrides: { multipathMode: false } });
    expect(message(rig.start({}, spid(ESTABLISH | MULTIPATH, PGID_A)))).toBe(4);
    expect(message(rig.start({}, spid(ESTABLISH, PGID_A)))).toBe(-1);
  });

  it('leaves no trace on the emulator but the PGID', () => {
    const rig = new Rig({ facilities: 'hercules' });
    rig.start({}, spid(ESTABLISH | MULTIPATH, PGID_A));
    expect(sensed(rig, 0)).toBe(`00${PGID_A}`);
    rig.start({}, spid(RESIGN | MULTIPATH, PGID_A));
    expect(sensed(rig, 0)).toBe(`00${NULL_PGID}`);
  });
});

describe('SET PATH GROUP ID is refused', () => {
  const refusals: [string, () => ReturnType<Rig['start']>, number][] = [
    ['with eleven bytes', () => new Rig().start({}, spid(0x80, PGID_A, 11)), 3],
    ['with the function that is none', () => new Rig().start({}, spid(0x60, PGID_A)), 4],
    ['with a reserved bit', () => new Rig().start({}, spid(0x01, PGID_A)), 4],
    ['without a PGID', () => new Rig().start({}, spid(0x80, NULL_PGID)), 4],
    ['behind another command', () => new Rig().start({}, nop(), spid(0x80, PGID_A)), 2],
    ['with a command behind it', () => new Rig().start({}, spid(0x80, PGID_A), nop()), 2],
  ];
  it.each(refusals)('%s', (_, start, expected) => {
    const done = start();
    expect(message(done)).toBe(expected);
    expect(status(done)).toBe('0e00 0');
    expect(done.exchange.sense[0]).toBe(0x80);
  });

  it('with another PGID than the path has, whatever the function, until the path is reset', () => {
    const rig = new Rig();
    rig.start({}, spid(0x80, PGID_A));
    for (const order of [0x80, 0x40, 0x20]) expect(message(rig.start({}, spid(order, PGID_B)))).toBe(4);
    rig.start({}, spid(0xc0, PGID_A));
    expect(message(rig.start({}, spid(0x80, PGID_B)))).toBe(4);
    rig.unit.systemReset(0, 0);
    rig.start({}, nop());
    expect(message(rig.start({}, spid(0x80, PGID_B)))).toBe(-1);
  });

  it('but not behind suspend multipath reconnection', () => {
    const suspend = ccw('suspend_multipath', 0);
    expect(message(new Rig().start({}, suspend, spid(0x80, PGID_A)))).toBe(-1);
  });
});

describe('after a loss of the logical path', () => {
  const grouped = (): Rig => {
    const rig = new Rig();
    for (const port of [0, 1]) rig.start({ port }, spid(0x80, PGID_A));
    rig.unit.setLogicalPath(0, 0, false, 'reset');
    return rig;
  };

  it('the path is not operational', () => {
    expect(grouped().start({ port: 0 }, nop()).initial).toBe(0x100);
    expect(grouped().start({ port: 1 }, nop()).initial).toBe(0);
  });

  it('it may return ungrouped, with its PGID and without a word', () => {
    const rig = grouped();
    rig.unit.setLogicalPath(0, 0, true, 'ungrouped');
    expect(sensed(rig, 0)).toBe(`80${PGID_A}`);
  });

  it('or reset, which the next command on every device hears of once', () => {
    const rig = grouped();
    rig.unit.setLogicalPath(0, 0, true, 'reset');
    const first = rig.start({ port: 0 }, snid());
    expect(message(first)).toBe(0x08);
    expect(first.exchange.dstat).toBe(0x0e);
    expect(sensed(rig, 0)).toBe(`00${NULL_PGID}`);
    expect(sensed(rig, 1)).toBe(`c8${PGID_A}`);
  });

  it('a host that never used the path has missed nothing', () => {
    const rig = new Rig();
    rig.unit.setLogicalPath(1, 0, false, 'reset');
    rig.unit.setLogicalPath(1, 0, true, 'reset');
    expect(sensed(rig, 0, 1)).toBe(`00${NULL_PGID}`);
  });
});

/** The rules once more, as sets: a PGID per path, and the set of grouped paths with their mode. */
class Model {
  readonly pgid: (string | null)[];
  readonly mode = new Map<number, boolean>();
  readonly left = new Set<number>();

  constructor(paths: number) {
    this.pgid = new Array(paths).fill(null);
  }

  send(path: number, order: number, pgid: string): boolean {
    const multipath = order >= 0x80;
    const action = order & 0x7f;
    if (![ESTABLISH, DISBAND, RESIGN].includes(action) || pgid === NULL_PGID) return false;
    if (this.pgid[path] !== null && this.pgid[path] !== pgid) return false;
    const others = [...this.mode.keys()].filter((other) => other !== path && this.pgid[other] === pgid);
    if (action === ESTABLISH && others.some((other) => this.mode.get(other) !== multipath)) return false;
    this.pgid[path] = pgid;
    if (action === ESTABLISH) {
      this.left.delete(path);
      this.mode.set(path, multipath);
      return true;
    }
    for (const gone of action === DISBAND ? [path, ...others] : [path]) {
      this.mode.delete(gone);
      this.left.add(gone);
    }
    return true;
  }

  reset(path: number): void {
    this.pgid[path] = null;
    this.mode.delete(path);
    this.left.delete(path);
  }

  record(path: number): string {
    const mode = this.mode.get(path);
    const state = mode === undefined ? (this.left.has(path) ? '80' : '00') : mode ? 'c8' : 'c0';
    return state + (this.pgid[path] ?? NULL_PGID);
  }
}

describe('any sequence of orders', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        path: fc.nat(3),
        order: fc.constantFrom(0x00, 0x80, 0x20, 0xa0, 0x40, 0xc0, 0x60, 0x04),
        pgid: fc.constantFrom(PGID_A, PGID_A, PGID_B, NULL_PGID),
      }),
    },
    { weight: 1, arbitrary: fc.record({ path: fc.nat(3), reset: fc.constant(true) }) },
  );

  it('leaves the states that the rules say', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const groups = new PathGroups(4, { states: true, multipath: true });
        const model = new Model(4);
        for (const it of steps) {
          if ('reset' in it) {
            groups.reset(it.path);
            model.reset(it.path);
          } else {
            const record = fromHex(it.order.toString(16).padStart(2, '0') + it.pgid);
            const accepted = groups.refuses(it.path, record, 12) === 0;
            if (accepted) groups.set(it.path, record);
            expect(accepted).toBe(model.send(it.path, it.order, it.pgid));
          }
          for (let path = 0; path < 4; path++) {
            const bytes = new Uint8Array(12);
            groups.sense(path, 0, bytes);
            expect(hex(bytes)).toBe(model.record(path));
          }
        }
      }),
    );
  });
});
