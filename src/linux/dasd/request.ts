import type { SimTime } from '../../kernel/time.ts';
import type { BlockRequest } from '../../observe/block-request.ts';
import type { Ccw, ChannelProgram } from '../../zarch/ccw.ts';
import type { Irb } from '../../zarch/irb.ts';
import { NO_PATHS, type PathMask } from '../../zarch/path-mask.ts';
import type { Errno } from '../errno.ts';
import type { DasdDevice } from './dasd-device.ts';
import { FLAG, STATUS } from './definitions.ts';

/** How a request of error recovery came about: which routine decides about its next failure (`cqr->function`). */
export const ERP = {
  NONE: 0,
  DEFAULT: 1,
  ACTION_1: 2,
  ACTION_1_SECOND: 3,
  ACTION_4: 4,
  ACTION_5: 5,
  INTERVENTION: 6,
  BUS_OUT: 7,
  COMPOUND_RETRY: 8,
  COMPOUND_PATH: 9,
  COMPOUND_CODE: 10,
  COMPOUND_CONFIG: 11,
  /** Retried as often as it says, then failed. */
  LIMITED: 12,
} as const;
export type ErpFunction = (typeof ERP)[keyof typeof ERP];

/** Status of a request that did not end well, kept for error recovery (`cqr->irb`). */
export class EndingStatus {
  dstat = 0;
  cstat = 0;
  lpum: PathMask = NO_PATHS;
  hasSense = false;
  readonly sense = new Uint8Array(32);

  save(irb: Irb): void {
    this.dstat = irb.scsw.dstat;
    this.cstat = irb.scsw.cstat;
    this.lpum = irb.lpum;
    this.hasSense = irb.concurrentSense !== 0;
    if (this.hasSense) this.sense.set(irb.sense);
  }

  clear(): void {
    this.dstat = 0;
    this.cstat = 0;
    this.lpum = NO_PATHS;
    this.hasSense = false;
  }
}

/** Who gets a request back when it has left the device's queue: DONE, NEED_ERP, TERMINATED or FAILED. */
export interface RequestSink {
  requestEnded(request: DasdRequest): void;
}

/** One channel program on its way through a device (`struct dasd_ccw_req`). */
export class DasdRequest {
  /** Interruption parameter, never 0. */
  readonly handle: number;
  program: ChannelProgram;
  sink: RequestSink | null = null;
  status: number = STATUS.FILLED;
  flags: number = FLAG.USE_ERP;
  retries = 0;
  lpm: PathMask = NO_PATHS;
  expiresNs: SimTime = 0;
  /** Last accepted start. */
  startedNs: SimTime = 0;
  /** Starts that were accepted. */
  starts = 0;
  /** Why the request ended without having been tried to its end. */
  intrc: Errno = 0;
  readonly ending = new EndingStatus();
  /** Next request of the device's queue. */
  next: DasdRequest | null = null;
  /** Error recovery: the request that this one is to save, and how. */
  refers: DasdRequest | null = null;
  erp: ErpFunction = ERP.NONE;

  /** Application request that this program serves, wholly or in part; null for control requests. */
  block: BlockRequest | null = null;
  firstBlock = 0;
  blockCount = 0;
  /** Where a block request is started: its base, or an alias. */
  startDevice: DasdDevice | null = null;
  /** Whose requests it counts among, even when it is moved from an alias to the base. */
  builtFor: DasdDevice | null = null;
  /** Whether the processor time of the driver has been paid. */
  paid = false;
  /** Why it is started again, should it be. */
  retryReason = 0;

  constructor(handle: number, program: ChannelProgram) {
    this.handle = handle;
    this.program = program;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** Makes a used request new. */
  reset(): void {
    this.status = STATUS.FILLED;
    this.flags = FLAG.USE_ERP;
    this.starts = 0;
    this.intrc = 0;
    this.refers = null;
    this.erp = ERP.NONE;
    this.next = null;
    this.startDevice = null;
    this.builtFor = null;
    this.paid = false;
    this.retryReason = 0;
    this.ending.clear();
  }
}

/** A control command with its parameter or response bytes. */
export function controlCcw(command: number, flags: number, count: number, data: Uint8Array): Ccw {
  return { command, flags, count, data, versions: null };
}

export function controlProgram(...ccws: Ccw[]): ChannelProgram {
  return { ccws, length: ccws.length };
}
