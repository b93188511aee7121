import type { SimTime } from '../../kernel/time.ts';
import type { Orb } from '../../zarch/orb.ts';

/**
 * Bounds that no program sets itself. They are properties of the channel subsystem, which the architecture leaves open:
 * how far it fetches ahead, and how much it carries out for one start before it takes the program for a runaway.
 */
export interface ProgramLimits {
  /** Channel-command words fetched ahead of the one in use when the ORB allows prefetch. */
  readonly fetchAhead: number;
  /** Channel-command words carried out for one start; the next one ends it with program check. */
  readonly ccwLimit: number;
  /** A start or resumption is accepted → the first word has been fetched, ns. */
  readonly fetchNs: SimTime;
}

/** What the ORB and the subchannel say about how a program in storage is to be read. */
export class ProgramRules {
  key = 0;
  format: 0 | 1 = 1;
  prefetch = false;
  suspendControl = false;
  suppressSuspended = false;
  initialStatus = false;
  midaw = false;
  idaw64 = false;
  idawBlock2k = false;
  /** Incorrect length of immediate commands is not indicated: always so in format 0, by ORB.L in format 1. */
  suppressImmediate = false;
  /** Data addresses: not below `lowest`, and below `limit`. */
  lowest = 0;
  limit = 0;

  /** `limitMode`: as in the PMCW. `addressLimit`: as SET ADDRESS LIMIT left it. */
  set(orb: Readonly<Orb>, limitMode: number, addressLimit: number): void {
    this.key = orb.key;
    this.format = orb.format1 === 1 ? 1 : 0;
    this.prefetch = orb.prefetch === 1;
    this.suspendControl = orb.suspendControl === 1;
    this.suppressSuspended = orb.suppressSuspended === 1;
    this.initialStatus = orb.initialStatus === 1;
    this.midaw = orb.midaw === 1;
    this.idaw64 = orb.idaw64 === 1;
    this.idawBlock2k = orb.idawBlock2k === 1;
    this.suppressImmediate = this.format === 0 || orb.incorrectLengthSuppression === 1;
    const checked = orb.addressLimit === 1;
    this.lowest = checked && limitMode === LIMIT_MODE.NOT_BELOW ? addressLimit : 0;
    this.limit = checked && limitMode === LIMIT_MODE.BELOW ? addressLimit : Number.MAX_SAFE_INTEGER;
  }

  /** End of what a CCW can address: of CCWs, and of data without indirection. */
  get addressEnd(): number {
    return this.format === 0 ? FORMAT_0_END : FORMAT_1_END;
  }
}

/** Limit mode of a PMCW (architecture reference A.3). */
const LIMIT_MODE = { NOT_BELOW: 1, BELOW: 2 } as const;
const FORMAT_0_END = 0x1000000;
const FORMAT_1_END = 0x80000000;
