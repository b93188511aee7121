import { assertNever } from '../kernel/assert.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';
import { breakdowns } from './breakdown.ts';
import type {
  BreakdownFault,
  ErrorRateFault,
  Fault,
  FlapFault,
  LinkFault,
  MortalPart,
  PartOfLinks,
  SlowFault,
} from './fault.ts';
import { faultKey } from './fault-key.ts';
import { inOrder } from './in-order.ts';
import { type Loss, rhythmLosses } from './rhythm.ts';
import type { FaultAction, FaultStep } from './step.ts';
import { reportSource } from './unreported.ts';

/**
 * The steps of all faults in order of time, those of one instant in the order of the scenario. They are worked out when
 * they are asked for: parts that break down for months, and paths that flap for hours, take no room. Where faults of one
 * kind overlap on a path, the later step counts; gray faults are all in force at once.
 */
export function expandFaults(faults: readonly Fault[], streams: RandomStreams): Generator<FaultAction> {
  return inOrder(
    faults.flatMap((fault, index) => sourcesOf(fault, streams).map((steps) => of(index, steps))),
  );
}

type TimedStep = FaultStep & { readonly atNs: SimTime };
type Steps = Iterable<TimedStep>;

function* of(fault: number, steps: Steps): Generator<FaultAction> {
  for (const step of steps) yield { ...step, fault };
}

/** Each source is in order of time; parts that break down by themselves have one each. */
function sourcesOf(fault: Fault, streams: RandomStreams): Steps[] {
  if (fault.kind !== 'breakdown') return [stepsOf(fault, streams)];
  return fault.parts.map((part) => breakdownSteps(fault, part, streams));
}

function stepsOf(fault: Exclude<Fault, BreakdownFault>, streams: RandomStreams): Steps {
  const { atNs } = fault;
  switch (fault.kind) {
    case 'configure': {
      const { kind, on } = fault;
      const isReported = reportSource(fault, streams);
      return fault.chpids.map((chpid) => ({ atNs, kind, chpid, on, reported: isReported() }));
    }
    case 'vary': {
      const { kind, on, system } = fault;
      return fault.chpids.map((chpid) => ({ atNs, kind, chpid, on, system }));
    }
    case 'link':
      return linkSteps(fault, streams);
    case 'error-rate':
    case 'slow':
      return graySteps(fault, streams);
    case 'reset':
      return [{ atNs, kind: 'reset', controlUnit: fault.controlUnit }];
    case 'flap':
      return flapSteps(fault, streams);
    case 'lose-reports': {
      const { kind, system, limit } = fault;
      return [
        { atNs, kind, system, limit, probability: fault.probability },
        { atNs: fault.untilNs, kind, system, limit, probability: 0 },
      ];
    }
    case 'device':
      return fault.devices.map((device) => ({ atNs, kind: 'device', device, on: fault.attached }));
    case 'kill':
      return [{ atNs, kind: 'kill', system: fault.system }];
    default:
      return assertNever(fault);
  }
}

/** All links at one time, or each at its own. */
function linkSteps(fault: LinkFault, streams: RandomStreams): TimedStep[] {
  const { atNs, spreadNs = 0, on } = fault;
  if (spreadNs === 0) return changed(fault, atNs, on);
  const stream = streams.stream(`faults/${faultKey(fault)}/spread`);
  const steps = changed(fault, atNs, on).map((step) => ({
    ...step,
    atNs: atNs + Math.floor(stream.uniform() * spreadNs),
  }));
  return steps.sort((left, right) => left.atNs - right.atNs);
}

const changed = ({ links, part }: PartOfLinks, atNs: SimTime, on: boolean): TimedStep[] =>
  links.map((link) => ({ atNs, kind: 'link', link, part, on }));

function* graySteps(gray: ErrorRateFault | SlowFault, streams: RandomStreams): Generator<TimedStep> {
  for (const { fromNs, toNs } of spansOf(gray, streams)) {
    for (const link of gray.links) yield { atNs: fromNs, kind: 'gray', link, gray, on: false };
    for (const link of gray.links) yield { atNs: toNs, kind: 'gray', link, gray, on: true };
  }
}

/** When it is in force. */
function spansOf(gray: ErrorRateFault | SlowFault, streams: RandomStreams): Iterable<Loss> {
  const { atNs, untilNs, rhythm } = gray;
  if (rhythm === undefined) return [{ fromNs: atNs, toNs: untilNs }];
  return rhythmLosses(rhythm, atNs, untilNs, streams, faultKey(gray));
}

function* flapSteps(flap: FlapFault, streams: RandomStreams): Generator<TimedStep> {
  const { atNs, untilNs, rhythm } = flap;
  const change = changeOf(flap, streams);
  for (const { fromNs, toNs } of rhythmLosses(rhythm, atNs, untilNs, streams, faultKey(flap))) {
    yield* change(fromNs, false);
    yield* change(toNs, true);
  }
}

function changeOf(flap: FlapFault, streams: RandomStreams): (atNs: SimTime, on: boolean) => TimedStep[] {
  if (flap.what === 'link') return (atNs, on) => changed(flap, atNs, on);
  const isReported = reportSource(flap, streams);
  return (atNs, on) =>
    flap.chpids.map((chpid) => ({ atNs, kind: 'configure', chpid, on, reported: isReported() }));
}

function* breakdownSteps(
  fault: BreakdownFault,
  part: MortalPart,
  streams: RandomStreams,
): Generator<TimedStep> {
  const change = (atNs: SimTime, on: boolean): TimedStep[] =>
    'chpid' in part
      ? [{ atNs, kind: 'configure', chpid: part.chpid, on, reported: true }]
      : changed(part, atNs, on);
  for (const { fromNs, toNs } of breakdowns(fault, part.label, streams)) {
    yield* change(fromNs, false);
    yield* change(toNs, true);
  }
}
