import type { PathMask } from '../zarch/path-mask.ts';

/** What a selection policy may look at. All of it belongs to the channel subsystem; a policy changes nothing. */
export interface PathView {
  /** Paths that may be tried: installed, available, in the logical-path mask, not tried yet in this start. */
  readonly candidates: PathMask;
  /** Those of them on which the channel has no free exchange. */
  readonly busy: PathMask;
  /** Open exchanges on each path's channel. */
  readonly open: ArrayLike<number>;
  /** Path used last by this control-unit image: the rotation pointer, −1 before the first. */
  readonly last: number;
}

/** Decides which path to try next: a pure function of the view and one uniform draw. */
export interface SelectionPolicy {
  readonly name: string;
  /** True when the policy uses `draw`; the stream is not advanced otherwise. */
  readonly draws: boolean;
  /** A single-bit mask out of `candidates`, or WAIT_ANY to wait for the first channel that becomes free. */
  choose(view: PathView, draw: number): PathMask;
}

export const WAIT_ANY: PathMask = 0;
