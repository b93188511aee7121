import { exponential, RandomStreams } from '../../dist/kernel/random.js';

const TABLE_SIZE = 65_536;
export const DELAY_MASK = TABLE_SIZE - 1;

/** Exponential delays with a mean of 1 ms, drawn beforehand. */
export function delayTable() {
  const stream = new RandomStreams('bench').stream('delays');
  return Float64Array.from({ length: TABLE_SIZE }, () => exponential(stream.uniform(), 1e6));
}
