import type { RandomStreams } from '../kernel/random.ts';
import type { ConfigureFault, FlapFault } from './fault.ts';

/**
 * Whether the machine reports the next change of a path. That some changes go unreported is known of paths that come back
 * (strategies reference 2.6), how many is not: the share is a free parameter.
 */
export function reportSource(fault: ConfigureFault | FlapFault, streams: RandomStreams): () => boolean {
  const { unreported = 0 } = fault;
  if (unreported === 0) return () => true;
  const stream = streams.stream(`faults/${streamKey(fault)}/unreported`);
  return () => stream.uniform() >= unreported;
}

/** Named after what the fault is, so that another fault in the scenario moves no draw. */
const streamKey = ({ kind, name, chpids, atNs }: ConfigureFault | FlapFault): string =>
  name === '' ? `${kind}-${chpids.join(',')}-${atNs}` : name;
