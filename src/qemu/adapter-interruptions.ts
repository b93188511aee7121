import { adapterInterruption } from '../channel/channel-subsystem.ts';
import type { GuestInterruptions } from './interrupts.ts';
import type { QemuTrace } from './trace.ts';

/** Types of adapters (include/hw/s390x/css.h). Only interruptions of PCI adapters can be suppressed. */
export const ADAPTER = { VIRTIO: 0, PCI: 1 } as const;
export type AdapterType = (typeof ADAPTER)[keyof typeof ADAPTER];

/** Interruption modes of SET INTERRUPTION CONTROLS. */
export const INTERRUPTION_MODE = { ALL: 0, SINGLE: 1 } as const;

/**
 * Interruptions of adapters, and their suppression: in single mode one interruption of a subclass stops further ones of
 * suppressible adapters until the mode is set again (hw/intc/s390_flic.c:qemu_s390_inject_airq).
 */
export class AdapterInterruptions {
  private readonly interruptions: GuestInterruptions;
  private readonly trace: QemuTrace;
  /** Subclasses in single mode, and those that are stopped, as masks 0x80 >> isc. */
  private single = 0;
  private stopped = 0;

  constructor(interruptions: GuestInterruptions, trace: QemuTrace) {
    this.interruptions = interruptions;
    this.trace = trace;
  }

  inject(type: AdapterType, isc: number): void {
    this.trace.adapterInterruption(isc);
    const mask = type === ADAPTER.PCI ? 0x80 >> isc : 0;
    if ((this.stopped & mask) !== 0) {
      this.trace.adapterInterruptionDropped(type, isc);
      return;
    }
    this.interruptions.inject(adapterInterruption(isc), isc, 0);
    if ((this.single & mask) === 0) return;
    this.stopped |= mask;
    this.trace.adapterInterruptionsSuppressed(type, isc);
  }

  /** SET INTERRUPTION CONTROLS; false: operand exception. */
  setMode(mode: number, isc: number): boolean {
    this.trace.interruptionControls(mode, isc);
    const mask = 0x80 >> isc;
    if (mode !== INTERRUPTION_MODE.ALL && mode !== INTERRUPTION_MODE.SINGLE) return false;
    this.stopped &= ~mask;
    this.single = mode === INTERRUPTION_MODE.SINGLE ? this.single | mask : this.single & ~mask;
    return true;
  }

  reset(): void {
    this.single = 0;
    this.stopped = 0;
  }

  /** Subclasses in single mode, and those that are stopped (QEMUS390FLICState.simm and nimm). */
  save(): { readonly single: number; readonly stopped: number } {
    return { single: this.single, stopped: this.stopped };
  }

  load({ single, stopped }: { readonly single: number; readonly stopped: number }): void {
    this.single = single;
    this.stopped = stopped;
  }
}
