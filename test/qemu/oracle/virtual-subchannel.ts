import { Interpretation, type Program } from './virtual-program.ts';

/**
 * What QEMU's channel subsystem shows of one subchannel, instruction by instruction: the condition-code tables and
 * state changes of the reference as one small state machine. An oracle: it shares nothing with the code under test.
 */

/** Function, activity and status control as they stand in the right half of an SCSW's first word. */
export const FUNCTION = { START: 0x4000, HALT: 0x2000, CLEAR: 0x1000 } as const;
const FUNCTIONS = 0x7000;
const RESUME_PENDING = 0x0800;
const START_PENDING = 0x0400;
const HALT_PENDING = 0x0200;
const CLEAR_PENDING = 0x0100;
const SUSPENDED = 0x0020;
const PENDING_ACTIVITIES = RESUME_PENDING | START_PENDING | HALT_PENDING | CLEAR_PENDING | SUSPENDED;
const ALERT = 0x10;
const INTERMEDIATE = 0x08;
const PRIMARY = 0x04;
const SECONDARY = 0x02;
const PENDING = 0x01;
const STATUS = 0x1f;
/** Left half of that word: deferred condition code 3, format bit. Nothing turns either off again. */
const DEFERRED_CC = 0x0300;
const FORMAT_1 = 0x0080;

const CHANNEL_END_AND_DEVICE_END = 0x0c;
const DEVICE_END = 0x04;
const UNIT_CHECK = 0x02;
const PROGRAM_CHECK = 0x20;
const ONLY_PATH = 0x80;

export interface Start {
  readonly program: Program;
  /** Storage address of the first CCW. */
  readonly address: number;
  readonly lpm: number;
  readonly intparm: number;
  readonly suspendControl: boolean;
}

export interface Modification {
  readonly enabled: boolean;
  readonly isc: number;
  readonly intparm: number;
  readonly lpm: number;
  readonly concurrentSense: boolean;
}

/** Called for every I/O interruption that is queued, with what its code holds. */
type Inject = (isc: number, intparm: number) => void;

export class VirtualSubchannel {
  enabled = false;
  isc = 0;
  intparm = 0;
  lpm = ONLY_PATH;
  lpum = 0;
  concurrentSense = false;
  /** Left half of the first word. */
  flags = 0;
  /** Right half of the first word. */
  control = 0;
  ccwAddress = 0;
  dstat = 0;
  cstat = 0;
  count = 0;
  /** First sense byte of the device. */
  sense = 0;
  /** First byte of its data area. */
  area = 0;
  private start: Start | null = null;
  private suspendedAt = 0;
  private withoutData = 0;
  private afterTransfer = false;
  private readonly inject: Inject;

  constructor(inject: Inject) {
    this.inject = inject;
  }

  get pending(): boolean {
    return (this.control & PENDING) !== 0;
  }

  msch(to: Modification): number {
    if (this.pending) return 1;
    if ((this.control & FUNCTIONS) !== 0) return 2;
    this.enabled = to.enabled;
    this.isc = to.isc;
    this.intparm = to.intparm;
    this.lpm = to.lpm;
    this.concurrentSense = to.concurrentSense;
    return 0;
  }

  ssch(start: Start): number {
    if (!this.enabled) return 3;
    if (this.pending) return 1;
    if ((this.control & FUNCTIONS) !== 0) return 2;
    this.start = start;
    this.control |= FUNCTION.START | START_PENDING;
    this.cstat = 0;
    this.dstat = 0;
    this.intparm = start.intparm;
    if ((start.lpm & ONLY_PATH) === 0) {
      this.flags |= DEFERRED_CC;
      this.status(ALERT);
    } else {
      if (start.program.format === 1) this.flags |= FORMAT_1;
      this.withoutData = 0;
      this.afterTransfer = false;
      this.run(start, 0, start.suspendControl);
    }
    this.interrupt();
    return 0;
  }

