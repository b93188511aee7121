import type { Subchannel } from '../channel/subchannel.ts';
import type { StorageControlUnit } from '../dasd/control-unit.ts';
import type { ObservedSubchannel } from '../observe/path-times.ts';
import { formatBusId, subchannelId } from '../zarch/ids.ts';
import { NO_PATHS } from '../zarch/path-mask.ts';
import type { BuiltMachine } from './build-machine.ts';
import type { BuiltSystem } from './build-systems.ts';
import type { BuiltDedicatedGuest } from './build-zvm.ts';

/** Every device as the system sees it that does I/O on it: one that is passed through is the guest's, and not the host's. */
export function observedSubchannels(
  built: BuiltMachine,
  systems: readonly BuiltSystem[],
): ObservedSubchannel[] {
  const withPaths = built.machine.subchannels.filter(({ paths }) => paths.length > 0);
  const hosts = withPaths.map((sch) => observed(built, sch));
  const guests = systems.flatMap((system, number) => {
    if (system.kind === 'zvm-guest') return ofGuest(hosts, system.devices, system.host, number);
    if (system.kind !== 'guest' || system.machine === null) return [];
    const { devices, host } = system.machine;
    const known = devices.map(({ device: { sch }, of }) => ({
      subchannel: subchannelId(0, sch.ssid, sch.number),
      of,
    }));
    return ofGuest(hosts, known, host, number);
  });
  const passedOn = new Set(guests.map(({ image, device }) => `${image} ${device}`));
  return [...hosts.filter(({ system, device }) => !passedOn.has(`${system} ${device}`)), ...guests];
}

function observed({ controlUnits }: BuiltMachine, sch: Subchannel): ObservedSubchannel {
  const { id, host, paths, controlUnit, schib } = sch;
  const missing = schib.pmcw.pim & ~schib.pmcw.pam;
  return {
    system: host,
    subchannel: id,
    chpids: paths.map(({ chpid }) => chpid),
    ...(missing !== NO_PATHS && { missing }),
    controlUnit: controlUnits.indexOf(controlUnit.controlUnit as StorageControlUnit),
    device: formatBusId(0, (id >>> 16) & 3, schib.pmcw.deviceNumber),
  };
}

/** The guest's subchannel has another number; which paths there are is the host's truth. */
function ofGuest(
  hosts: readonly ObservedSubchannel[],
  devices: BuiltDedicatedGuest['devices'],
  host: number,
  system: number,
): ObservedSubchannel[] {
  const byDevice = new Map(hosts.filter((it) => it.system === host).map((it) => [it.device, it]));
  return devices.flatMap(({ subchannel, of }) => {
    const known = byDevice.get(formatBusId(0, of.ssid, of.deviceNumber));
    if (known === undefined) return [];
    return [{ ...known, system, image: host, imageSubchannel: known.subchannel, subchannel }];
  });
}
