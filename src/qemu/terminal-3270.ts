import { DSTAT, STCTL } from '../zarch/scsw.ts';
import type { DataStream } from './data-stream.ts';
import type { Notifier } from './notifier.ts';
import { PROGRAM, type ProgramResult } from './program-result.ts';
import type { VirtualDevice, VirtualSubchannel } from './subchannel.ts';
import type { VirtualCcw } from './virtual-ccw.ts';

/** Channel commands of a 3270 display. */
const TERMINAL_COMMAND = {
  WRITE: 0x01,
  READ_BUFFER: 0x02,
  ERASE_WRITE: 0x05,
  READ_MODIFIED: 0x06,
  ERASE_WRITE_ALTERNATE: 0x0d,
  WRITE_STRUCTURED_FIELD: 0x11,
} as const;

const CONTROL_UNIT = 0x3270;
const PATH_TYPE = 0x1a;
const INTERVENTION_REQUIRED = 0x40;
const INPUT_BYTES = 1000;
/** Bytes that one write passes on at a time. */
const OUTPUT_PART_BYTES = 1024;

/** A 3270 terminal that a user may connect to (hw/s390x/3270-ccw.c, hw/char/terminal3270.c). */
export class Terminal3270 implements VirtualDevice {
  readonly cuType = CONTROL_UNIT;
  readonly cuModel = 0;
  readonly pathType = PATH_TYPE;
  readonly passedThrough = false;
  /** A user's terminal has been connected and has told what it is. */
  connected = false;
  private readonly input = new Uint8Array(INPUT_BYTES);
  private readonly output = new Uint8Array(OUTPUT_PART_BYTES);
  private inputLength = 0;

  execute(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    switch (ccw.command) {
      case TERMINAL_COMMAND.WRITE:
      case TERMINAL_COMMAND.ERASE_WRITE:
      case TERMINAL_COMMAND.ERASE_WRITE_ALTERNATE:
      case TERMINAL_COMMAND.WRITE_STRUCTURED_FIELD:
        return this.write(sch, ccw, data);
      case TERMINAL_COMMAND.READ_BUFFER:
      case TERMINAL_COMMAND.READ_MODIFIED:
        return this.read(sch, ccw, data);
      default:
        return PROGRAM.REJECT;
    }
  }

  disabled(): void {}

  reset(): void {}

  /** A user's terminal has connected: device end. */
  connect(sch: VirtualSubchannel, notifier: Notifier): void {
    this.connected = true;
    this.inputLength = 0;
    present(sch, DSTAT.DEVICE_END, notifier);
  }

  /** The user's terminal has gone: device end. */
  disconnect(sch: VirtualSubchannel, notifier: Notifier): void {
    this.connected = false;
    this.inputLength = 0;
    present(sch, DSTAT.DEVICE_END, notifier);
  }

  /** The user has pressed a key that sends `bytes`: attention. */
  enter(sch: VirtualSubchannel, bytes: Uint8Array, notifier: Notifier): void {
    const length = Math.min(bytes.length, INPUT_BYTES - this.inputLength);
    this.input.set(bytes.subarray(0, length), this.inputLength);
    this.inputLength += length;
    present(sch, DSTAT.ATTENTION, notifier);
  }

  /** What nobody can see cannot be written: intervention required. */
  private write(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (ccw.address === 0) return PROGRAM.CHECK;
    const length = this.connected ? data.residual : 0;
    if (length === 0) return interventionRequired(sch);
    while (data.residual > 0) {
      const part = Math.min(data.residual, OUTPUT_PART_BYTES);
      if (!data.fetch(this.output, part)) return PROGRAM.CHECK;
    }
    sch.schib.scsw.count = ccw.count - length;
    return PROGRAM.OK;
  }

  private read(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (ccw.address === 0) return PROGRAM.CHECK;
    const length = Math.min(data.residual, this.inputLength);
    if (!data.store(this.input, length)) return PROGRAM.CHECK;
    this.inputLength -= length;
    sch.schib.scsw.count = ccw.count - length;
    return PROGRAM.OK;
  }
}

/** The device status is there even when the subchannel is not enabled and nobody is told. */
function present(sch: VirtualSubchannel, dstat: number, notifier: Notifier): void {
  sch.schib.scsw.dstat = dstat;
  notifier.unsolicited(sch);
}

function interventionRequired(sch: VirtualSubchannel): ProgramResult {
  const { scsw } = sch.schib;
  scsw.dstat = DSTAT.UNIT_CHECK;
  sch.sense[0] = INTERVENTION_REQUIRED;
  scsw.stctl = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.ALERT | STCTL.PENDING;
  return PROGRAM.STATUS_SET;
}
