import type { VmmRelay } from '../qemu/event-relay.ts';
import type { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import { crwWord, decodeCrw, RSC } from '../zarch/crw.ts';
import type { Chpid } from '../zarch/ids.ts';
import { modifiedMachine } from './modified-machine.ts';
import type { Relay } from './relay.ts';

/** CHPIDs of a host and those by which one guest knows them, in the order in which the guest came to know them. */
export class GuestChpidTable {
  private readonly guestOf = new Map<Chpid, Chpid>();
  private readonly isFree: (chpid: Chpid) => boolean;

  /** `isFree`: no channel path of the guest has this number. */
  constructor(isFree: (chpid: Chpid) => boolean) {
    this.isFree = isFree;
  }

  /** The guest's number of a path of the host: the lowest that is free, but never 0, which belongs to virtio devices. */
  add(host: Chpid): Chpid {
    const known = this.guestOf.get(host);
    if (known !== undefined) return known;
    const taken = new Set(this.guestOf.values());
    let chpid = 1;
    while (chpid < LAST_CHPID && (taken.has(chpid) || !this.isFree(chpid))) chpid++;
    this.guestOf.set(host, chpid);
    return chpid;
  }

  /** A report about a channel path of the host as one about the guest's; null: the guest has no such path. */
  translate(word: number): number | null {
    const crw = decodeCrw(word);
    if (crw.rsc !== RSC.CHANNEL_PATH) return word;
    const rsid = this.guestOf.get(crw.rsid);
    return rsid === undefined ? null : crwWord({ ...crw, rsid });
  }
}

const LAST_CHPID = 0xff;

/**
 * I: channel paths of the host have numbers of their own in each guest. None is that of the virtio devices, and a guest
 * that moves to another host can keep them.
 */
export const virtualChpids = (over: Relay): Relay => ({
  kernel: over.kernel,
  vmm: (machine) => {
    const table = new GuestChpidTable((chpid) => machine.css.image(0, 0)?.path(chpid) === undefined);
    const report = (word: number): void => {
      const translated = table.translate(word);
      if (translated !== null) machine.report(translated);
    };
    const relay: VmmRelay = over.vmm(modifiedMachine(machine, report));
    relay.guestChpid = (_device: PassthroughDevice, chpid: Chpid): Chpid => table.add(chpid);
    return relay;
  },
});
