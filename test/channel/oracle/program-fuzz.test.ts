import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MachineChannelSubsystem } from '../../../src/channel/image.ts';
import type { Simulation } from '../../../src/kernel/simulation.ts';
import { Irb } from '../../../src/zarch/irb.ts';
import { Schib } from '../../../src/zarch/schib.ts';
import { ACTL, CSTAT, FCTL, type Scsw, STCTL } from '../../../src/zarch/scsw.ts';
import {
  firstWordIsInvalid,
  layOut,
  PROTECTED,
  type RandomProgram,
  randomProgram,
} from '../../instructions/random-programs.ts';
import { dasdMachine } from './dasd-bench.ts';

/** Checks that a program can be guilty of; the others say that something is broken, and nothing is. */
const A_PROGRAMS_FAULT =
  CSTAT.PCI | CSTAT.INCORRECT_LENGTH | CSTAT.PROGRAM_CHECK | CSTAT.PROTECTION_CHECK | CSTAT.CHAINING_CHECK;
const CCW_LIMIT = 300;
/** Each of that many CCWs is fetched and carried out; a few more events start and end the program. */
const EVENTS = 10 * CCW_LIMIT;
const LONG_NS = 100_000_000_000;
const RESUMPTIONS = 4;
const FREE = { charge() {} };
const NOBODY = { kind: 0, target: 0, priority: 0 };

function enabled(): { sim: Simulation; image: MachineChannelSubsystem } {
  const { sim, image } = dasdMachine({ devices: 1, paths: 2, ccwLimit: CCW_LIMIT });
  image.interrupts.program = { ioInterruptionPending() {}, machineCheckPending() {} };
  const schib = new Schib();
  image.issue(FREE, 'stsch', 0, schib, NOBODY);
  schib.pmcw.enabled = 1;
  expect(image.issue(FREE, 'msch', 0, schib, NOBODY)).toBe(0);
  return { sim, image };
}

const scswOf = (image: MachineChannelSubsystem): Scsw => {
  const schib = new Schib();
  image.issue(FREE, 'stsch', 0, schib, NOBODY);
  return schib.scsw;
};

function runOut(sim: Simulation): void {
  expect(sim.run(sim.now + LONG_NS, EVENTS), 'comes to an end within a bounded number of events').toBe(true);
}

function checkEnding(scsw: Scsw, program: RandomProgram, isInvalid: boolean): void {
  expect(scsw.fctl).toBe(FCTL.START);
  expect(scsw.actl).toBe(0);
  expect(scsw.stctl & (STCTL.PRIMARY | STCTL.PENDING)).toBe(STCTL.PRIMARY | STCTL.PENDING);
  // The first CCW may be looked at before a path is.
  if (scsw.cc === 3) {
    expect(program.orb.lpm).toBe(0);
    return;
  }
  if (program.orb.lpm === 0) expect(scsw.dstat, 'status from a device that there is no path to').toBe(0);
  expect(scsw.cstat & ~A_PROGRAMS_FAULT, 'a check that only broken equipment gives').toBe(0);
  const faulty = (scsw.cstat & (CSTAT.PROGRAM_CHECK | CSTAT.PROTECTION_CHECK)) !== 0;
  if (faulty) expect(scsw.stctl & STCTL.ALERT).not.toBe(0);
  if (isInvalid) expect(faulty, 'an invalid first CCW is a program check').toBe(true);
}

describe('the machine and channel programs that are none', () => {
  it('ends each of them with status that the architecture names', () => {
    fc.assert(
      fc.property(randomProgram, (program) => {
        const { sim, image } = enabled();
        const { storage } = image;
        const secret = new Uint8Array(4096).fill(0xa5);
        storage.store(PROTECTED, secret);
        const orb = layOut(program, storage);
        const isInvalid = firstWordIsInvalid(program, orb, storage);
        expect(image.issue(FREE, 'ssch', 0, orb, NOBODY)).toBe(0);
        runOut(sim);
        const irb = new Irb();
        for (let left = RESUMPTIONS; left > 0 && (scswOf(image).actl & ACTL.SUSPENDED) !== 0; left--) {
          image.issue(FREE, 'tsch', 0, irb, NOBODY);
          expect(image.issue(FREE, 'rsch', 0, null, NOBODY)).toBe(0);
          runOut(sim);
        }
        const suspended = (scswOf(image).actl & ACTL.SUSPENDED) !== 0;
        if (suspended) {
          expect(image.issue(FREE, 'csch', 0, null, NOBODY)).toBe(0);
          runOut(sim);
        }
        expect(image.issue(FREE, 'tsch', 0, irb, NOBODY)).toBe(0);
        if (suspended) expect(irb.scsw.fctl).toBe(FCTL.CLEAR);
        else checkEnding(irb.scsw, program, isInvalid);
        if (orb.key !== 0) {
          const now = new Uint8Array(secret.length);
          storage.fetch(PROTECTED, now);
          expect(now, 'storage under another key').toEqual(secret);
        }
        expect(scswOf(image)).toMatchObject({ fctl: 0, actl: 0, stctl: 0 });
      }),
      { numRuns: 300 },
    );
  });
});
