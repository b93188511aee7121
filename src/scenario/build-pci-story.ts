import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { E, type Errno } from '../linux/errno.ts';
import type { PciMachine } from '../zpci/pci-machine.ts';
import type { BuiltPci } from './build-pci.ts';
import type { BuiltLinux } from './build-systems.ts';
import type { ResolvedPciFault } from './resolve-pci-story.ts';
import type { PciActionKind } from './resolved-actions.ts';

/** An address that an error event names: which does not matter to anybody here. */
const FAILING_ADDRESS = 0;

/** What happens to PCI functions from outside; built last, and only where a scenario has it. */
export function schedulePciFaults(
  faults: readonly ResolvedPciFault[] | undefined,
  machine: PciMachine | null,
  sim: Simulation,
): void {
  if (faults === undefined || machine === null) return;
  const step = sim.defineEvent('pci-fault', (index) => {
    const fault = faults[index];
    for (const id of fault.functions) {
      if (fault.kind === 'error') machine.fail(id, fault.code, FAILING_ADDRESS);
      else machine.configure(id, fault.state, fault.asked);
    }
  });
  faults.forEach(({ atNs }, index) => {
    sim.at(atNs, PRIORITY.FAULT, step, index, 0);
  });
}

/** What an operator does about one function. */
export function* pciAction(self: Process, kind: PciActionKind, system: BuiltLinux, id: number): Steps<Errno> {
  assert(system.kind !== 'zvm-guest' && system.pci !== null, 'operators act on systems with PCI functions');
  const { pci } = system;
  switch (kind) {
    case 'pci-on':
    case 'pci-off':
      return yield* pci.linux.setPower(self, id, kind === 'pci-on');
    case 'pci-recover':
      return yield* pci.linux.recover(self, id);
    default:
      return yield* atMonitor(self, kind, system, pci, id);
  }
}

/** QEMU obeys its monitor under its lock. */
function* atMonitor(
  self: Process,
  kind: 'pci-plug' | 'pci-unplug',
  system: BuiltLinux,
  pci: BuiltPci,
  id: number,
): Steps<Errno> {
  const { guest, machine } = pci;
  assert(system.kind === 'guest' && system.machine !== null && guest !== null, 'only a guest has a QEMU');
  let rc: Errno = E.NODEV;
  // The host of a guest that was migrated has other functions than the one that it came from.
  if (system.machine.vm.loop.isOver || system.machine.host !== pci.host) return rc;
  yield* system.machine.vm.loop.perform(self, function* (qemu) {
    rc = kind === 'pci-plug' ? yield* guest.plug(qemu, machine.function(id), true) : guest.unplug(id);
  });
  return rc;
}
