import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { E } from '../../../src/linux/errno.ts';
import { kernelFeatures } from '../../../src/linux/kernel-features.ts';
import { KernelArena } from '../../../src/linux/vfio/kernel-arena.ts';
import { TranslatedProgram } from '../../../src/linux/vfio/translated-program.ts';
import { CCW_BYTES, CCW_FLAG, type StoredCcw } from '../../../src/zarch/ccw.ts';
import { COMMAND } from '../../../src/zarch/commands.ts';
import { Orb } from '../../../src/zarch/orb.ts';
import { Scsw } from '../../../src/zarch/scsw.ts';
import { BASE, carryOut, HEAP, ScatteredMemory, type Step, UNMAPPED } from './guest-program.ts';

/* A suspended program that the guest has changed, held against a channel that fetches it anew from where it was suspended. */

const DATA = BASE + 0x10000;
const CHAIN = CCW_FLAG.CHAIN_COMMAND | CCW_FLAG.SUPPRESS_LENGTH;
const LIMIT = 100;

const orb = Object.assign(new Orb(), { programAddress: BASE, format1: 1, suspendControl: 1, prefetch: 1 });
const rangeOf = (steps: readonly Step[]) =>
  steps.map(({ command, flags, count, bytes }) => ({ command, flags, count, bytes }));

class Suspended {
  readonly memory = new ScatteredMemory(5);
  readonly program = new TranslatedProgram(
    kernelFeatures('6.16'),
    KernelArena.behind(this.memory.host, HEAP, 0),
  );

  /** Stores commands with data areas of these lengths one behind the other; the one at `suspends` has the flag. */
  store(from: number, counts: readonly number[], suspends: number): void {
    counts.forEach((count, index) => {
      const chained = index < counts.length - 1 ? CHAIN : CCW_FLAG.SUPPRESS_LENGTH;
      this.ccw(from + index * CCW_BYTES, {
        command: 0x02,
        flags: chained | (index === suspends ? CCW_FLAG.SUSPEND : 0),
        count,
        address: DATA + count,
      });
    });
  }

  ccw(at: number, fields: Partial<StoredCcw>): void {
    this.memory.storeCcw(at, fields, 1);
  }

  start(): void {
    expect(this.program.init(orb, this.memory.memory)).toBe(E.OK);
    expect(this.program.prefetch()).toBe(E.OK);
    this.program.complete(1, 0x80);
  }

  /** What a channel does from an address of the guest on. */
  inGuest(programAddress: number): Step[] {
    const { memory } = this;
    return carryOut(
      { ...orb, programAddress },
      (at, length) => memory.fetch(at, length),
      (at) => memory.at(at),
      LIMIT,
    );
  }

  /** What the machine does from an address of the host on. */
  inHost(programAddress = this.program.orb.programAddress): Step[] {
    const fetch = (at: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      this.memory.host.fetch(at, bytes);
      return bytes;
    };
    return carryOut({ ...this.program.orb, programAddress }, fetch, (at) => at, LIMIT);
  }

  guestAddress(hostAddress: number): number {
    const scsw = new Scsw();
    scsw.ccwAddress = hostAddress;
    this.program.updateScsw(scsw);
    return scsw.ccwAddress;
  }
}

describe('the copy of a suspended program', () => {
  test('goes on as the guest has changed the program, and no further back', () => {
    const suspended = new Suspended();
    suspended.store(BASE, [8, 16, 24], 1);
    suspended.start();
    const [, second] = suspended.inHost();
    suspended.store(BASE, [80, 160, 240, 320], -1);
    expect(suspended.program.renew()).toBe(E.OK);
    expect(suspended.inHost(second.at).map(({ count }) => count)).toEqual([160, 240, 320]);
    expect(suspended.inHost()[0].count).toBe(8);
  });

  test('stays as it is without a CCW that could suspend it', () => {
    const suspended = new Suspended();
    suspended.store(BASE, [8, 16], -1);
    suspended.start();
    suspended.store(BASE, [80, 160], -1);
    expect(suspended.program.renew()).toBe(E.OK);
    expect(suspended.inHost().map(({ count }) => count)).toEqual([8, 16]);
  });

  test('stays as it is when the program cannot be copied any more', () => {
    const suspended = new Suspended();
    suspended.store(BASE, [8, 16], 1);
    suspended.start();
    const pinned = suspended.memory.memory.pinned;
    suspended.ccw(BASE + CCW_BYTES, { command: 0x02, flags: 0, count: 8, address: UNMAPPED });
    expect(suspended.program.renew()).toBe(E.FAULT);
    expect(suspended.inHost().map(({ count }) => count)).toEqual([8, 16]);
    expect(suspended.memory.memory.pinned).toBe(pinned);
  });

  test('follows a transfer back in front of the suspending CCW within the new program', () => {
    const suspended = new Suspended();
    suspended.store(BASE, [8, 16], 1);
    suspended.start();
    const [, second] = suspended.inHost();
    suspended.ccw(BASE, { command: 0x02, flags: 0, count: 80, address: DATA });
    suspended.ccw(BASE + CCW_BYTES, { command: COMMAND.nop, flags: CHAIN, count: 1, address: DATA });
    suspended.ccw(BASE + 2 * CCW_BYTES, { command: COMMAND.tic, address: BASE });
    expect(suspended.program.renew()).toBe(E.OK);
    expect(suspended.inHost(second.at).map(({ count }) => count)).toEqual([1, 80]);
  });

  test('is the program that the guest has at each resumption, and gives all pages back', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 2, maxLength: 12 });
    const round = fc.record({ counts, suspends: fc.nat(11) });
    fc.assert(
      fc.property(fc.array(round, { minLength: 2, maxLength: 8 }), (rounds) => {
        const suspended = new Suspended();
        const [first, ...others] = rounds;
        let from = BASE;
        suspended.store(from, first.counts, first.suspends % first.counts.length);
        suspended.start();
        let steps = suspended.inHost();
        for (const { counts: next, suspends } of others) {
          const at = steps.findIndex(({ flags }) => (flags & CCW_FLAG.SUSPEND) !== 0);
          if (at < 0) break;
          from = suspended.guestAddress(steps[at].at + CCW_BYTES) - CCW_BYTES;
          // The guest has the program go on with other commands, of which one suspends it again.
          suspended.store(from, next, 1 + (suspends % (next.length - 1)));
          expect(suspended.program.renew()).toBe(E.OK);
          steps = suspended.inHost(steps[at].at);
          const wanted = suspended.inGuest(from);
          expect(rangeOf(steps)).toEqual(rangeOf(wanted));
          expect(steps.map((step) => suspended.guestAddress(step.at))).toEqual(wanted.map((step) => step.at));
        }
        suspended.program.free();
        expect(suspended.memory.memory.pinned).toBe(0);
      }),
    );
  });
});
