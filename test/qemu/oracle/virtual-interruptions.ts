/**
 * Interruption conditions as QEMU keeps them under its two accelerators: TCG puts a new one in front of its subclass
 * and never takes one back; under KVM they stand in line, and TSCH takes one of its subchannel along, whatever cc.
 */
export interface Condition {
  readonly subchannel: number;
  readonly isc: number;
  readonly intparm: number;
}

export class VirtualInterruptions {
  private readonly accelerator: 'tcg' | 'kvm';
  private readonly lists: Condition[][] = Array.from({ length: 8 }, () => []);

  constructor(accelerator: 'tcg' | 'kvm') {
    this.accelerator = accelerator;
  }

  get waiting(): number {
    return this.lists.reduce((sum, list) => sum + list.length, 0);
  }

  inject(condition: Condition): void {
    const list = this.lists[condition.isc];
    if (this.accelerator === 'tcg') list.unshift(condition);
    else list.push(condition);
  }

  /** TEST PENDING INTERRUPTION, or a CPU that is enabled for these subclasses. */
  take(iscMask: number): Condition | null {
    const list = this.lists.find((each, isc) => each.length > 0 && (iscMask & (0x80 >> isc)) !== 0);
    return list?.shift() ?? null;
  }

  tested(subchannel: number): void {
    if (this.accelerator === 'tcg') return;
    for (const list of this.lists) {
      const at = list.findIndex((each) => each.subchannel === subchannel);
      if (at < 0) continue;
      list.splice(at, 1);
      return;
    }
  }
}
