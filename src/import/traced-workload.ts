import { formatBusId } from '../zarch/ids.ts';
import { type BlockEvent, blockEvents, disksBySubchannel, subchannelKey } from './block-requests.ts';
import type { MachineFacts } from './device-facts.ts';
import type { TracedEvent } from './ftrace-events.ts';
import type { TracedDevice } from './traced-machine.ts';
import { startsByPurpose } from './traced-requests.ts';

/** A request of a replay. */
export interface TracedRequest {
  readonly timeUs: number;
  readonly device: string;
  readonly sector: number;
  readonly sectors: number;
  readonly write: boolean;
}

export interface TracedWorkload {
  /** In order of time. */
  readonly requests: readonly TracedRequest[];
  /** Devices that have some, ascending. */
  readonly devices: readonly string[];
  /** Starts that are not replayed, because the simulated kernel has its own. */
  readonly verification: number;
  readonly bringUp: number;
  readonly cancelled: number;
  /** Devices whose requests are those of the block layer; the others' are guessed from starts. */
  readonly fromBlocks: number;
}

/** A request of which only the start is known reads so much, behind the one before it. */
const SECTORS = 8;

/** What applications have asked of the devices: what the block layer tells, else one request for each start. */
export function tracedWorkload(
  devices: readonly TracedDevice[],
  events: readonly TracedEvent[],
  facts: MachineFacts,
): TracedWorkload {
  const blocks = blocksByDevice(devices, events, facts);
  const requests: TracedRequest[] = [];
  let [verification, bringUp, cancelled] = [0, 0, 0];
  for (const device of devices) {
    const name = formatBusId(0, device.ssid, device.deviceNumber);
    const purposes = startsByPurpose(device.events);
    verification += purposes.verification;
    bringUp += purposes.bringUp;
    cancelled += purposes.cancelled;
    const known = blocks.get(name);
    if (known !== undefined) for (const block of known) requests.push({ ...block, device: name });
    else {
      for (const [at, { timeUs }] of purposes.requests.entries()) {
        requests.push({ timeUs, device: name, sector: at * SECTORS, sectors: SECTORS, write: false });
      }
    }
  }
  requests.sort((a, b) => a.timeUs - b.timeUs);
  return {
    requests,
    devices: [...new Set(requests.map(({ device }) => device))].sort(),
    verification,
    bringUp,
    cancelled,
    fromBlocks: blocks.size,
  };
}

/** Requests of the block layer by device: lsdasd tells whose a disk is, else the starts behind the requests do. */
function blocksByDevice(
  devices: readonly TracedDevice[],
  events: readonly TracedEvent[],
  facts: MachineFacts,
): Map<string, BlockEvent[]> {
  const found = blockEvents(events);
  const guessed = disksBySubchannel(events);
  const minors = new Map(
    facts.devices.map((device) => [formatBusId(0, device.ssid, device.deviceNumber), device.facts.minor]),
  );
  const names = new Map<number, string>();
  for (const device of devices) {
    const name = formatBusId(0, device.ssid, device.deviceNumber);
    const told = minors.get(name);
    if (told !== undefined) names.set(told, name);
    else for (const [disk, key] of guessed) if (key === subchannelKey(device)) names.set(disk, name);
  }
  const byDevice = new Map<string, BlockEvent[]>();
  for (const block of found) {
    const name = names.get(block.minor);
    if (name === undefined) {
      facts.keepOut(`requests of disk 94,${block.minor}, which is none of the devices`);
      continue;
    }
    const own = byDevice.get(name);
    if (own === undefined) byDevice.set(name, [block]);
    else own.push(block);
  }
  return byDevice;
}
