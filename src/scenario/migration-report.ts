import type { SimTime } from '../kernel/time.ts';

/** What became of one migration: a row of the result, an entry of `summary.json`. */
export interface MigrationReport {
  /** When the operator asked for it. */
  readonly atNs: SimTime;
  readonly system: string;
  /** `refused`: the source does not send; `failed`: the guest runs on there, because the destination cannot take it. */
  readonly verdict: 'completed' | 'failed' | 'refused';
  /** Time for which the guest stood still, ns. */
  readonly downtimeNs: SimTime;
  /** What the QEMUs have printed. */
  readonly messages: readonly string[];
}
