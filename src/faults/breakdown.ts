import { exponential, type RandomStreams } from '../kernel/random.ts';
import type { BreakdownFault } from './fault.ts';
import { drawLifetime } from './lifetime.ts';
import type { Loss } from './rhythm.ts';

/**
 * When one part is broken, worked out loss by loss: it lives, is repaired, and is then as good as new. Its draws come
 * from a stream of its own, so that another part moves none.
 */
export function* breakdowns(
  { name, atNs, untilNs, life, repairNs }: BreakdownFault,
  label: string,
  streams: RandomStreams,
): Generator<Loss> {
  const stream = streams.stream(`faults/${name === '' ? 'breakdown' : name}/${label}`);
  for (let fromNs = atNs + drawLifetime(life, stream); fromNs < untilNs; ) {
    const repaired = fromNs + Math.max(1, exponential(stream.uniform(), repairNs));
    const toNs = Math.min(repaired, untilNs);
    yield { fromNs, toNs };
    fromNs = toNs + drawLifetime(life, stream);
  }
}
