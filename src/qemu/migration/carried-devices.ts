import { FCTL, STCTL } from '../../zarch/scsw.ts';
import type { ChannelPathEntry, VirtualImage } from '../image.ts';
import type { VirtualSubchannel } from '../subchannel.ts';
import type { VirtualChannelSubsystem } from '../virtual-css.ts';

/**
 * A proposal, and nothing that a QEMU does: passed-through devices go along with their guest. What a program has set in a
 * subchannel, and status that it has not fetched, are the guest's and are sent. Paths are the host's:
 *
 *   SCSW, interruption parameter and subclass, enabled, LPM, multipath, measurement ─► as at the source
 *   PIM, PAM, POM, CHPIDs ─► as the destination's host has them; PNOM and LPUM ─► none
 *
 * Extended status is in no section, so that it is gone with the source.
 */

const ANY_FUNCTION = FCTL.START | FCTL.HALT | FCTL.CLEAR;

export const carriedSubchannels = ({ devices }: VirtualChannelSubsystem): VirtualSubchannel[] =>
  devices.realized.filter(({ device }) => device.passedThrough);

/** The host still works for the guest: no status has come for a function that was accepted. */
export const isBusy = (css: VirtualChannelSubsystem): boolean =>
  carriedSubchannels(css).some(
    ({ schib: { scsw } }) => (scsw.fctl & ANY_FUNCTION) !== 0 && (scsw.stctl & STCTL.PENDING) === 0,
  );

/** Notes the paths of the destination's devices, before the state is loaded; the result puts them back. */
export function keepPaths(css: VirtualChannelSubsystem): () => void {
  const kept = carriedSubchannels(css).map((sch) => pathsOf(sch, css.devices.images[sch.cssid]!));
  return () => {
    for (const paths of kept) putBack(paths);
  };
}

interface KeptPaths {
  readonly sch: VirtualSubchannel;
  readonly image: VirtualImage;
  readonly pim: number;
  readonly pam: number;
  readonly pom: number;
  readonly chpids: readonly number[];
  readonly entries: readonly (ChannelPathEntry | undefined)[];
}

function pathsOf(sch: VirtualSubchannel, image: VirtualImage): KeptPaths {
  const { pim, pam, pom } = sch.schib.pmcw;
  const chpids = [...sch.schib.pmcw.chpids];
  return { sch, image, pim, pam, pom, chpids, entries: chpids.map((chpid) => image.path(chpid)) };
}

function putBack({ sch, image, pim, pam, pom, chpids, entries }: KeptPaths): void {
  const { pmcw } = sch.schib;
  pmcw.pim = pim;
  pmcw.pam = pam;
  pmcw.pom = pom;
  pmcw.pnom = 0;
  pmcw.lpum = 0;
  pmcw.chpids.set(chpids);
  for (const [at, entry] of entries.entries()) {
    const chpid = chpids[at];
    if (entry !== undefined && image.path(chpid) === undefined)
      image.addPath(chpid, entry.type, entry.virtual);
  }
}
