import type { PathIndex, PathMask } from '../zarch/path-mask.ts';

/** What a selection policy may look at. All of it belongs to the channel subsystem; a policy changes nothing. */
export interface PathView {
  /** Paths that may be tried: installed, available, in the logical-path mask, not tried yet in this start. */
  readonly candidates: PathMask;
  /** Those of them on which the channel has no free exchange. */
  readonly busy: PathMask;
  /** The candidates, and paths that this start has tried and found busy: all that may yet carry it. */
  readonly answering: PathMask;
  /** Open exchanges on each path's channel. */
  readonly open: ArrayLike<number>;
  /** Moving average of each path's initial command response time, ns; 0 before the first, or if none is kept. */
  readonly responseNs: ArrayLike<number>;
  /** Paths that the control unit would rather not be reached on. */
  readonly nonPreferred: PathMask;
  /** Path used last by this control-unit image: the rotation pointer, −1 before the first. */
  readonly last: PathIndex;
}

/** Decides which path to try next: a pure function of the view and one uniform draw. */
export interface SelectionPolicy {
  readonly name: string;
  /** True when the policy uses `draw`; the stream is not advanced otherwise. */
  readonly draws: boolean;
  /** Weight of the latest response time in the moving average of its path, above 0 up to 1; 0: none is kept. */
  readonly smoothing: number;
  /**
   * One candidate to try, a mask of busy candidates to wait for the first of them that becomes free, WAIT_ANY to wait for
   * any of the candidates, or WAIT_BUSY to try none before a condition that this start was refused for has ended.
   */
  choose(view: PathView, draw: number): PathMask;
}

export const WAIT_ANY: PathMask = 0;
export const WAIT_BUSY: PathMask = 0x100;
