import { binPosition, logBin, logPosition } from './log-time.ts';
import type { Activity } from './run-events.ts';

/** A channel path entered or left the configuration of a system, or a link of it changed. */
export interface PathChange {
  readonly atNs: number;
  /** System with the image; empty for a link, which all share. */
  readonly system: string;
  readonly chpid: string;
  readonly what: 'chpid' | 'link';
  readonly isThere: boolean;
}

/** A bin of the logarithmic axis. */
export interface LogBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What one system did and believed after changes that came together, until the next. */
export class Aftermath {
  /** Number of devices with wrong masks from a position of the logarithmic axis on. */
  readonly wrong: { position: number; value: number }[] = [];
  readonly counts: Record<Activity, number> = { told: 0, report: 0, stsch: 0, verify: 0 };
  mostWrong = 0;
  /** All masks right, ns after the change; null while they are not. */
  knownNs: number | null = null;
  private readonly bins: Record<Activity, number[]> = { told: [], report: [], stsch: [], verify: [] };

  masks(sinceNs: number, wrong: number): void {
    const position = logPosition(sinceNs);
    const last = this.wrong.at(-1);
    if (last?.value === wrong) return;
    if (last?.position === position) last.value = wrong;
    else this.wrong.push({ position, value: wrong });
    if (wrong > this.mostWrong) this.mostWrong = wrong;
    this.knownNs = wrong === 0 ? sinceNs : null;
  }

  happened(sinceNs: number, activity: Activity): void {
    this.counts[activity]++;
    const bins = this.bins[activity];
    const bin = logBin(sinceNs);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }

  /** Bins that hold anything, in ascending order. */
  *histogram(activity: Activity): Generator<LogBin> {
    for (const [bin, count] of this.bins[activity].entries()) {
      if (count > 0) yield { from: binPosition(bin), to: binPosition(bin + 1), count };
    }
  }
}

/** Changes that came together, and what followed on them in each system until the next. */
export class Episode {
  readonly changes: PathChange[];
  readonly atNs: number;
  endNs = 0;
  private readonly systems = new Map<string, Aftermath>();

  constructor(first: PathChange) {
    this.changes = [first];
    this.atNs = first.atNs;
  }

  of(system: string): Aftermath {
    let aftermath = this.systems.get(system);
    if (aftermath === undefined) {
      aftermath = new Aftermath();
      this.systems.set(system, aftermath);
    }
    return aftermath;
  }

  masks(atNs: number, system: string, wrong: number): void {
    this.of(system).masks(atNs - this.atNs, wrong);
  }

  happened(atNs: number, system: string, activity: Activity): void {
    this.of(system).happened(atNs - this.atNs, activity);
  }

  /** CHPIDs that went and that came, each once. */
  get gone(): string[] {
    return [...new Set(this.changes.filter(({ isThere }) => !isThere).map(({ chpid }) => chpid))];
  }

  get back(): string[] {
    return [...new Set(this.changes.filter(({ isThere }) => isThere).map(({ chpid }) => chpid))];
  }

  /** `0.40 goes`, `0.41 and 0.42 come back`. */
  get title(): string {
    const parts = [
      ...(this.gone.length > 0 ? [`${listed(this.gone)} ${this.gone.length > 1 ? 'go' : 'goes'}`] : []),
      ...(this.back.length > 0
        ? [`${listed(this.back)} ${this.back.length > 1 ? 'come' : 'comes'} back`]
        : []),
    ];
    return parts.join(', ');
  }
}

/** At most four by name. */
export function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
