import type { Process, Steps } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import type { Orb } from '../zarch/orb.ts';
import { ACTL, clearTransportFields, DSTAT, STCTL } from '../zarch/scsw.ts';
import { performClear, performHalt } from './functions.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import * as instruction from './instructions.ts';
import { GO } from './instructions.ts';
import type { VirtualSubchannel } from './subchannel.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';
import { type StopRoute, stopRoute } from './vfio-regions.ts';
import type { VirtualChannelSubsystem } from './virtual-css.ts';

/**
 * Start, halt and clear functions of passed-through subchannels (css.c: sch_handle_…_passthrough). QEMU's SCSW decides
 * whether an instruction is accepted; then the host is asked, and what it refuses with becomes a condition code, or
 * status where none would fit.
 */

type ConditionCode = 0 | 1 | 2 | 3;
/** What the host can answer. */
type HostAnswer = 0 | 2 | 3;

/** The host has refused in a way for which the instruction has no condition code. */
const UNIT_EXCEPTION = -1;
type Answer = HostAnswer | typeof UNIT_EXCEPTION;

/** What the guest's SSCH, RSCH or HSCH is answered when the write ended like this. */
export function startAnswer(rc: Errno): Answer {
  switch (rc) {
    case E.OK:
      return 0;
    case E.BUSY:
      return 2;
    case E.NODEV:
    case E.ACCES:
      return 3;
    default:
      return UNIT_EXCEPTION;
  }
}

/** CSCH has no condition code for a busy subchannel. */
export const clearAnswer = (rc: Errno): Answer => (rc === E.BUSY ? UNIT_EXCEPTION : startAnswer(rc));

export function* start(
  { css, relay, policies }: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
  orb: Orb,
): Steps<ConditionCode> {
  const { sch } = device;
  const decision = instruction.mayStart(sch);
  if (decision !== GO) return decision;
  css.measurement.count(sch);
  const { scsw } = sch.schib;
  const { fctl, actl, pathNotOperational } = scsw;
  instruction.acceptStart(sch, orb, orb.programAddress);
  if (policies.resume === 'unsupported') sch.orb.suspendControl = 0;
  sch.schib.pmcw.intparm = orb.intparm;
  clearTransportFields(scsw);
  if (policies.transport === 'pass') scsw.transport = orb.transportMode;
  const cc = yield* request(css, device, self);
  if (cc === 0) return 0;
  if (relay.startRefused !== undefined) yield* relay.startRefused(self, device, cc);
  if (!css.features.refusalRolledBack) return cc;
  scsw.fctl = fctl;
  scsw.actl = actl;
  scsw.pathNotOperational = pathNotOperational;
  return cc;
}

/** Hands the kernel the guest's ORB, for SSCH and for RSCH alike (sch_handle_start_func_passthrough). */
export function* request(
  css: VirtualChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
): Steps<HostAnswer> {
  const { prefetch, transportMode } = device.sch.orb;
  const mayChange = prefetch === 0 && transportMode === 0;
  if (mayChange && !css.features.startsWithoutPrefetch && !device.forcesPrefetch) {
    return answered(css, device.sch, UNIT_EXCEPTION);
  }
  return answered(css, device.sch, startAnswer(yield* device.request(self)));
}

export const halt = (
  vm: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
): Steps<ConditionCode> => stop(vm, device, self, HALT);

export const clear = (
  vm: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
): Steps<ConditionCode> => stop(vm, device, self, CLEAR);

/** One of the two functions that stop an operation. */
interface StopFunction {
  readonly decide: (sch: VirtualSubchannel) => instruction.Decision;
  /** Where the host does not take it, the function is carried out on QEMU's SCSW alone, and nothing interrupts the guest. */
  readonly emulate: (sch: VirtualSubchannel) => void;
  readonly command: (device: PassthroughDevice, self: Process) => Steps<Errno>;
  readonly answer: (rc: Errno) => Answer;
}

const HALT: StopFunction = {
  decide: instruction.halt,
  emulate: performHalt,
  command: (device, self) => device.halt(self),
  answer: startAnswer,
};
const CLEAR: StopFunction = {
  decide: instruction.clear,
  emulate: performClear,
  command: (device, self) => device.clear(self),
  answer: clearAnswer,
};

function* stop(
  { css, policies }: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
  { decide, emulate, command, answer }: StopFunction,
): Steps<ConditionCode> {
  const { sch } = device;
  const { scsw } = sch.schib;
  const { fctl, actl, stctl } = scsw;
  const decision = decide(sch);
  if (decision !== GO) return decision;
  const route = stopRoute(device.regions, policies.regions, css.features);
  const rc = yield* stopHost(device, self, route, command);
  if (rc === null) {
    emulate(sch);
    return 0;
  }
  const cc = answered(css, sch, answer(rc));
  if (cc === 0 || !css.features.stopErrorsForwarded) return 0;
  if (!css.features.refusalRolledBack) return cc;
  scsw.fctl = fctl;
  scsw.actl = actl;
  scsw.stctl = stctl;
  return cc;
}

/** Has the host stop the operation; null: it is not asked, or has said that it knows no such request. */
function* stopHost(
  device: PassthroughDevice,
  self: Process,
  route: StopRoute,
  command: StopFunction['command'],
): Steps<Errno | null> {
  switch (route) {
    case 'command-region':
      return yield* command(device, self);
    case 'io-region': {
      const rc = yield* device.request(self);
      return rc === E.OPNOTSUPP ? null : rc;
    }
    case 'emulated':
      return null;
  }
}

/** css.c:sch_gen_unit_exception. The start function stays pending, and the guest is interrupted. */
function answered(css: VirtualChannelSubsystem, sch: VirtualSubchannel, answer: Answer): HostAnswer {
  if (answer !== UNIT_EXCEPTION) return answer;
  const { scsw } = sch.schib;
  scsw.actl &= ~(ACTL.SUBCHANNEL_ACTIVE | ACTL.DEVICE_ACTIVE);
  scsw.stctl |= STCTL.PRIMARY | STCTL.SECONDARY | STCTL.ALERT | STCTL.PENDING;
  scsw.ccwAddress = scsw.transport === 1 ? sch.orb.programAddress : (sch.orb.programAddress + 8) >>> 0;
  scsw.dstat = DSTAT.UNIT_EXCEPTION;
  css.queueInterruption(sch, false);
  return 0;
}