  rsch(): number {
    if (!this.enabled) return 3;
    if (this.pending) return 1;
    const { control } = this;
    if ((control & FUNCTIONS) !== FUNCTION.START) return 2;
    if ((control & RESUME_PENDING) !== 0 || (control & SUSPENDED) === 0) return 2;
    this.control &= ~SUSPENDED;
    this.run(this.start as Start, this.suspendedAt, true);
    this.interrupt();
    return 0;
  }

  hsch(): number {
    if (!this.enabled) return 3;
    const status = this.control & STATUS;
    if (status === PENDING || (status & (ALERT | PRIMARY | SECONDARY)) !== 0) return 1;
    if ((this.control & (FUNCTION.HALT | FUNCTION.CLEAR)) !== 0) return 2;
    const suspended = (this.control & SUSPENDED) !== 0;
    const startPending = (this.control & START_PENDING) !== 0;
    this.control = (this.control & ~FUNCTION.START) | FUNCTION.HALT | PENDING;
    if (!suspended && !startPending) this.dstat = DEVICE_END;
    if (suspended) this.ccwAddress = this.addressOf(this.suspendedAt) + 8;
    this.cstat = 0;
    this.lpum = ONLY_PATH;
    this.interrupt();
    return 0;
  }

  csch(): number {
    if (!this.enabled) return 3;
    this.control = FUNCTION.CLEAR | (this.control & STATUS) | PENDING;
    this.flags &= ~1;
    this.dstat = 0;
    this.cstat = 0;
    this.lpum = ONLY_PATH;
    this.interrupt();
    return 0;
  }

  xsch(): number {
    if (!this.enabled) return 3;
    if ((this.control & STATUS) !== 0) return 1;
    if ((this.control & FUNCTIONS) !== FUNCTION.START) return 2;
    if ((this.control & (RESUME_PENDING | START_PENDING | SUSPENDED)) === 0) return 2;
    this.control &= ~(FUNCTION.START | RESUME_PENDING | START_PENDING | SUSPENDED);
    this.dstat = 0;
    this.cstat = 0;
    return 0;
  }

  /** Condition code and change of state; what is stored is read before. */
  tsch(): number {
    if (!this.enabled) return 3;
    if (!this.pending) return 1;
    const onlyIntermediate = (this.control & STATUS) === (INTERMEDIATE | PENDING);
    this.control &= ~STATUS;
    if (!onlyIntermediate) this.control &= ~(FUNCTIONS | PENDING_ACTIVITIES);
    if (this.concurrentSense) this.sense = 0;
    return 0;
  }

  private run(start: Start, from: number, suspendAllowed: boolean): void {
    const run = new Interpretation(start.program, {
      from,
      suspendAllowed,
      sense: this.sense,
      withoutData: this.withoutData,
      afterTransfer: this.afterTransfer,
    });
    this.sense = run.sense;
    this.withoutData = run.withoutData;
    this.afterTransfer = run.afterTransfer;
    if (run.stored !== null) this.area = run.stored;
    if (run.residual !== null) this.count = run.residual;
    this.control &= ~START_PENDING;
    switch (run.ending) {
      case 'suspended':
        this.control |= SUSPENDED;
        this.suspendedAt = run.last;
        return;
      case 'normal':
        this.dstat = CHANNEL_END_AND_DEVICE_END;
        this.status(PRIMARY | SECONDARY);
        break;
      case 'command-reject':
        this.dstat = UNIT_CHECK;
        this.status(PRIMARY | SECONDARY | ALERT);
        break;
      default:
        this.cstat = PROGRAM_CHECK;
        this.status(PRIMARY | SECONDARY | ALERT);
    }
    this.ccwAddress = this.addressOf(run.last) + 8;
  }

  private addressOf(index: number): number {
    return (this.start as Start).address + 8 * index;
  }

  private status(bits: number): void {
    this.control = (this.control & ~STATUS) | bits | PENDING;
  }

  private interrupt(): void {
    this.inject(this.isc, this.intparm);
  }
}
