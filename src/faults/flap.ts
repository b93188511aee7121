import { assert } from '../kernel/assert.ts';
import { exponential, type RandomStreams } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';
import type { FlapFault } from './fault.ts';

/** One loss of a flapping path: down at `fromNs`, up again at `toNs`. */
export interface Loss {
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
}

/**
 * The losses of a flapping path in order of time. It begins with a loss and ends working: the last loss is cut short at
 * the end of the flapping.
 */
export function flapLosses(flap: FlapFault, streams: RandomStreams): readonly Loss[] {
  assert(flap.downNs > 0 && flap.upNs > 0, 'a flapping path is down and up for a time');
  const span = spanSource(flap, streams);
  const limit = flap.count ?? Number.MAX_SAFE_INTEGER;
  const losses: Loss[] = [];
  let fromNs = flap.atNs;
  while (fromNs < flap.untilNs && losses.length < limit) {
    const toNs = Math.min(fromNs + span(flap.downNs), flap.untilNs);
    losses.push({ fromNs, toNs });
    fromNs = toNs + span(flap.upNs);
  }
  return losses;
}

/** Length of the next span by its mean. */
function spanSource(flap: FlapFault, streams: RandomStreams): (meanNs: SimTime) => SimTime {
  if (flap.spacing === 'exact') return (meanNs) => meanNs;
  const stream = streams.stream(`faults/${streamKey(flap)}/spacing`);
  return (meanNs) => Math.max(1, exponential(stream.uniform(), meanNs));
}

/** Named after what the fault is, not after its position, so that another fault in the scenario moves no draw. */
function streamKey(flap: FlapFault): string {
  return flap.name === '' ? `${flap.what}-${flap.chpids.join(',')}-${flap.atNs}` : flap.name;
}
