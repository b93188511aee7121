import type { BusId, PlugError } from './device-configuration.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import { assignVirtual, type DeviceSpecification, realizeVirtual } from './hot-plug.ts';
import type { VirtualSubchannel } from './subchannel.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';
import { assignSubchannel } from './vfio-realize.ts';
import type { VirtualChannelSubsystem } from './virtual-css.ts';

/**
 * QEMU's command line: its devices get their subchannels in the order in which they stand there, each the lowest number
 * that is free, and their channel paths when QEMU starts.
 */
export type CommandLineEntry = VirtualEntry | HostEntry;

export interface VirtualEntry {
  readonly kind: 'virtual';
  readonly specification: DeviceSpecification;
  /** What it gets, or why it gets none. */
  readonly sch: VirtualSubchannel | PlugError;
}

/** A device of the host. */
export interface HostEntry {
  readonly kind: 'host';
  readonly device: PassthroughDevice;
  /** The bus id asked for; null: QEMU chooses one. */
  readonly wanted: BusId | null;
  /** Why it gets no subchannel; null: it has one. */
  readonly problem: PlugError | null;
}

export const virtualEntry = (
  css: VirtualChannelSubsystem,
  specification: DeviceSpecification,
): VirtualEntry => ({ kind: 'virtual', specification, sch: assignVirtual(css, specification) });

export function hostEntry(
  vm: HostedChannelSubsystem,
  device: PassthroughDevice,
  wanted: BusId | null,
): HostEntry {
  const sch = assignSubchannel(vm, device, wanted);
  return { kind: 'host', device, wanted, problem: typeof sch === 'string' ? sch : null };
}

/** Whether the release knows the options of its machine; one that is about to go gives a warning when it is on. */
export function acceptOptions({ options, features, trace }: VirtualChannelSubsystem): boolean {
  const { squashMcss } = options;
  if (squashMcss === null) return true;
  if (features.squashOption === 'unknown') {
    trace.refused("Property '.s390-squash-mcss' not found", null);
    return false;
  }
  if (squashMcss && features.squashOption === 'deprecated') trace.deprecated();
  return true;
}

/** Whether QEMU goes on: a device without subchannel or channel path is the end of it. */
export function realizeEntry(css: VirtualChannelSubsystem, { sch, specification }: VirtualEntry): boolean {
  const problem = typeof sch === 'string' ? sch : realizeVirtual(css, sch, specification);
  if (problem === null) return true;
  css.trace.refused(problem, specification.busId ?? null);
  return false;
}
