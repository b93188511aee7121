import { decodeCrw, RSC } from '../zarch/crw.ts';

/**
 * Which channel-path reports stand for an earlier one that the guest has not fetched yet (strategies reference 2.5).
 * `drop-equal-tail`: a word equal to the last one waiting is dropped. `drop-equal-pending`: a word equal to any of those
 * waiting is dropped. `latest-per-rsid`: of the words about one channel path only the last is kept.
 */
export const DUPLICATE_POLICIES = ['drop-equal-tail', 'drop-equal-pending', 'latest-per-rsid'] as const;
export type DuplicatePolicy = (typeof DUPLICATE_POLICIES)[number];

/** What to do with a new word: queue it, drop it, or (an index from 0 on) queue it in place of the word waiting there. */
export const QUEUE = -1;
export const DROP = -2;
export type Admission = number;

/**
 * Decides about a word while others wait, oldest first. Reports about anything but channel paths, chained ones, and
 * those behind which others were lost, are none of its business. All three policies leave a guest right that fetches the
 * present state for every report, because a word that still waits will make it do so after the new event. A guest that
 * believes the error-recovery code is left wrong by `drop-equal-pending`.
 */
export function admit(policy: DuplicatePolicy, waiting: readonly number[], word: number): Admission {
  if (!isPathReport(word)) return QUEUE;
  switch (policy) {
    case 'drop-equal-tail':
      return waiting.at(-1) === word ? DROP : QUEUE;
    case 'drop-equal-pending':
      return waiting.includes(word) ? DROP : QUEUE;
    case 'latest-per-rsid':
      return waiting.findIndex((other) => isPathReport(other) && chpidOf(other) === chpidOf(word));
  }
}

function isPathReport(word: number): boolean {
  const { rsc, chained, overflow } = decodeCrw(word);
  return rsc === RSC.CHANNEL_PATH && chained === 0 && overflow === 0;
}

const chpidOf = (word: number): number => decodeCrw(word).rsid;
