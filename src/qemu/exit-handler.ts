import { type IoInstruction, type Outcome, WAIT } from '../channel/channel-subsystem.ts';
import { assert } from '../kernel/assert.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import { cancel } from './cancel-policy.ts';
import { type Intervention, PASS } from './event-relay.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import * as passthrough from './passthrough-functions.ts';
import { resume } from './resume-policy.ts';
import type { VcpuExit } from './vcpu-exit.ts';
import { PassthroughDevice } from './vfio-ccw.ts';

/**
 * What QEMU does for an instruction of a guest on a host, with its lock held. Instructions that are not listed here, and
 * all instructions for emulated subchannels, are executed as in any guest of QEMU. Null: it is done.
 */
export function executeExit(vm: HostedChannelSubsystem, exit: VcpuExit, self: Process): Steps | null {
  const onHost = ON_HOST[exit.name];
  const device = onHost === undefined ? null : passedThrough(vm, exit.id);
  if (device !== null) return answered(exit, onHost!(vm, device, self, exit));
  const intervention = intervene(vm, exit, self);
  if (intervention !== null) return decided(vm, exit, self, intervention);
  emulate(vm, exit, self);
  return null;
}

type HostInstruction = (
  vm: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
  exit: VcpuExit,
) => Steps<number>;

/** Instructions for passed-through subchannels that may reach the host. MSCH and TSCH know QEMU's SCHIB only. */
const ON_HOST: Partial<Record<IoInstruction, HostInstruction>> = {
  ssch: startSubchannel,
  stsch: storeSubchannel,
  *rsch(vm, device, self, { name, id }) {
    vm.css.traced(name, id);
    return yield* resume(vm, device, self);
  },
  *hsch(vm, device, self, { name, id }) {
    vm.css.traced(name, id);
    return yield* passthrough.halt(vm, device, self);
  },
  *csch(vm, device, self, { name, id }) {
    vm.css.traced(name, id);
    return yield* passthrough.clear(vm, device, self);
  },
  *xsch(vm, device, self, { name, id }) {
    vm.css.traced(name, id);
    return yield* cancel(vm, device, self);
  },
};

function passedThrough({ css }: HostedChannelSubsystem, id: SubchannelId): PassthroughDevice | null {
  const device = css.find(id)?.device;
  return device instanceof PassthroughDevice && device.isOpen ? device : null;
}

function* answered(exit: VcpuExit, steps: Steps<number>): Steps {
  exit.cc = yield* steps;
}

function* startSubchannel(
  vm: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
  { id, operand }: VcpuExit,
): Steps<number> {
  vm.css.traced('ssch', id);
  const orb = operand as Orb;
  if (vm.relay.startSubchannel !== undefined) {
    const cc = yield* vm.relay.startSubchannel(self, device, orb);
    if (cc !== PASS) return cc;
  }
  return yield* passthrough.start(vm, device, self, orb);
}

function* storeSubchannel(
  vm: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
  exit: VcpuExit,
): Steps<number> {
  if (vm.relay.storeSubchannel !== undefined) yield* vm.relay.storeSubchannel(self, device);
  emulate(vm, exit, self);
  return exit.cc;
}

/** What the relay wants to do before, or in place of, an instruction that is for no subchannel; null: nothing. */
function intervene(
  { relay }: HostedChannelSubsystem,
  { name, id, operand }: VcpuExit,
  self: Process,
): Steps<Intervention> | null {
  switch (name) {
    case 'stcrw':
      return relay.storeReport === undefined ? null : passing(relay.storeReport(self));
    case 'chsc':
      return relay.call === undefined ? null : calling(relay.call(self, operand as ChscBlock));
    case 'rchp':
      return relay.resetPath?.(self, id & 0xff) ?? null;
    default:
      return null;
  }
}

function* passing(steps: Steps): Steps<Intervention> {
  yield* steps;
  return PASS;
}

function* calling(steps: Steps<boolean>): Steps<Intervention> {
  return (yield* steps) ? 0 : PASS;
}

function* decided(
  vm: HostedChannelSubsystem,
  exit: VcpuExit,
  self: Process,
  intervention: Steps<Intervention>,
): Steps {
  const cc = yield* intervention;
  if (cc === PASS) emulate(vm, exit, self);
  else {
    vm.css.traced(exit.name, exit.id);
    exit.cc = cc;
  }
}

/** The kernel has taken the interruption away when TSCH left the guest: here only the status is left to be stored. */
function emulate({ css }: HostedChannelSubsystem, exit: VcpuExit, self: Process): void {
  const { name, id, operand, waiter } = exit;
  if (name === 'tsch') {
    css.traced(name, id);
    exit.cc = css.storeStatus(id, operand as Irb);
    return;
  }
  const outcome: Outcome = css.issue<IoInstruction>(self, name, id, operand, waiter!);
  assert(outcome !== WAIT, 'an emulated instruction is answered at once');
  exit.cc = outcome;
}
