import { assert } from '../kernel/assert.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import { NONE } from '../zarch/ids.ts';
import type { IoInterruptionCode } from '../zarch/interruption-code.ts';
import type { InterruptController, InterruptibleProgram } from './channel-subsystem.ts';

const SUBCLASSES = 8;
/** Four subchannel sets of 65,536. */
const SUBCHANNELS = 0x40000;

/**
 * Interruption conditions of one partition on the machine: I/O interruptions first-in, first-out within a subclass,
 * lower subclass number first; the channel-report machine check is floating and pending at most once.
 */
export class MachineInterruptController implements InterruptController {
  program: InterruptibleProgram = NOBODY;
  /** Interruption parameter of a subchannel at the moment of presentation. Set once by the channel subsystem. */
  intparmOf: (subchannel: SubchannelId) => number = () => 0;
  /** Conditions made pending and presented so far; withdrawn ones are the difference when none is pending. */
  posted = 0;
  presented = 0;
  private readonly queues = Array.from({ length: SUBCLASSES }, () => new SubchannelQueue());
  /** Subclass in which a subchannel's condition is pending plus one, zero when none is; by subchannel of the image. */
  private readonly pendingIn = new Uint8Array(SUBCHANNELS);
  private iscMask = 0;
  private channelReports = false;
  private machineCheckPending = false;

  post(subchannel: SubchannelId, isc: number): void {
    this.posted++;
    this.queues[isc].push(subchannel);
    this.pendingIn[subchannel & (SUBCHANNELS - 1)] = isc + 1;
    if (this.isEnabled(isc)) this.program.ioInterruptionPending();
  }

  withdraw(subchannel: SubchannelId): void {
    const at = subchannel & (SUBCHANNELS - 1);
    const isc = this.pendingIn[at] - 1;
    if (isc < 0) return;
    this.pendingIn[at] = 0;
    this.queues[isc].remove(subchannel);
  }

  postMachineCheck(): void {
    this.machineCheckPending = true;
    if (this.channelReports) this.program.machineCheckPending();
  }

  enable(iscMask: number, channelReports: boolean): void {
    const opened = iscMask & ~this.iscMask;
    const reportsOpened = channelReports && !this.channelReports;
    this.iscMask = iscMask;
    this.channelReports = channelReports;
    for (let isc = 0; isc < SUBCLASSES; isc++) {
      if ((opened & (0x80 >> isc)) === 0) continue;
      for (let count = this.queues[isc].length; count > 0; count--) this.program.ioInterruptionPending();
    }
    if (reportsOpened && this.machineCheckPending) this.program.machineCheckPending();
  }

  takeIo(): SubchannelId {
    for (let isc = 0; isc < SUBCLASSES; isc++) {
      if (this.queues[isc].length === 0 || !this.isEnabled(isc)) continue;
      this.presented++;
      const subchannel = this.queues[isc].shift();
      this.pendingIn[subchannel & (SUBCHANNELS - 1)] = 0;
      return subchannel;
    }
    return NONE;
  }

  take(iscMask: number, code: IoInterruptionCode): boolean {
    for (let isc = 0; isc < SUBCLASSES; isc++) {
      if (this.queues[isc].length === 0 || (iscMask & (0x80 >> isc)) === 0) continue;
      this.presented++;
      code.subchannel = this.queues[isc].shift();
      code.isc = isc;
      code.intparm = this.intparmOf(code.subchannel);
      this.pendingIn[code.subchannel & (SUBCHANNELS - 1)] = 0;
      return true;
    }
    return false;
  }

  takeMachineCheck(): boolean {
    const taken = this.machineCheckPending && this.channelReports;
    if (taken) this.machineCheckPending = false;
    return taken;
  }

  private isEnabled(isc: number): boolean {
    return (this.iscMask & (0x80 >> isc)) !== 0;
  }
}

const NOBODY: InterruptibleProgram = {
  ioInterruptionPending() {
    assert(false, 'an interruption became pending before a control program was loaded');
  },
  machineCheckPending() {
    assert(false, 'a machine check was presented before a control program was loaded');
  },
};

/** FIFO ring of subchannels; each stands in it at most once, because status pending is cleared before it is posted again. */
class SubchannelQueue {
  length = 0;
  private ring = new Int32Array(64);
  private head = 0;

  push(subchannel: SubchannelId): void {
    if (this.length === this.ring.length) this.grow();
    this.ring[(this.head + this.length) & (this.ring.length - 1)] = subchannel;
    this.length++;
  }

  shift(): SubchannelId {
    const subchannel = this.ring[this.head];
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.length--;
    return subchannel;
  }

  remove(subchannel: SubchannelId): void {
    const mask = this.ring.length - 1;
    let kept = 0;
    for (let at = 0; at < this.length; at++) {
      const entry = this.ring[(this.head + at) & mask];
      if (entry === subchannel) continue;
      this.ring[(this.head + kept++) & mask] = entry;
    }
    this.length = kept;
  }

  private grow(): void {
    const grown = new Int32Array(this.ring.length * 2);
    for (let at = 0; at < this.length; at++) grown[at] = this.ring[(this.head + at) & (this.ring.length - 1)];
    this.ring = grown;
    this.head = 0;
  }
}
