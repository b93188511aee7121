import type { Process, Steps } from '../kernel/process.ts';
import {
  CHSC,
  CHSC_RESPONSE,
  type ChannelPathDescription,
  ChscBlock,
  type EventInformation,
  SEI_CONTENT,
  type SubchannelDescription,
} from '../zarch/chsc.ts';
import { type SubchannelId, ssidOf, subchannelNumberOf } from '../zarch/ids.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';
import type { LinuxSystem } from './linux-system.ts';
import type { PathLink } from './subchannel.ts';
import { CHP_EVENT } from './subchannel-driver.ts';

/** Requests to the channel subsystem, and the events that it tells about (chsc.c). */

/** Bits of the general and CHSC characteristics that this layer asks for (asm/css_chars.h). */
export const GENERAL_CHARACTERISTIC = { FCS: 46, CIB: 82, FCX: 88, UTILITY_STRING: 123 } as const;
export const CHSC_CHARACTERISTIC = { SECM: 84, SCMC: 86 } as const;

/** chsc_error_from_response. */
function errorFromResponse(response: number): Errno {
  switch (response) {
    case 0x0001:
      return E.OK;
    case 0x0002:
    case 0x0003:
    case 0x0006:
    case 0x0007:
    case 0x0008:
    case 0x000a:
    case 0x0104:
      return E.INVAL;
    case 0x0004:
    case 0x0106:
      return E.OPNOTSUPP;
    case 0x000b:
    case 0x0107:
      return E.BUSY;
    case 0x0100:
    case 0x0102:
      return E.NOMEM;
    case 0x0108:
      return E.USERS;
    default:
      return E.IO;
  }
}

/** Executes CHSC with the request in `block`; 0 or an error. */
export function* request(linux: LinuxSystem, self: Executor, block: ChscBlock): Steps<Errno> {
  const cc = yield* linux.io.chsc(self, block);
  if (cc !== 0) return cc === 3 ? E.NODEV : E.BUSY;
  return errorFromResponse(block.response);
}

/** A request that consists of a command and an operation code only. */
export function* simpleRequest(
  linux: LinuxSystem,
  self: Executor,
  command: number,
  operation: number,
): Steps<ChscBlock | null> {
  const block = new ChscBlock();
  block.command = command;
  block.operation = operation;
  return (yield* request(linux, self, block)) === E.OK ? block : null;
}

/** Store subchannel description (chsc_get_ssd_info); null when the machine does not tell. */
export function* storeSubchannelDescription(
  linux: LinuxSystem,
  self: Executor,
  block: ChscBlock,
  schid: SubchannelId,
): Steps<SubchannelDescription | null> {
  block.command = CHSC.STORE_SUBCHANNEL_DESCRIPTION;
  block.ssid = ssidOf(schid);
  block.first = subchannelNumberOf(schid);
  block.last = block.first;
  if ((yield* request(linux, self, block)) !== E.OK) return null;
  const description = block.subchannelDescriptions[0];
  return description?.valid === true ? description : null;
}

/** Store channel-path description in one format; null when the machine does not have it. */
export function* storePathDescription(
  linux: LinuxSystem,
  self: Executor,
  chpid: number,
  format: number,
): Steps<ChannelPathDescription | null> {
  const block = new ChscBlock();
  block.command = CHSC.STORE_CHANNEL_PATH_DESCRIPTION;
  block.first = chpid;
  block.last = chpid;
  block.format = format;
  if ((yield* request(linux, self, block)) !== E.OK) return null;
  return block.pathDescriptions[0] ?? null;
}

/**
 * Event information after a channel-subsystem report (chsc_process_event_information): read until the machine says that
 * no more is waiting.
 */
export function* processEventInformation(linux: LinuxSystem, self: Process): Steps {
  const block = new ChscBlock();
  for (;;) {
    block.command = CHSC.STORE_EVENT_INFORMATION;
    block.event = null;
    const cc = yield* linux.io.chsc(self, block);
    const event = block.event as EventInformation | null;
    if (cc !== 0 || block.response !== CHSC_RESPONSE.OK || event === null) return;
    if (event.notificationType === 0) yield* processChannelEvent(linux, self, event);
    else if (linux.pciEvents !== null) yield* linux.pciEvents(self, event);
    if (!event.more) return;
  }
}

function* processChannelEvent(linux: LinuxSystem, self: Process, event: EventInformation): Steps {
  switch (event.contentCode) {
    case SEI_CONTENT.RESOURCE_ACCESSIBILITY:
      if (event.reportingSource === 4) yield* processAccessibility(linux, self, event);
      break;
    case SEI_CONTENT.PATH_AVAILABILITY:
      for (const chpid of event.chpids) yield* linux.chps.refresh(self, chpid);
      break;
    case SEI_CONTENT.PATH_CONFIGURATION:
      for (const chpid of event.chpids) linux.chps.scheduleConfigure(chpid, event.operation);
      break;
    case FCES_EVENT:
      if (event.reportingSource === 4) yield* processEndpointSecurity(linux, self, event);
      break;
    // Link incidents are only printed, and other contents concern no channel paths.
  }
  if (event.overflow) linux.css.scheduleEvaluationOfAll();
}

const FCES_EVENT = 15;
const FULL_LINK_ADDRESS = 0xc0;

/** The CHPID and link that an event names (chsc_process_sei_res_acc). */
function linkOf(event: EventInformation): PathLink {
  const validity = event.validity & FULL_LINK_ADDRESS;
  const flaMask = validity === 0 ? 0 : validity === FULL_LINK_ADDRESS ? 0xffff : 0xff00;
  return { chpid: event.rsid & 0xff, flaMask, fla: event.fla };
}

/** Something can be reached again through a link: all its devices verify their paths. */
function* processAccessibility(linux: LinuxSystem, self: Process, event: EventInformation): Steps {
  const link = linkOf(event);
  if (linux.failBack !== null && !(yield* linux.failBack.admits(self, link.chpid))) return;
  const status = linux.chps.status(link.chpid);
  if (status === 0) return;
  yield* linux.chps.refresh(self, link.chpid);
  yield* linux.cioQueue.flush(self);
  yield* linux.chps.deliverOnline(self, link);
  linux.css.scheduleReprobe();
}

function* processEndpointSecurity(linux: LinuxSystem, self: Process, event: EventInformation): Steps {
  const link = linkOf(event);
  if (!linux.features.endpointSecurity || link.flaMask === 0 || !linux.chps.isRegistered(link.chpid)) return;
  yield* linux.css.deliver(self, link, CHP_EVENT.FCES);
}
