import type { SimTime } from '../kernel/time.ts';
import type { Issues } from './errors.ts';
import type { ResolvedExplore } from './resolved.ts';
import type { ParsedExplore } from './schema-explore.ts';

/** Reads the window and the order; what the order moves exists only when the run gets there. */
export function resolveExplore(parsed: ParsedExplore, durationNs: SimTime, issues: Issues): ResolvedExplore {
  const [fromNs, toNs] = parsed.window;
  const place = ['explore', 'window'];
  if (toNs < fromNs) issues.value(place, 'ends before it begins', 'write [from, to]');
  else if (toNs > durationNs) issues.value(place, 'ends after the run', 'lengthen the duration');
  parsed.order.forEach(([event], at) => {
    if (at === 0 || event > parsed.order[at - 1][0]) return;
    const hint = 'each event of the window stands once, in ascending order';
    issues.value(['explore', 'order', at], `event ${event} does not follow the one before it`, hint);
  });
  const { events, fixed, settled, outcome, limit } = parsed;
  const order = parsed.order.map(([event, rank]) => ({ event, rank }));
  return { fromNs, toNs, events, fixed, settled, outcome, limit, order };
}
