import { BLIND } from '../observe/observer.ts';
import { type BusId, DeviceConfiguration, VIRTUAL_CSSID } from '../qemu/device-configuration.ts';
import { PROGRAM } from '../qemu/program-result.ts';
import { QEMU_RELEASES, type QemuRelease } from '../qemu/qemu-features.ts';
import type { VirtualDevice } from '../qemu/subchannel.ts';
import { QemuTrace } from '../qemu/trace.ts';
import type { Issues, Path } from './errors.ts';
import type { DeviceSelection } from './fields.ts';
import type {
  DeviceRange,
  ResolvedGuestDevice,
  ResolvedHostDevice,
  ResolvedVirtualDevice,
} from './resolved.ts';
import { PASSED_THROUGH, type ParsedCommandLine } from './schema-guest.ts';

/** What the command line asks for: a device, and the bus id that it is to have; null: QEMU chooses one. */
export type DeviceRequest = { readonly wanted: BusId | null } & (
  | Pick<ResolvedVirtualDevice, 'type'>
  | Pick<ResolvedHostDevice, 'type' | 'of'>
);

/** The machine options that decide about bus ids. */
export interface BusIdOptions {
  readonly release: QemuRelease;
  readonly squashMcss: boolean | null;
}

/** The devices of a command line that is written out. */
export function readCommandLine(
  commandLine: ParsedCommandLine,
  place: Path,
  issues: Issues,
): DeviceRequest[] {
  return commandLine.flatMap(({ type, device, devno }, index): DeviceRequest[] => {
    const here = [...place, index];
    const wanted = devno?.map(({ value }) => value);
    if (type !== PASSED_THROUGH) {
      if (device !== undefined) issues.key([...here, 'device'], 'is no device of a host', 'use devno');
      return (wanted ?? [null]).map((busId) => ({ type, wanted: busId }));
    }
    const own = (device ?? []).flatMap(({ value }) => devicesOf(value));
    if (own.length === 0) issues.key(here, 'names no device of the host', 'add device, such as 0.0.1000');
    if (wanted !== undefined && wanted.length !== own.length) {
      const problem = `has ${wanted.length} bus ids for ${own.length} devices`;
      issues.value([...here, 'devno'], problem, 'write as many, or leave it out for automatic ones');
    }
    return own.map((of, at) => ({ type, of, wanted: wanted?.[at] ?? null }));
  });
}

/** Devices of the host that a command line names, with their places below it. */
export const hostDevices = (commandLine: ParsedCommandLine): DeviceSelection =>
  commandLine.flatMap(({ type, device = [] }, index) =>
    type === PASSED_THROUGH ? device.map(({ value, at }) => ({ value, at: [index, 'device', ...at] })) : [],
  );

/**
 * The bus id of a device that is to keep its number. Before images were unrestricted, a device of the host was in any but
 * that of virtual ones.
 */
export const ownBusId = (
  release: QemuRelease,
  passedThrough: boolean,
  { ssid, deviceNumber }: Omit<BusId, 'cssid'>,
): BusId => {
  const { imagesUnrestricted } = QEMU_RELEASES[release];
  return { cssid: passedThrough && !imagesUnrestricted ? 0 : VIRTUAL_CSSID, ssid, deviceNumber };
};

/**
 * The devices with the bus ids that they come to. One that QEMU is going to refuse keeps the one that it asked for; those
 * behind it are never looked at, as QEMU ends there.
 */
export function numberDevices(
  requests: readonly DeviceRequest[],
  options: BusIdOptions,
): ResolvedGuestDevice[] {
  const devices = deviceConfiguration(options);
  return requests.map(({ wanted, ...device }) => {
    const given = devices.assign(device.type === PASSED_THROUGH ? OF_THE_HOST : VIRTUAL, wanted);
    const busId = typeof given === 'string' ? (wanted ?? NOWHERE) : busIdOf(given);
    return { ...device, ...busId, wanted };
  });
}

/** Image that a guest knows as its only one, 0. */
export const defaultImage = (options: BusIdOptions): number => deviceConfiguration(options).defaultCssid;

function deviceConfiguration({ release, squashMcss }: BusIdOptions): DeviceConfiguration {
  const squashes = squashMcss === true && QEMU_RELEASES[release].squashOption !== 'unknown';
  return new DeviceConfiguration(QEMU_RELEASES[release], squashes, new QemuTrace(BLIND, 0));
}

const busIdOf = ({ cssid, ssid, deviceNumber }: BusId): BusId => ({ cssid, ssid, deviceNumber });

const devicesOf = ({ ssid, first, last }: DeviceRange): { ssid: number; deviceNumber: number }[] =>
  Array.from({ length: last - first + 1 }, (_, ordinal) => ({ ssid, deviceNumber: first + ordinal }));

/** Where a device is that gets no place. */
const NOWHERE: BusId = { cssid: VIRTUAL_CSSID, ssid: 0, deviceNumber: 0 };

/** Devices that are only there to be given numbers. */
const VIRTUAL: VirtualDevice = {
  cuType: 0,
  cuModel: 0,
  pathType: 0,
  passedThrough: false,
  execute: () => PROGRAM.REJECT,
  disabled() {},
  reset() {},
};
const OF_THE_HOST: VirtualDevice = { ...VIRTUAL, passedThrough: true };
