import { ANSWER } from './device.ts';
import { REFUSALS, type Refusal } from './pci-paths.ts';

/** What is known at the end of a run of one function in one system. */
export interface FunctionRecord {
  readonly refusal: Refusal;
  /** PCI instructions for the function that ended with a specification exception. */
  readonly specifications: number;
  /** What the device did about stores, by ANSWER. */
  readonly answers: readonly number[];
  readonly moves: number;
  readonly failed: number;
  readonly lost: number;
}

type RefusedWay = `refused(${Exclude<Refusal, ''>})`;
const refused = (refusal: Exclude<Refusal, ''>): RefusedWay => `refused(${refusal})`;

/**
 * Whether a way to a device is one, in a word: what stands in it first. `refused(…)`: QEMU does not give the function to its
 * guest. `specification`: QEMU, or the machine, takes the stores for malformed. `mio_reject`: they reach the host's firmware with
 * mapped addresses, which the function has none of. `split`: in pieces, which the device does not take. `order`: it takes
 * them, and the receiver is told of each. `length`, `place`: a store is too long, or for no buffer. `failed`: for another
 * reason. `idle`: nothing was moved.
 */
export const VERDICTS = [
  'works',
  ...REFUSALS.filter((refusal) => refusal !== '').map(refused),
  'specification',
  'mio_reject',
  'split',
  'order',
  'length',
  'place',
  'failed',
  'idle',
] as const;
export type WayVerdict = (typeof VERDICTS)[number];

export function verdictOf(record: FunctionRecord): WayVerdict {
  const { refusal, specifications, answers, moves, failed, lost } = record;
  if (refusal !== '') return refused(refusal);
  if (specifications > 0) return 'specification';
  if (answers[ANSWER.MIO] > 0) return 'mio_reject';
  if (answers[ANSWER.SPLIT] > 0) return 'split';
  if (answers[ANSWER.LENGTH] > 0) return 'length';
  if (answers[ANSWER.PLACE] > 0) return 'place';
  if (failed > 0) return 'failed';
  if (lost > 0) return 'order';
  return moves > 0 ? 'works' : 'idle';
}
