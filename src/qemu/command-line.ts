import type { BusId, PlugError } from './device-configuration.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import { assignVirtual, type DeviceSpecification, realizeVirtual } from './hot-plug.ts';
import type { Refusal } from './refusals.ts';
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

/** What is wrong with the options of the machine, or null. */
export const optionRefusal = ({ options, features }: VirtualChannelSubsystem): Refusal | null =>
  options.squashMcss !== null && features.squashOption === 'unknown'
    ? "Property '.s390-squash-mcss' not found"
    : null;

/** Whether the release warns of an option: one that is about to go, when it is on. */
export const warnsOfOption = ({ options, features }: VirtualChannelSubsystem): boolean =>
  options.squashMcss === true && features.squashOption === 'deprecated';

/** Why a device cannot be realized, or null. */
export const entryRefusal = (
  css: VirtualChannelSubsystem,
  { sch, specification }: VirtualEntry,
): PlugError | null => (typeof sch === 'string' ? sch : realizeVirtual(css, sch, specification));

/** Whether QEMU goes on behind its options, with what it has to say about them. */
export function acceptOptions(css: VirtualChannelSubsystem): boolean {
  const refusal = optionRefusal(css);
  if (refusal !== null) css.trace.refused(refusal, null);
  else if (warnsOfOption(css)) css.trace.deprecated();
  return refusal === null;
}

/** Whether QEMU goes on: a device without subchannel or channel path is the end of it. */
export function realizeEntry(css: VirtualChannelSubsystem, entry: VirtualEntry): boolean {
  const refusal = entryRefusal(css, entry);
  if (refusal !== null) css.trace.refused(refusal, entry.specification.busId ?? null);
  return refusal === null;
}
