import { assert } from '../kernel/assert.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { Observer } from '../observe/observer.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import { VcpuWake } from '../qemu/vcpu-wake.ts';
import { createRelay } from '../relay/index.ts';
import { buildVirtualMachine, startWithHost } from './build-hosted-guest.ts';
import type { BuiltMachine } from './build-machine.ts';
import type { BuiltSystem } from './build-systems.ts';
import type { ResolvedScenario } from './resolved.ts';
import type { ScriptMachineParts } from './script-machine.ts';

/**
 * The guest of a KVM host in which a script runs in place of Linux: the last system of the scenario. Its storage is the
 * last part of its host's, so that vfio-ccw finds channel programs there. The script begins when QEMU lets the guest run.
 */
export function hostedMachine(
  { systems, strategy }: ResolvedScenario,
  builtSystems: readonly BuiltSystem[],
  { sim, observer, built }: { sim: Simulation; observer: Observer; built: BuiltMachine },
): ScriptMachineParts {
  const system = systems.length - 1;
  const guest = systems[system];
  assert(guest.kind === 'guest' && guest.hosting !== undefined, 'a script runs in a guest on a host');
  const partition = builtSystems[guest.hosting.host];
  assert(partition.kind === 'partition' && partition.host !== null, 'a guest is on a KVM host');
  const { host } = partition;
  const { storage } = host;
  const place = { storage, address: storage.bytes - RECORDED_QEMU.storageBytes };
  const relay = createRelay(strategy.relay ?? { kind: 'upstream' });
  const { processes, machine: real, path } = built;
  const around = { sim, processes, observer, built, host, relay, strategy };
  const machine = buildVirtualMachine(guest, guest.hosting, system, around, place);
  const { vm } = machine;
  const { vcpuWakeNs } = guest.hosting.costs;
  return {
    css: vm,
    surroundings: {
      configureChpid: (chpid, on) => real.configuration.configureChpid(path(chpid), on),
      inject: (crw) => vm.report(crw),
      plug: () => assert(false, 'devices of a script in a guest are there from the start'),
      unplug: () => assert(false, 'devices of a script in a guest stay'),
      unsolicited: () => assert(false, 'devices of the machine present no status on their own'),
    },
    system,
    start(begin) {
      const { interrupts } = vm;
      interrupts.program = new VcpuWake(sim, guest.name, vcpuWakeNs, interrupts.program);
      startWithHost(machine, host, null, begin);
    },
  };
}
