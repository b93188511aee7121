import type { FaultLink } from './fault.ts';

/**
 * Which parts are broken on the way of each link: its own fibre, a cable, a port, a director. A link works when none of
 * them is, so that a director that comes back does not mend a fibre that was cut as well.
 */
export class BrokenParts {
  private readonly broken = new Map<string, Set<string>>();

  /** A part on the way of a link breaks or is mended. Returns whether all of the way works now. */
  change({ chpid, controlUnit }: FaultLink, part: string, works: boolean): boolean {
    const way = `${chpid}/${controlUnit}`;
    const broken = this.broken.get(way) ?? new Set();
    if (works) broken.delete(part);
    else broken.add(part);
    this.broken.set(way, broken);
    return broken.size === 0;
  }
}
