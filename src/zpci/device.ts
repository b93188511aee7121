import type { PciAccess } from './access.ts';

/** What a device does with a load or store that an instruction has brought to it. */
export const ANSWER = {
  TAKEN: 0,
  /** It does not know instructions with mapped addresses. */
  MIO: 1,
  /** It takes block stores only. */
  SPLIT: 2,
  /** A block store is longer than the longest, or crosses a boundary. */
  LENGTH: 3,
  /** There is nothing at this place. */
  PLACE: 4,
} as const;
export type Answer = (typeof ANSWER)[keyof typeof ANSWER];
export const ANSWER_NAMES = ['taken', 'mio', 'split', 'length', 'place'] as const;

/** What is behind the BARs of a PCI function. */
export interface PciDevice {
  store(access: PciAccess): Answer;
  /** Sets `access.loaded`. */
  load(access: PciAccess): Answer;
  /** The function was enabled anew or reset: nothing is registered any more. */
  reset(): void;
}

/** A device whose registers take everything: what is behind them is not modelled. */
export class PlainDevice implements PciDevice {
  store(): Answer {
    return ANSWER.TAKEN;
  }

  load(access: PciAccess): Answer {
    access.loaded = 0;
    return ANSWER.TAKEN;
  }

  reset(): void {}
}
