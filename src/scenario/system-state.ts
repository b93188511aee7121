import { type ShownDasd, shownDasd } from '../linux/dasd/sysfs.ts';
import {
  type ShownChannelPath,
  type ShownSubchannel,
  shownChannelPaths,
  shownSubchannels,
} from '../linux/sysfs.ts';
import type { BuiltMachine } from './build-machine.ts';
import type { BuiltLinux, BuiltSystem } from './build-systems.ts';

/** What the tools of one Linux would show at this moment. */
export interface SystemState {
  readonly name: string;
  readonly channelPaths: readonly (ShownChannelPath & { readonly configured: boolean | null })[];
  readonly subchannels: readonly ShownSubchannel[];
  readonly dasd: readonly ShownDasd[];
}

/** Of every system in which Linux runs, in the order of the scenario. */
export const systemStates = (built: BuiltMachine, systems: readonly BuiltSystem[]): SystemState[] =>
  systems.flatMap((system) => (system.kind === 'zvm-host' ? [] : [systemState(built, system)]));

function systemState(built: BuiltMachine, system: BuiltLinux): SystemState {
  const { linux, volumes } = system;
  return {
    name: linux.name,
    channelPaths: shownChannelPaths(linux).map((path) => ({
      ...path,
      configured: isConfigured(built, system, path.chpid),
    })),
    subchannels: shownSubchannels(linux),
    dasd: volumes === null ? [] : shownDasd(volumes.dasd),
  };
}

/** What the support element answers; null: it is out of the guest's reach (sclp_chp_read_info fails). */
function isConfigured(built: BuiltMachine, { kind, css, linux }: BuiltLinux, chpid: number): boolean | null {
  if (kind !== 'partition' || linux.serviceProcessor === null) return null;
  return css.isConfigured(built.path(chpid));
}
