import { formatBusId } from '../zarch/ids.ts';
import type { DeviceFacts, KnownDevice, MachineFacts } from './device-facts.ts';
import type { TracedEvent } from './ftrace-events.ts';
import type { ReportedChanges } from './traced-reports.ts';
import { startsByPurpose } from './traced-requests.ts';
import { isSchib, pathTo, type TracedSchib, type TracedSubchannel } from './traced-subchannels.ts';

/** A subchannel of the trace with the device on it. */
export interface TracedDevice extends TracedSubchannel {
  readonly deviceNumber: number;
}

/** SCHIBs do not tell types. */
const ASSUMED: DeviceFacts = {
  devType: { type: 0x3390, model: 0x0c },
  cuType: { type: 0x2107, model: 0xe8 },
};
const FICON = 0x1b;

/**
 * Which devices the subchannels of a trace have: by their SCHIBs, else by lscss, else by a guess, which `notes` tell. Where
 * lscss was given, a device that is not in it is kept out.
 */
export function tracedDevices(
  subchannels: readonly TracedSubchannel[],
  facts: MachineFacts,
  notes: string[],
): TracedDevice[] {
  const known = new Map(facts.devices.map((device) => [`${device.ssid}.${device.facts.subchannel}`, device]));
  const taken = new Set(subchannels.map(({ ssid, schib }) => `${ssid}.${schib?.deviceNumber}`));
  return subchannels.flatMap((sch): TracedDevice[] => {
    const { ssid, number, schib } = sch;
    const listed = known.get(`${ssid}.${number}`);
    if (known.size > 0 && listed === undefined) {
      facts.keepOut('devices of the trace that are not in lscss');
      return [];
    }
    const told = schib?.deviceNumber ?? listed?.deviceNumber;
    if (told !== undefined) return [{ ...sch, deviceNumber: told }];
    let guess = number;
    while (taken.has(`${ssid}.${guess}`)) guess = (guess + 1) & 0xffff;
    taken.add(`${ssid}.${guess}`);
    const name = formatBusId(0, ssid, number);
    notes.push(
      `Subchannel ${name}: no SCHIB of it in the trace; assumed device ${formatBusId(0, ssid, guess)}.`,
    );
    return [{ ...sch, deviceNumber: guess }];
  });
}

/** Adds the devices to what the tools have told, as they were before the first report. */
export function addTraced(
  devices: readonly TracedDevice[],
  { before }: ReportedChanges,
  facts: MachineFacts,
  notes: string[],
): void {
  const listed = facts.devices;
  for (const device of devices) {
    const { ssid, deviceNumber, number } = device;
    const schib = device.schib ?? neighbour(device, devices, listed, notes);
    facts.correct(ssid, deviceNumber, {
      ...(listed.length === 0 && ASSUMED),
      subchannel: number,
      online: isOnline(device),
      ...(schib !== null && masksBefore(schib, before)),
    });
  }
  for (const [chpid, wasThere] of before) {
    facts.correctChpid(chpid, { configured: wasThere, ...(!facts.chpids.has(chpid) && { type: FICON }) });
  }
}

/** Paths of a device of which there is no SCHIB: lscss tells them, else those of another device are assumed. */
function neighbour(
  { ssid, deviceNumber }: TracedDevice,
  devices: readonly TracedDevice[],
  listed: readonly KnownDevice[],
  notes: string[],
): TracedSchib | null {
  if (listed.some((device) => device.ssid === ssid && device.deviceNumber === deviceNumber)) return null;
  const other = devices.find(({ schib }) => schib !== null);
  if (other === undefined) return null;
  const name = formatBusId(0, ssid, deviceNumber);
  notes.push(
    `Paths of ${name}: not in the trace; assumed those of ${formatBusId(0, other.ssid, other.deviceNumber)}.`,
  );
  return other.schib;
}

/** A channel path that a report tells to have gone was there before, one that has come was not. */
function masksBefore({ pim, pam, pom, chpids }: TracedSchib, before: ReportedChanges['before']): DeviceFacts {
  let there = 0;
  let missing = 0;
  for (const [chpid, wasThere] of before) {
    const bit = pathTo(chpid, { pim, chpids });
    if (wasThere) there |= bit;
    else missing |= bit;
  }
  return { pim, pam: (pam | there) & ~missing, pom: pom | there, chpids };
}

/** Linux enables the subchannels of devices that are in use; one that was given up in the end may have been. */
function isOnline({ events }: TracedDevice): boolean {
  const last = events.findLast(isSchib) as TracedEvent | undefined;
  return last?.fields['ena'] === 1 || startsByPurpose(events).requests.length > 0;
}
