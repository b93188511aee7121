import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLIND } from '../../../src/observe/observer.ts';
import { RECORDED_QEMU } from '../../../src/qemu/options.ts';
import { VirtualChannelSubsystem } from '../../../src/qemu/virtual-css.ts';
import { Irb } from '../../../src/zarch/irb.ts';
import { Schib } from '../../../src/zarch/schib.ts';
import { ACTL, CSTAT, DSTAT, FCTL, type Scsw, STCTL } from '../../../src/zarch/scsw.ts';
import { firstWordIsInvalid, layOut, randomProgram } from '../../instructions/random-programs.ts';

/** An endless program is cut off here. */
const CCW_LIMIT = 2_000;
const RESUMPTIONS = 4;
const NORMAL = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
const FREE = { charge() {} };
const NOBODY = { kind: 0, target: 0, priority: 0 };

function guest(littleEndianHost: boolean, kind: 'virtio' | '3270'): VirtualChannelSubsystem {
  const css = new VirtualChannelSubsystem(
    { ...RECORDED_QEMU, littleEndianHost, ccwLimit: CCW_LIMIT },
    BLIND,
    0,
  );
  css.plug(kind === '3270' ? { kind } : { kind, model: 'blk' });
  css.interrupts.program = { ioInterruptionPending() {}, machineCheckPending() {} };
  const schib = new Schib();
  css.issue(FREE, 'stsch', 0, schib, NOBODY);
  schib.pmcw.enabled = 1;
  expect(css.issue(FREE, 'msch', 0, schib, NOBODY)).toBe(0);
  return css;
}

const scswOf = (css: VirtualChannelSubsystem): Scsw => {
  const schib = new Schib();
  css.issue(FREE, 'stsch', 0, schib, NOBODY);
  return schib.scsw;
};

/** QEMU ends a program in three ways; a start without its only path is a fourth. */
function checkEnding(scsw: Scsw, lpm: number | undefined, isInvalid: boolean): void {
  const { fctl, stctl, dstat, cstat } = scsw;
  const ended = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;
  expect(fctl).toBe(FCTL.START);
  const found = { stctl, dstat, cstat };
  if (lpm === 0) {
    expect(found).toEqual({ stctl: STCTL.ALERT | STCTL.PENDING, dstat: 0, cstat: 0 });
    return;
  }
  const programCheck = { stctl: ended | STCTL.ALERT, dstat: 0, cstat: CSTAT.PROGRAM_CHECK };
  const unitCheck = { stctl: ended | STCTL.ALERT, dstat: DSTAT.UNIT_CHECK, cstat: 0 };
  const allowed = isInvalid
    ? [programCheck]
    : [programCheck, unitCheck, { stctl: ended, dstat: NORMAL, cstat: 0 }];
  expect(allowed).toContainEqual(found);
}

describe("QEMU's channel subsystem and channel programs that are none", () => {
  for (const kind of ['virtio', '3270'] as const) {
    it(`ends each of them at once, with program check, unit check or normally (${kind})`, () => {
      fc.assert(
        fc.property(randomProgram, fc.boolean(), (program, littleEndianHost) => {
          const css = guest(littleEndianHost, kind);
          const orb = layOut(program, css.storage);
          const isInvalid = firstWordIsInvalid(program, orb, css.storage);
          expect(css.issue(FREE, 'ssch', 0, orb, NOBODY)).toBe(0);
          for (let left = RESUMPTIONS; left > 0 && (scswOf(css).actl & ACTL.SUSPENDED) !== 0; left--) {
            expect(css.issue(FREE, 'rsch', 0, null, NOBODY)).toBe(0);
          }
          const suspended = (scswOf(css).actl & ACTL.SUSPENDED) !== 0;
          if (suspended) expect(css.issue(FREE, 'csch', 0, null, NOBODY)).toBe(0);
          const irb = new Irb();
          expect(css.issue(FREE, 'tsch', 0, irb, NOBODY)).toBe(0);
          if (suspended) expect(irb.scsw.fctl).toBe(FCTL.CLEAR);
          else checkEnding(irb.scsw, program.orb.lpm, isInvalid);
        }),
        { numRuns: 500 },
      );
    });
  }
});
