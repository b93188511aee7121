import { assert } from '../kernel/assert.ts';
import { exponential, type RandomStreams, type Stream } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';

/** How something that goes and comes again and again does so: `downNs` in force, `upNs` not, from `atNs` to `untilNs`. */
export interface Rhythm {
  readonly downNs: SimTime;
  readonly upNs: SimTime;
  /** The spans are exactly as long, or exponential with these means. */
  readonly spacing: 'exact' | 'exponential';
  /** Lengths of single spans, down first, again from the start after the last; in place of `downNs` and `upNs`. */
  readonly pattern?: readonly SimTime[];
  /** Each span is longer or shorter by up to this share of itself, all lengths between equally likely. */
  readonly jitter?: number;
  /** After so many losses it keeps quiet for a time, in place of the last span between. */
  readonly burst?: { readonly losses: number; readonly quietNs: SimTime };
  /** Losses after which it ends even before `untilNs`. */
  readonly count?: number;
}

/** One loss: down at `fromNs`, up again at `toNs`. */
export interface Loss {
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
}

/**
 * The losses from `atNs` on in order of time, each worked out when it is asked for. It begins with a loss and ends
 * working: the last loss is cut short at `untilNs`. All draws come from the stream of the name `key`.
 */
export function* rhythmLosses(
  rhythm: Rhythm,
  atNs: SimTime,
  untilNs: SimTime,
  streams: RandomStreams,
  key: string,
): Generator<Loss> {
  const { burst, count = Number.MAX_SAFE_INTEGER, pattern } = rhythm;
  const spans = pattern ?? [rhythm.downNs, rhythm.upNs];
  assert(spans.length > 0 && spans.length % 2 === 0, 'each span down has one up');
  assert(
    spans.every((span) => span > 0),
    'what goes and comes is down and up for a time',
  );
  const length = lengthSource(rhythm, streams, key);
  let fromNs = atNs;
  for (let losses = 0; fromNs < untilNs && losses < count; losses++) {
    const at = (2 * losses) % spans.length;
    const toNs = Math.min(fromNs + length(spans[at]), untilNs);
    yield { fromNs, toNs };
    const endsBurst = burst !== undefined && (losses + 1) % burst.losses === 0;
    fromNs = toNs + length(endsBurst ? burst.quietNs : spans[at + 1]);
  }
}

/** Length of the next span from the one that is given, at least 1 ns. */
function lengthSource(
  { spacing, jitter = 0 }: Rhythm,
  streams: RandomStreams,
  key: string,
): (span: SimTime) => SimTime {
  if (spacing === 'exact' && jitter === 0) return (span) => span;
  const stream = streams.stream(`faults/${key}/spacing`);
  return (span) => {
    const mean = spacing === 'exact' ? span : exponential(stream.uniform(), span);
    return Math.max(1, jitter === 0 ? mean : jittered(mean, jitter, stream));
  };
}

const jittered = (span: SimTime, jitter: number, stream: Stream): SimTime =>
  Math.round(span * (1 + jitter * (2 * stream.uniform() - 1)));
