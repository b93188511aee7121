import { assertNever } from '../kernel/assert.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';
import type {
  ConfiguredDevice,
  ConfigureFault,
  ErrorRateFault,
  Fault,
  FlapFault,
  LoseReportsFault,
} from './fault.ts';
import { flapLosses } from './flap.ts';
import { reportSource } from './unreported.ts';

/** One step of a fault: something that is done to the machine at one instant. */
export type FaultAction = {
  readonly atNs: SimTime;
  /** Position of the fault in the scenario. */
  readonly fault: number;
} & FaultStep;

type FaultStep =
  | { readonly kind: 'configure'; readonly chpid: Chpid; readonly on: boolean; readonly reported: boolean }
  | { readonly kind: 'vary'; readonly chpid: Chpid; readonly on: boolean; readonly system: number }
  | { readonly kind: 'link'; readonly chpid: Chpid; readonly on: boolean; readonly controlUnit: number }
  | { readonly kind: 'error-rate'; readonly chpid: Chpid; readonly probability: number }
  | { readonly kind: 'reset'; readonly controlUnit: number }
  | {
      readonly kind: 'lose-reports';
      readonly system: number;
      readonly probability: number;
      readonly limit: number;
    }
  | { readonly kind: 'device'; readonly device: ConfiguredDevice; readonly attached: boolean }
  | { readonly kind: 'kill'; readonly system: number };

/**
 * The steps of all faults in order of time, those of one instant in the order of the scenario. Where faults of one kind
 * overlap on a path, the later step counts; of overlapping error rates the highest.
 */
export function expandFaults(faults: readonly Fault[], streams: RandomStreams): readonly FaultAction[] {
  const actions = faults.flatMap((fault, index) => expandFault(fault, index, faults, streams));
  return actions.sort((a, b) => a.atNs - b.atNs || a.fault - b.fault);
}

function expandFault(
  fault: Fault,
  index: number,
  faults: readonly Fault[],
  streams: RandomStreams,
): FaultAction[] {
  const { atNs } = fault;
  switch (fault.kind) {
    case 'configure':
      return expandConfigure(fault, index, streams);
    case 'vary':
      return fault.chpids.map((chpid) => ({
        atNs,
        fault: index,
        kind: 'vary',
        chpid,
        on: fault.on,
        system: fault.system,
      }));
    case 'link':
      return fault.chpids.map((chpid) => ({
        atNs,
        fault: index,
        kind: 'link',
        chpid,
        on: fault.on,
        controlUnit: fault.controlUnit,
      }));
    case 'reset':
      return [{ atNs, fault: index, kind: 'reset', controlUnit: fault.controlUnit }];
    case 'error-rate':
      return expandErrorRate(fault, index, faults);
    case 'flap':
      return expandFlap(fault, index, streams);
    case 'lose-reports':
      return [
        loseReports(fault, index, atNs, fault.probability),
        loseReports(fault, index, fault.untilNs, 0),
      ];
    case 'device':
      return fault.devices.map((device) => ({
        atNs,
        fault: index,
        kind: 'device',
        device,
        attached: fault.attached,
      }));
    case 'kill':
      return [{ atNs, fault: index, kind: 'kill', system: fault.system }];
    default:
      return assertNever(fault);
  }
}

const loseReports = (
  { system, limit }: LoseReportsFault,
  fault: number,
  atNs: SimTime,
  probability: number,
): FaultAction => ({ atNs, fault, kind: 'lose-reports', system, probability, limit });

function expandConfigure(fault: ConfigureFault, index: number, streams: RandomStreams): FaultAction[] {
  const { atNs, chpids, on } = fault;
  const isReported = reportSource(fault, streams);
  return chpids.map((chpid) => ({
    atNs,
    fault: index,
    kind: 'configure',
    chpid,
    on,
    reported: isReported(),
  }));
}

function expandErrorRate(span: ErrorRateFault, index: number, faults: readonly Fault[]): FaultAction[] {
  return [span.atNs, span.untilNs].flatMap((atNs) =>
    span.chpids.map((chpid) => ({
      atNs,
      fault: index,
      kind: 'error-rate' as const,
      chpid,
      probability: errorProbability(chpid, atNs, faults),
    })),
  );
}

/** The highest probability among the error spans that cover a path at this time; 0 outside of all. */
function errorProbability(chpid: Chpid, atNs: SimTime, faults: readonly Fault[]): number {
  let highest = 0;
  for (const fault of faults) {
    if (fault.kind !== 'error-rate' || !fault.chpids.includes(chpid)) continue;
    if (fault.atNs <= atNs && atNs < fault.untilNs) highest = Math.max(highest, fault.probability);
  }
  return highest;
}

function expandFlap(flap: FlapFault, index: number, streams: RandomStreams): FaultAction[] {
  const isReported = reportSource(flap, streams);
  const step = (atNs: SimTime, on: boolean): FaultAction[] =>
    flap.chpids.map((chpid) =>
      flap.what === 'configure'
        ? { atNs, fault: index, kind: 'configure', chpid, on, reported: isReported() }
        : { atNs, fault: index, kind: 'link', chpid, on, controlUnit: flap.controlUnit },
    );
  return flapLosses(flap, streams).flatMap(({ fromNs, toNs }) => [
    ...step(fromNs, false),
    ...step(toNs, true),
  ]);
}
