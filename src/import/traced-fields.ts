import { repeatedChpid } from './repeated-chpid.ts';

/** Largest values of fields, by tracepoint: as wide as in the channel-report word, and in the SCHIB. */
const WIDTHS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  cio_stcrw: { slct: 1, oflw: 1, chn: 1, rsc: 0xf, anc: 1, erc: 0x3f, rsid: 0xffff },
  cio_stsch: { ena: 1, dnv: 1, dev: 0xffff, pim: 0xff, pam: 0xff, pom: 0xff },
  cio_msch: { ena: 1, dnv: 1, dev: 0xffff, pim: 0xff, pam: 0xff, pom: 0xff },
};

/** Why an event can be none of a channel subsystem, as when a line of its trace was broken; null: it can. */
export function impossibleField(
  event: string,
  fields: Readonly<Record<string, number>>,
  chpids: string,
): string | null {
  for (const [name, most] of Object.entries(WIDTHS[event] ?? {})) {
    const value = fields[name];
    if (!(value >= 0 && value <= most)) return `${name} is not between 0 and ${most}`;
  }
  const twice = chpids === '' || fields['dnv'] !== 1 ? null : repeatedChpid(fields['pim'], chpids);
  return twice === null ? null : `CHPID ${twice} stands on two paths of the mask`;
}
