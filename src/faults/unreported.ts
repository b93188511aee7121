import type { RandomStreams } from '../kernel/random.ts';
import type { ConfigureFault, FlappingPaths } from './fault.ts';
import { faultKey } from './fault-key.ts';

/**
 * Whether the machine reports the next change of a path. That some changes go unreported is known of paths that come back
 * (strategies reference 2.6), how many is not: the share is a free parameter.
 */
export function reportSource(fault: ConfigureFault | FlappingPaths, streams: RandomStreams): () => boolean {
  const { unreported = 0 } = fault;
  if (unreported === 0) return () => true;
  const stream = streams.stream(`faults/${faultKey(fault)}/unreported`);
  return () => stream.uniform() >= unreported;
}
