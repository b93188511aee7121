import type { PciAccount } from '../scenario/pci-accounts.ts';
import type { RunFigures } from './run-figures.ts';

/** What became of one ISM function in one system. */
export interface PciSummary extends Omit<PciAccount, 'system'> {
  readonly system: string;
}

/** One entry per ISM function and system that could have used it; empty where there is none. */
export const summarizePci = ({ scenario, final }: RunFigures): PciSummary[] =>
  (final?.pci ?? []).map((account) => ({ ...account, system: scenario.systems[account.system].name }));
