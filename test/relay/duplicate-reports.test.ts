import { describe, expect, it } from 'vitest';
import {
  admit,
  DROP,
  DUPLICATE_POLICIES,
  type DuplicatePolicy,
  QUEUE,
} from '../../src/relay/duplicate-reports.ts';

const GONE = 0x04060040;
const BACK = 0x04020040;
const OTHER = 0x04060041;
const PLUGGED = 0x03040007;

describe('a report that others wait before', () => {
  const table: [DuplicatePolicy, string, number[], number, number][] = [
    ['drop-equal-tail', 'nothing waits', [], GONE, QUEUE],
    ['drop-equal-tail', 'its like waits last', [BACK, GONE], GONE, DROP],
    ['drop-equal-tail', 'its like waits, but not last', [GONE, BACK], GONE, QUEUE],
    ['drop-equal-pending', 'its like waits anywhere', [GONE, BACK], GONE, DROP],
    ['drop-equal-pending', 'another path waits', [OTHER], GONE, QUEUE],
    ['latest-per-rsid', 'its path waits', [OTHER, BACK], GONE, 1],
    ['latest-per-rsid', 'only others wait', [OTHER, PLUGGED], GONE, QUEUE],
  ];
  for (const [policy, when, waiting, word, admission] of table) {
    it(`${policy}: ${when}`, () => {
      expect(admit(policy, waiting, word)).toBe(admission);
    });
  }

  it('is left alone unless it is about a channel path', () => {
    for (const policy of DUPLICATE_POLICIES) expect(admit(policy, [PLUGGED], PLUGGED)).toBe(QUEUE);
  });
});

type Policy = DuplicatePolicy | 'none';
type Guest = 're-validating' | 'trusting';

/** A path, its reports and a guest, as plain values so that every order of their steps can be tried. */
interface State {
  readonly present: boolean;
  /** Events that are still to come, and those whose report has not been queued yet. */
  readonly coming: readonly number[];
  readonly unreported: readonly number[];
  readonly waiting: readonly number[];
  /** Fetched by STCRW and not acted upon yet. */
  readonly inHand: number | null;
  readonly believed: boolean;
}

/** Every sequence of three events, those included in which a machine says the same twice. */
const SEQUENCES = [GONE, BACK].flatMap((first) =>
  [GONE, BACK].flatMap((second) => [GONE, BACK].map((third) => [first, second, third])),
);

const start = (coming: readonly number[]): State => {
  return { present: true, coming, unreported: [], waiting: [], inHand: null, believed: true };
};

function queued(policy: Policy, waiting: readonly number[], word: number): readonly number[] {
  const admission = policy === 'none' ? QUEUE : admit(policy, waiting, word);
  if (admission === DROP) return waiting;
  return [...waiting.filter((_, at) => at !== admission), word];
}

/** Every state that one step leads to: an event, its report is queued, the guest fetches a report or acts on it. */
function* steps(state: State, policy: Policy, guest: Guest): Generator<State> {
  const { present, coming, unreported, waiting, inHand } = state;
  if (coming.length > 0) {
    const [word, ...later] = coming;
    yield { ...state, present: word === BACK, coming: later, unreported: [...unreported, word] };
  }
  if (unreported.length > 0) {
    const [word, ...later] = unreported;
    yield { ...state, unreported: later, waiting: queued(policy, waiting, word) };
  }
  if (inHand !== null) {
    yield { ...state, inHand: null, believed: guest === 're-validating' ? present : inHand === BACK };
  } else if (waiting.length > 0) {
    const [word, ...later] = waiting;
    yield { ...state, waiting: later, inHand: word };
  }
}

/** Orders that end with a wrong belief, and all orders. */
function outcomes(policy: Policy, guest: Guest): { wrong: number; all: number } {
  const walk = (state: State): { wrong: number; all: number } => {
    const total = { wrong: 0, all: 0 };
    for (const next of steps(state, policy, guest)) {
      const { wrong, all } = walk(next);
      total.wrong += wrong;
      total.all += all;
    }
    return total.all > 0 ? total : { wrong: state.present === state.believed ? 0 : 1, all: 1 };
  };
  return SEQUENCES.map((coming) => walk(start(coming))).reduce((sum, { wrong, all }) => {
    return { wrong: sum.wrong + wrong, all: sum.all + all };
  });
}

describe('three events of a path and the handling of their reports, in every order', () => {
  it('are many orders', () => {
    // Events, reports and what the guest does with them: 153 ways for each of the eight sequences.
    expect(outcomes('none', 're-validating').all).toBe(8 * 153);
  });

  it('leave a guest that re-validates right, whatever is dropped', () => {
    for (const policy of ['none', ...DUPLICATE_POLICIES] as const) {
      expect(outcomes(policy, 're-validating').wrong).toBe(0);
    }
  });

  it('leave a guest that trusts the code of the report wrong where the only report of the last event was dropped', () => {
    const wrong = (policy: Policy): number => outcomes(policy, 'trusting').wrong;
    expect(wrong('none')).toBe(0);
    expect(wrong('drop-equal-tail')).toBe(0);
    expect(wrong('latest-per-rsid')).toBe(0);
    expect(wrong('drop-equal-pending')).toBeGreaterThan(0);
  });
});
