import { assert } from '../kernel/assert.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import { NONE, ssidOf, subchannelId, subchannelNumberOf } from '../zarch/ids.ts';
import type { IoInterruptionCode } from '../zarch/interruption-code.ts';
import type { InterruptController, InterruptibleProgram } from './channel-subsystem.ts';

const SUBCLASSES = 8;
/** Four subchannel sets of 65,536. */
const SUBCHANNELS = 0x40000;

/**
 * Interruption conditions of one partition on the machine: I/O interruptions first-in, first-out within a subclass,
 * lower subclass number first; the channel-report machine check is floating and pending at most once.
 *
 * Conditions float: any CPU may take one that its masks allow. The one that is told is the lowest-numbered CPU enabled
 * at that instant, else the first one that opens its mask; a condition that nobody is enabled for stays.
 */
export class MachineInterruptController implements InterruptController {
  program: InterruptibleProgram = NOBODY;
  /** Interruption parameter of a subchannel at the moment of presentation. Set once by the channel subsystem. */
  intparmOf: (subchannel: SubchannelId) => number = () => 0;
  /** Image number, with EXPLICIT_IMAGE, that interruption codes carry; zero while the program knows of one image only. */
  imageNumber = 0;
  /** Conditions made pending and presented so far; withdrawn ones are the difference when none is pending. */
  posted = 0;
  presented = 0;
  private readonly queues = Array.from({ length: SUBCLASSES }, () => new SubchannelQueue());
  /** Subclass in which a subchannel's condition is pending plus one, zero when none is; by subchannel of the image. */
  private readonly pendingIn = new Uint8Array(SUBCHANNELS);
  /** Masks by CPU, and the subclasses that any of them is enabled for. */
  private readonly cpus: CpuMasks[] = [];
  private iscMask = 0;
  private machineCheckPending = false;

  post(subchannel: SubchannelId, isc: number): void {
    this.posted++;
    this.queues[isc].push(subchannel);
    this.pendingIn[subchannel & (SUBCHANNELS - 1)] = isc + 1;
    if ((this.iscMask & subclassBit(isc)) !== 0) this.program.ioInterruptionPending(this.enabledFor(isc));
  }

  /** Whether a subchannel's condition waits to be taken. */
  isPending(subchannel: SubchannelId): boolean {
    return this.pendingIn[subchannel & (SUBCHANNELS - 1)] !== 0;
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
    this.offerMachineCheck();
  }

  enable(iscMask: number, channelReports: boolean, cpu = 0): void {
    while (this.cpus.length <= cpu) this.cpus.push({ iscMask: 0, channelReports: false });
    const masks = this.cpus[cpu];
    const reportsChanged = masks.channelReports !== channelReports;
    // Others are told again of what this CPU was told of and can take no more; a CPU that finds nothing has lost nothing.
    const closed = masks.iscMask & ~iscMask;
    const before = this.iscMask;
    masks.iscMask = iscMask;
    masks.channelReports = channelReports;
    this.iscMask = 0;
    for (const each of this.cpus) this.iscMask |= each.iscMask;
    const told = this.iscMask & (~before | closed);
    for (let isc = 0; isc < SUBCLASSES; isc++) {
      if ((told & subclassBit(isc)) === 0) continue;
      const taker = this.enabledFor(isc);
      for (let count = this.queues[isc].length; count > 0; count--) this.program.ioInterruptionPending(taker);
    }
    if (reportsChanged && this.machineCheckPending) this.offerMachineCheck();
  }

  takeIo(cpu = 0): SubchannelId {
    const mask = this.cpus[cpu]?.iscMask ?? 0;
    for (let isc = 0; isc < SUBCLASSES; isc++) {
      if (this.queues[isc].length === 0 || (mask & subclassBit(isc)) === 0) continue;
      this.presented++;
      const subchannel = this.queues[isc].shift();
      this.pendingIn[subchannel & (SUBCHANNELS - 1)] = 0;
      return subchannel;
    }
    return NONE;
  }

  take(iscMask: number, code: IoInterruptionCode): boolean {
    for (let isc = 0; isc < SUBCLASSES; isc++) {
      if (this.queues[isc].length === 0 || (iscMask & subclassBit(isc)) === 0) continue;
      this.presented++;
      const subchannel = this.queues[isc].shift();
      this.pendingIn[subchannel & (SUBCHANNELS - 1)] = 0;
      code.subchannel = subchannelId(this.imageNumber, ssidOf(subchannel), subchannelNumberOf(subchannel));
      code.isc = isc;
      code.intparm = this.intparmOf(subchannel);
      return true;
    }
    return false;
  }

  takeMachineCheck(cpu = 0): boolean {
    const taken = this.machineCheckPending && this.cpus[cpu]?.channelReports === true;
    if (taken) this.machineCheckPending = false;
    return taken;
  }

  private offerMachineCheck(): void {
    const cpu = this.cpus.findIndex((masks) => masks.channelReports);
    if (cpu >= 0) this.program.machineCheckPending(cpu);
  }

  /** The lowest-numbered CPU that is enabled for a subclass; one is. */
  private enabledFor(isc: number): number {
    let cpu = 0;
    while ((this.cpus[cpu].iscMask & subclassBit(isc)) === 0) cpu++;
    return cpu;
  }
}

/** What one CPU is enabled for: control registers 6 and 14, and the PSW. */
interface CpuMasks {
  iscMask: number;
  channelReports: boolean;
}

const subclassBit = (isc: number): number => 0x80 >> isc;

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
