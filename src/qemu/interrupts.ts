import {
  adapterInterruption,
  type InterruptController,
  type InterruptibleProgram,
} from '../channel/channel-subsystem.ts';
import { assert } from '../kernel/assert.ts';
import { NONE, type SubchannelId } from '../zarch/ids.ts';
import type { IoInterruptionCode } from '../zarch/interruption-code.ts';
import { PendingInterruptions } from './pending-interruptions.ts';

const SUBCLASSES = 8;

/** What is pending for a guest, as it goes from one QEMU to another. */
export interface PendingState {
  /** By subclass, in the order in which they were queued. */
  readonly interruptions: readonly (readonly {
    readonly subchannel: SubchannelId;
    readonly intparm: number;
  }[])[];
  readonly machineCheck: boolean;
}

/**
 * Interruptions of a guest. One is queued for every start, halt, clear and resume function, whatever becomes of its
 * status, with the interruption code of that moment; they accumulate. The two accelerators keep them differently.
 */
export abstract class GuestInterruptions implements InterruptController {
  program: InterruptibleProgram = NOBODY;
  /** Interruption parameter of a subchannel, for interruptions that are not queued by QEMU itself. */
  intparmOf: (subchannel: SubchannelId) => number = () => 0;
  protected readonly queues = Array.from({ length: SUBCLASSES }, () => new PendingInterruptions());
  private iscMask = 0;
  private channelReports = false;
  private machineCheckIsPending = false;

  /** Queues an interruption with its code; `subchannel` as `adapterInterruption` gives it for those of adapters. */
  inject(subchannel: SubchannelId, isc: number, intparm: number): void {
    this.queues[isc].push(subchannel, intparm);
    if (this.isEnabled(isc)) this.program.ioInterruptionPending();
  }

  /** Without a subchannel: an adapter interruption. */
  post(subchannel: SubchannelId, isc: number): void {
    if (subchannel === NONE) this.inject(adapterInterruption(isc), isc, 0);
    else this.inject(subchannel, isc, this.intparmOf(subchannel));
  }

  /** A report says that the subchannel was initialized: what it had pending is gone (css.c:css_clear_io_interrupt). */
  abstract withdraw(subchannel: SubchannelId): void;

  /** TSCH was executed. */
  abstract tested(subchannel: SubchannelId): void;

  /** Which entry of a queue that is not empty is presented next. */
  protected abstract next(queue: PendingInterruptions): number;

  postMachineCheck(): void {
    this.machineCheckIsPending = true;
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
    if (reportsOpened && this.machineCheckIsPending) this.program.machineCheckPending();
  }

  takeIo(): SubchannelId {
    const isc = this.pendingSubclass(this.iscMask);
    if (isc === NONE) return NONE;
    const queue = this.queues[isc];
    const at = this.next(queue);
    const subchannel = queue.subchannel(at);
    queue.remove(at);
    return subchannel;
  }

  take(iscMask: number, code: IoInterruptionCode): boolean {
    const isc = this.pendingSubclass(iscMask);
    if (isc === NONE) return false;
    const queue = this.queues[isc];
    const at = this.next(queue);
    const subchannel = queue.subchannel(at);
    code.adapter = subchannel < NONE ? 1 : 0;
    code.subchannel = subchannel < NONE ? NONE : subchannel;
    code.intparm = queue.intparm(at);
    code.isc = isc;
    queue.remove(at);
    return true;
  }

  takeMachineCheck(): boolean {
    const taken = this.machineCheckIsPending && this.channelReports;
    if (taken) this.machineCheckIsPending = false;
    return taken;
  }

  /** Subsystem reset: nothing is pending any more; masks belong to the program. */
  reset(): void {
    for (const queue of this.queues) queue.clear();
    this.machineCheckIsPending = false;
  }

  save(): PendingState {
    const interruptions = this.queues.map((queue) =>
      Array.from({ length: queue.length }, (_, at) => ({
        subchannel: queue.subchannel(at),
        intparm: queue.intparm(at),
      })),
    );
    return { interruptions, machineCheck: this.machineCheckIsPending };
  }

  /** Takes over what was pending elsewhere, while no CPU is enabled for anything: nobody is told yet. */
  load({ interruptions, machineCheck }: PendingState): void {
    assert(this.iscMask === 0 && !this.channelReports, 'a guest that is loaded stands still');
    for (const [isc, queue] of this.queues.entries()) {
      queue.clear();
      for (const { subchannel, intparm } of interruptions[isc]) queue.push(subchannel, intparm);
    }
    this.machineCheckIsPending = machineCheck;
  }

  /** Lowest subclass of the mask in which something is pending. */
  private pendingSubclass(iscMask: number): number {
    for (let isc = 0; isc < SUBCLASSES; isc++) {
      if (this.queues[isc].length > 0 && (iscMask & (0x80 >> isc)) !== 0) return isc;
    }
    return NONE;
  }

  private isEnabled(isc: number): boolean {
    return (this.iscMask & (0x80 >> isc)) !== 0;
  }
}

/**
 * QEMU's own interrupt controller (hw/intc/s390_flic.c): last in, first out within a subclass. A program that fetches
 * status without having been interrupted finds the interruption pending all the same.
 */
export class TranslatorInterruptions extends GuestInterruptions {
  withdraw(subchannel: SubchannelId): void {
    for (const queue of this.queues) queue.removeAll(subchannel);
  }

  tested(): void {}

  protected next(queue: PendingInterruptions): number {
    return queue.length - 1;
  }
}

/**
 * The kernel's interrupt controller (arch/s390/kvm/interrupt.c): first in, first out within a subclass. TSCH, whatever
 * its condition code, and reports take the first interruption of the subchannel away, and only that one.
 */
export class KernelInterruptions extends GuestInterruptions {
  withdraw(subchannel: SubchannelId): void {
    for (const queue of this.queues) if (queue.removeFirst(subchannel)) return;
  }

  tested(subchannel: SubchannelId): void {
    this.withdraw(subchannel);
  }

  protected next(): number {
    return 0;
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
