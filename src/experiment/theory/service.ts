import { FACILITY_SETS, facilitiesOf } from '../../dasd/facilities.ts';
import { meanServiceTime, type ServiceTime } from '../../dasd/service-time.ts';
import { assertNever } from '../../kernel/assert.ts';
import type { ResolvedControlUnit } from '../../scenario/resolved.ts';

/** A service time by its first two moments. */
export interface Service {
  readonly meanNs: number;
  /** Variance over the square of the mean; 1 of an exponential time. */
  readonly squaredVariation: number;
  readonly isExponential: boolean;
}

/** First moment, and the second around zero, ns and ns². */
interface Moments {
  readonly mean: number;
  readonly square: number;
  readonly isExponential: boolean;
}

/** Moments of one of the scenario language's distributions, ns. */
export const serviceOf = (time: ServiceTime): Service => asService(momentsOf(time));

/**
 * What a request costs at a control unit with a hit ratio: reads take the time of a hit, and where the track is not in cache
 * that of a miss; writes end with non-volatile storage, or with the disk where the control unit has no fast write. `reads`:
 * their share. The draws of hit and miss are independent (dasd/service-time.ts: secondUniform).
 */
export function controlUnitService(unit: ResolvedControlUnit, hitRatio: number, reads: number): Service {
  const { hitRead, hitWrite, miss } = unit.times;
  const set = FACILITY_SETS[unit.facilities];
  const { fastWrite } = facilitiesOf(set, unit.facilityOverrides as Readonly<Record<string, boolean>>);
  const disk = momentsOf(miss);
  const read = withPart(momentsOf(hitRead), 1 - hitRatio, disk);
  const write = withPart(momentsOf(hitWrite), fastWrite ? 0 : 1, disk);
  return asService(mixture(reads, read, write));
}

function momentsOf(time: ServiceTime): Moments {
  const mean = meanServiceTime(time);
  return { mean, square: mean * mean + varianceOf(time), isExponential: time.kind === 'exponential' };
}

function varianceOf(time: ServiceTime): number {
  switch (time.kind) {
    case 'deterministic':
      return 0;
    case 'exponential':
      return time.meanNs * time.meanNs;
    case 'uniform':
      return ((time.highNs - time.lowNs) * (time.highNs - time.lowNs)) / 12;
    case 'erlang':
      return (time.meanNs * time.meanNs) / time.stages;
    case 'hyperexponential': {
      const { share, firstNs, secondNs } = time;
      const mean = meanServiceTime(time);
      return 2 * (share * firstNs * firstNs + (1 - share) * secondNs * secondNs) - mean * mean;
    }
    default:
      return assertNever(time);
  }
}

/** A time, and with a probability another one behind it. */
function withPart(first: Moments, probability: number, second: Moments): Moments {
  if (probability === 0) return first;
  if (probability === 1 && first.square === 0) return second;
  return {
    mean: first.mean + probability * second.mean,
    square: first.square + probability * (2 * first.mean * second.mean + second.square),
    isExponential: first.isExponential && second.square === 0,
  };
}

function mixture(share: number, one: Moments, other: Moments): Moments {
  if (share === 1) return one;
  if (share === 0) return other;
  return {
    mean: share * one.mean + (1 - share) * other.mean,
    square: share * one.square + (1 - share) * other.square,
    isExponential: one.isExponential && other.isExponential && one.mean === other.mean,
  };
}

function asService({ mean, square, isExponential }: Moments): Service {
  if (mean === 0) return { meanNs: 0, squaredVariation: 0, isExponential: false };
  return { meanNs: mean, squaredVariation: square / (mean * mean) - 1, isExponential };
}
