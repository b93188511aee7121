import type { ControlProgramOptions } from '../zvm/options.ts';
import type { Issues, Path } from './errors.ts';
import { resolveDasdOptions } from './resolve-costs.ts';
import { type GuestSurroundings, onlineOf, refuseTaken } from './resolve-hosting.ts';
import type { ResolvedDedication, ResolvedHypervisor } from './resolved.ts';
import type { ParsedSystem } from './schema-systems.ts';
import { CONTROL_PROGRAM_DEFAULTS } from './schema-zvm.ts';
import { selectDevices } from './select-devices.ts';

/** z/VM that a guest is on, among the systems before it. */
export interface HypervisorChoice {
  readonly position: number;
  readonly hypervisor: ResolvedHypervisor;
}

export function resolveControlProgram({ cp, costs }: ParsedSystem): ControlProgramOptions {
  const { show, foreignGroup, senseGroup, intercept } = cp ?? CONTROL_PROGRAM_DEFAULTS;
  return {
    show,
    foreignGroup,
    senseGroup,
    costs: { interceptNs: intercept, interruptNs: costs.interrupt, machineCheckNs: costs.mcckToHandler },
  };
}

/** Keys of QEMU, which z/VM is not. */
const OF_QEMU = [
  'qemu',
  'squashMcss',
  'accelerator',
  'virtio',
  'terminal',
  'commandLine',
  'drivers',
  'setUp',
  'forcePrefetch',
] as const;

/** What is dedicated to a guest. */
export function resolveDedication(
  system: ParsedSystem,
  { position, hypervisor }: HypervisorChoice,
  { before, here, issues }: GuestSurroundings,
): ResolvedDedication {
  for (const key of OF_QEMU) {
    if (system[key] !== undefined) issues.key([...here, key], 'has no meaning under z/VM', 'leave it out');
  }
  const place = [...here, 'passthrough'];
  const where = `in system ${hypervisor.name}`;
  const devices = selectDevices(system.passthrough ?? [], hypervisor.dasd, where, place, issues);
  refuseTaken(devices, position, before, place, issues);
  const online = onlineOf(system, devices);
  return { host: position, passthrough: devices, online, dasdOptions: resolveDasdOptions(system) };
}

/** CP takes no orders here: only its guests and partitions have operators. */
export function refuseHypervisor(kind: string, name: string, place: Path, issues: Issues): void {
  if (kind !== 'zvm-host') return;
  issues.value([...place, 'system'], `system ${name} runs CP`, 'name a guest, or a partition');
}
