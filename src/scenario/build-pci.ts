import type { MachineChannelSubsystem } from '../channel/image.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { E } from '../linux/errno.ts';
import type { LinuxSystem } from '../linux/linux-system.ts';
import type { Observer } from '../observe/observer.ts';
import type { HostedChannelSubsystem } from '../qemu/hosted-css.ts';
import { GuestPci } from '../zpci/guest-pci.ts';
import type { IsmDevice } from '../zpci/ism-device.ts';
import { IsmMoves } from '../zpci/ism-moves.ts';
import { LinuxPci } from '../zpci/linux-pci.ts';
import type { MachinePci } from '../zpci/machine-pci.ts';
import { PciInstructions } from '../zpci/pci-instructions.ts';
import { PciMachine } from '../zpci/pci-machine.ts';
import { PCI_PATHS } from '../zpci/pci-paths.ts';
import type { BuiltHost } from './build-host.ts';
import type { ResolvedGuest, ResolvedHosting, ResolvedScenario, ResolvedSystemPci } from './resolved.ts';

/** PCI of one Linux: its functions, its moves, and the QEMU that gives them to it, where it is a guest. */
export interface BuiltPci {
  readonly machine: PciMachine;
  readonly linux: LinuxPci;
  readonly instructions: PciInstructions;
  readonly firmware: MachinePci;
  readonly moves: readonly IsmMoves[];
  readonly guest: GuestPci | null;
  /** System that the functions are of: of a guest, the host that gives them. */
  readonly host: number;
  readonly of: ResolvedSystemPci;
}

/** The machine's functions; null where it has none. */
export function buildPciMachine(
  { machine, systems }: ResolvedScenario,
  sim: Simulation,
  images: readonly MachineChannelSubsystem[],
  observer: Observer,
): PciMachine | null {
  const { pci } = machine;
  if (pci === undefined) return null;
  const ownerOf = (id: number): number =>
    systems.findIndex((system) => system.kind !== 'guest' && system.pci?.functions.includes(id) === true);
  return new PciMachine({
    sim,
    observer,
    images,
    functions: pci.functions.map(({ name, type, state }, at) => ({
      name,
      type,
      state: state === 'configured' ? 'disabled' : state,
      system: ownerOf(at + 1),
    })),
    mio: pci.mio,
    longestStore: pci.longestStore,
    detectNs: pci.detectNs,
    costs: pci.costs,
  });
}

/** PCI of a partition, or of a KVM host; null where it has no functions. */
export function buildPartitionPci(
  pci: ResolvedSystemPci | undefined,
  linux: LinuxSystem,
  machine: PciMachine | null,
): BuiltPci | null {
  if (pci === undefined || machine === null) return null;
  const firmware = machine.firmware(pci.functions, pci.mio);
  const instructions = new PciInstructions(firmware, linux.observer, linux.system);
  const own = new LinuxPci(linux, instructions, new Set(pci.passedThrough));
  return {
    machine,
    linux: own,
    instructions,
    firmware,
    guest: null,
    host: linux.system,
    of: pci,
    moves: movesOf(pci, own, machine),
  };
}

/** PCI of a guest, whose QEMU takes the functions from its host. */
export function buildGuestPci(
  guest: ResolvedGuest,
  hosting: ResolvedHosting,
  linux: LinuxSystem,
  vm: HostedChannelSubsystem,
  host: BuiltHost,
  sim: Simulation,
): BuiltPci | null {
  const { pci } = guest;
  const hostPci = host.pci;
  if (pci === undefined || hostPci === null) return null;
  const { machine } = hostPci;
  const path = PCI_PATHS[pci.path];
  const { features } = host.linux;
  const qemu = new GuestPci({
    name: guest.name,
    sim,
    loop: vm.loop,
    observer: linux.observer,
    system: linux.system,
    path,
    costs: hosting.costs,
    features: vm.css.features,
    host: {
      instructions: hostPci.instructions,
      features,
      kernel: features,
      mio: machine.hasMio && hostPci.of.mio,
    },
    hostFirmware: hostPci.firmware,
    firmware: machine.firmware(pci.functions, false),
    events: vm.css.pciEvents,
  });
  const instructions = new PciInstructions(qemu.qemu, linux.observer, linux.system);
  const own = new LinuxPci(linux, instructions, new Set());
  return {
    machine,
    linux: own,
    instructions,
    firmware: hostPci.firmware,
    guest: qemu,
    host: host.linux.system,
    of: pci,
    moves: movesOf(pci, own, machine),
  };
}

const movesOf = (pci: ResolvedSystemPci, linux: LinuxPci, machine: PciMachine): IsmMoves[] =>
  pci.moves.map(
    (options) => new IsmMoves(linux, options, machine.function(options.function).device as IsmDevice),
  );

/** What a Linux does about its functions when it has booted. */
export function startPci(pci: BuiltPci | null): void {
  if (pci === null) return;
  const { linux, moves } = pci;
  linux.linux.spawn('pci', (self) => linux.scan(self));
  for (const [at, move] of moves.entries()) linux.linux.spawn(`move-${at}`, (self) => move.run(self));
}

/** QEMU plugs the functions of its command line in; false: it refuses one, and ends. */
export function* realizeFunctions(self: Process, pci: BuiltPci | null): Steps<boolean> {
  if (pci?.guest == null) return true;
  for (const id of pci.of.functions) {
    if (pci.of.plugged.includes(id)) continue;
    const target = pci.machine.function(id);
    if ((yield* pci.guest.plug(self, target, false)) !== E.OK) return false;
  }
  return true;
}
