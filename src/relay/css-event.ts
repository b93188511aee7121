import type { Process, Steps } from '../kernel/process.ts';
import type { PathLink } from '../linux/subchannel.ts';
import type { RelayMachine, VmmRelay } from '../qemu/event-relay.ts';
import type { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import {
  CHSC,
  CHSC_RESPONSE,
  type ChscBlock,
  type EventInformation,
  NOTIFICATION,
  SEI_CONTENT,
} from '../zarch/chsc.ts';
import { Crw, crwWord, decodeCrw, ERC, RSC } from '../zarch/crw.ts';
import { atOnce } from './at-once.ts';
import { eventWords, linkOf } from './event-word.ts';
import { guestChpidOf } from './guest-chpids.ts';
import { MachineWideKernelRelay, REPORTS_LOST } from './machine-wide-kernel.ts';
import type { Relay } from './relay.ts';

class EventsOfMachine extends MachineWideKernelRelay {
  protected override readonly tellsLoss = true;

  protected override wordsOf(report: number, link: PathLink): number[] {
    return eventWords(report, link);
  }
}

/** Reporting source of event information: a channel path; and how much of the link address is valid. */
const CHANNEL_PATH = 4;
const VALIDITY: Readonly<Record<number, number>> = { 0: 0, 65280: 0x80, 65535: 0xc0 };

/**
 * What QEMU keeps for the guest. One channel-subsystem report says that there are events, and another is made only after
 * the guest has read the last of them, as for PCI functions.
 *
 * An event says "resource accessibility": which channel path can be reached again, and perhaps through which link. No
 * content code takes a path away: Linux logs link incidents and forgets path availability, and adds the path of resource
 * accessibility to its masks before it looks, for good where it cannot look (chsc.c:chsc_process_sei_nt0). So a loss is
 * told by the overflow bit, upon which a guest believes nothing and looks at all its subchannels; any number of losses,
 * and any event that found no room, make it look once.
 */
class EventInformationRelay implements VmmRelay {
  private readonly machine: RelayMachine;
  private readonly events: PathLink[] = [];
  /** The guest has to look at everything, which the next event says, or one about nothing. */
  private overflow = false;
  private reported = false;

  constructor(machine: RelayMachine) {
    this.machine = machine;
  }

  *pathNotified(self: Process, device: PassthroughDevice): Steps {
    for (let word = yield* device.readReport(self); word !== 0; word = yield* device.readReport(self)) {
      if (word === REPORTS_LOST) {
        this.overflow = true;
        continue;
      }
      const { chained, rsid, erc } = decodeCrw(word);
      const chpid = guestChpidOf(device, rsid);
      const link =
        chained === 1 ? linkOf(chpid, yield* device.readReport(self)) : { chpid, flaMask: 0, fla: 0 };
      if (erc === ERC.INITIALIZED) this.keep(link);
      else this.overflow = true;
    }
    if (this.reported || (this.events.length === 0 && !this.overflow)) return;
    this.reported = true;
    this.machine.report(EVENT_PENDING);
  }

  storeSubchannel(self: Process, device: PassthroughDevice): Steps {
    return device.refreshPaths(self);
  }

  call(_self: Process, block: ChscBlock): Steps<boolean> {
    return atOnce(this.storeEvent(block));
  }

  /** The report has been forgotten, events wait on. */
  reset(): Steps {
    this.reported = false;
    return atOnce();
  }

  private keep(link: PathLink): void {
    const { length } = this.events;
    if (length < MOST_EVENTS && this.machine.css.reports.storage.hasRoom(length)) this.events.push(link);
    else this.overflow = true;
  }

  /** Whether the request was for an event, and there was one. */
  private storeEvent(block: ChscBlock): boolean {
    const asksForEvents = block.command === CHSC.STORE_EVENT_INFORMATION;
    if (!asksForEvents || (block.notifications & NOTIFICATION.TYPE_0) === 0) return false;
    const link = this.events.shift();
    if (link === undefined && !this.overflow) return false;
    const more = this.events.length > 0;
    this.reported = more;
    const event = link === undefined ? NOTHING : eventInformation(link, more);
    block.event = { ...event, overflow: this.overflow };
    this.overflow = false;
    block.response = CHSC_RESPONSE.OK;
    return true;
  }
}

/** G: one report for the channel subsystem; CHANNEL SUBSYSTEM CALL tells which channel path and link came, or that some went. */
export const cssEvent: Relay = {
  kernel: () => new EventsOfMachine('css-event'),
  vmm: (machine) => new EventInformationRelay(machine),
};

/** Events that QEMU keeps, one for each channel path that there can be: a guest that never asks costs no more storage. */
const MOST_EVENTS = 256;

const EVENT_PENDING = crwWord({ ...new Crw(), rsc: RSC.CHANNEL_SUBSYSTEM });

const eventInformation = ({ chpid, flaMask, fla }: PathLink, more: boolean): EventInformation => ({
  more,
  overflow: false,
  notificationType: 0,
  contentCode: SEI_CONTENT.RESOURCE_ACCESSIBILITY,
  reportingSource: CHANNEL_PATH,
  rsid: chpid,
  validity: VALIDITY[flaMask],
  fla,
  incidentClass: 0,
  chpids: [],
  operation: 0,
});

/** An event from no reporting source. */
const NOTHING: EventInformation = {
  ...eventInformation({ chpid: 0, flaMask: 0, fla: 0 }, false),
  reportingSource: 0,
};
