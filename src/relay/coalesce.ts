import type { Process, Steps } from '../kernel/process.ts';
import type { EventKind, TimerId } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import type { LinuxSystem } from '../linux/linux-system.ts';
import type { PathLink } from '../linux/subchannel.ts';
import { CHP_EVENT } from '../linux/subchannel-driver.ts';
import type { KernelRelay, PathEvent, RelayedDevice } from '../linux/vfio/event-relay.ts';
import { Work } from '../linux/work-queue.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { CoalescingWindow, type PathChange, type WindowKind } from './coalescing-window.ts';
import type { Relay } from './relay.ts';

/** One channel path whose changes are being gathered, and the devices that are to be told of the outcome. */
interface Gathering {
  readonly chpid: Chpid;
  readonly window: CoalescingWindow;
  readonly timer: TimerId;
  readonly work: Work;
  readonly paths: Map<RelayedDevice, PathMask>;
  last: PathLink | null;
}

/**
 * The kernel half of H: changes of a whole channel path wait for the end of a window, and the relay inside is told of the
 * outcome as of one event. Masks of the host, and operations on the path, do not wait; nor do links and varied paths.
 */
class CoalescingKernelRelay implements KernelRelay {
  readonly name: string;
  readonly offersSchib: boolean;
  readonly offersReports: boolean;
  private readonly over: KernelRelay;
  private readonly linux: LinuxSystem;
  private readonly kind: WindowKind;
  private readonly lengthNs: SimTime;
  private readonly ended: EventKind;
  private readonly gatherings: Gathering[] = [];

  constructor(over: KernelRelay, linux: LinuxSystem, kind: WindowKind, lengthNs: SimTime) {
    this.name = `coalesce.${over.name}`;
    this.offersSchib = over.offersSchib;
    this.offersReports = over.offersReports;
    this.over = over;
    this.linux = linux;
    this.kind = kind;
    this.lengthNs = lengthNs;
    this.ended = linux.sim.defineEvent(`${linux.name}.${this.name}`, (at) =>
      linux.systemQueue.queue(this.gatherings[at].work),
    );
  }

  *pathEvent(self: Process, device: RelayedDevice, event: PathEvent): Steps {
    const { link, mask } = event;
    const change = changeOf(event);
    if (change === null) return yield* this.over.pathEvent(self, device, event);
    const gathering = this.gatheringOf(link.chpid);
    gathering.paths.set(device, mask);
    // The first device that is told of an event stands for all, unless the window ends before the last is told.
    if (link === gathering.last && gathering.window.isOpen) return;
    gathering.last = link;
    const { sim } = this.linux;
    if (gathering.window.add(sim.now, change)) sim.arm(gathering.timer, this.lengthNs);
  }

  get held(): number {
    return this.over.held;
  }

  hasNews(device: RelayedDevice): boolean {
    return this.over.hasNews(device);
  }

  read(self: Process, device: RelayedDevice): Steps<number> {
    return this.over.read(self, device);
  }

  deviceGone(device: RelayedDevice): void {
    for (const { paths } of this.gatherings) paths.delete(device);
    this.over.deviceGone(device);
  }

  private gatheringOf(chpid: Chpid): Gathering {
    const known = this.gatherings.find((gathering) => gathering.chpid === chpid);
    if (known !== undefined) return known;
    const { sim, priority } = this.linux;
    const at = this.gatherings.length;
    const gathering: Gathering = {
      chpid,
      window: new CoalescingWindow(this.kind, this.lengthNs),
      timer: sim.defineTimer(priority, this.ended, at),
      work: new Work((self) => this.tell(self, gathering)),
      paths: new Map(),
      last: null,
    };
    this.gatherings.push(gathering);
    return gathering;
  }

  private *tell(self: Process, { chpid, window, paths }: Gathering): Steps {
    const change = window.close();
    const told = [...paths];
    paths.clear();
    if (change === null) return;
    const event = change === 'gone' ? CHP_EVENT.OFFLINE : CHP_EVENT.ONLINE;
    const link: PathLink = { chpid, flaMask: 0, fla: 0 };
    for (const [device, mask] of told) yield* this.over.pathEvent(self, device, { event, link, mask });
  }
}

/** What is gathered; null: what is passed on at once. */
function changeOf({ event, link }: PathEvent): PathChange | null {
  if (link.flaMask !== 0) return null;
  if (event === CHP_EVENT.OFFLINE) return 'gone';
  return event === CHP_EVENT.ONLINE ? 'back' : null;
}

/** H: wait for more before telling anything. */
export const coalesce = (over: Relay, window: WindowKind, lengthNs: SimTime): Relay => ({
  kernel: (host) => new CoalescingKernelRelay(over.kernel(host), host, window, lengthNs),
  vmm: over.vmm,
});
