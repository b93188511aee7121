/** Which subchannel stands for which, in the layers that one I/O goes through. */
export interface LayeredSubchannel {
  readonly system: number;
  readonly subchannel: number;
  /** The same device at the host of a guest, where it has another number. */
  readonly image?: number;
  readonly imageSubchannel?: number;
}

const SUBCHANNELS = 0x40000;
/** Subchannel set and number: QEMU's own records have the image of its subchannels besides. */
const keyOf = (system: number, subchannel: number): number => system * SUBCHANNELS + (subchannel & 0x3ffff);

/**
 * The I/O that is under way at each device. A guest's start goes through QEMU, vfio-ccw and the host's subchannel to the
 * machine and back; whatever happens there in between is part of it, for a subchannel has one start function at a time.
 */
export class PerfettoFlows {
  /** By system and subchannel: those of the image that has the paths. */
  private readonly roots = new Map<number, number>();
  /** By root: the system whose start begins an I/O. */
  private readonly owners = new Map<number, number>();
  private readonly current = new Map<number, number>();
  private last = 0;

  constructor(subchannels: readonly LayeredSubchannel[]) {
    for (const { system, subchannel, image = system, imageSubchannel = subchannel } of subchannels) {
      const root = keyOf(image, imageSubchannel);
      this.roots.set(keyOf(system, subchannel), root);
      this.owners.set(root, system);
    }
  }

  /** A start was accepted; returns the flow that it is part of, a new one when it is the owner's. */
  started(system: number, subchannel: number): number {
    const root = this.rootOf(system, subchannel);
    if ((this.owners.get(root) ?? system) !== system) return this.current.get(root) ?? 0;
    this.current.set(root, ++this.last);
    return this.last;
  }

  /** What is under way there; 0: nothing. */
  at(system: number, subchannel: number): number {
    return this.current.get(this.rootOf(system, subchannel)) ?? 0;
  }

  /** Status was fetched; true when it was the owner who did, and the flow is over. */
  ended(system: number, subchannel: number): boolean {
    const root = this.rootOf(system, subchannel);
    if ((this.owners.get(root) ?? system) !== system) return false;
    return this.current.delete(root);
  }

  private rootOf(system: number, subchannel: number): number {
    const key = keyOf(system, subchannel);
    return this.roots.get(key) ?? key;
  }
}
