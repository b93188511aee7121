/**
 * How the numbers of an event are written. An event's field name may stand for several fields packed into one number
 * (zarch/packed-fields.ts); each part is then written as a field of its own.
 */
export interface FieldPart {
  readonly name: string;
  readonly shift: number;
  /** Bits of the part; 0: the whole number. */
  readonly bits: number;
  /** Hexadecimal digits, as s390-tools print masks and codes; 0: decimal. */
  readonly hexDigits: number;
}

const part = (name: string, shift: number, bits: number, hexDigits = 0): FieldPart => ({
  name,
  shift,
  bits,
  hexDigits,
});
const hex = (name: string, hexDigits: number): FieldPart[] => [part(name, 0, 0, hexDigits)];

const PACKED_FIELDS: Readonly<Record<string, readonly FieldPart[]>> = {
  ena_st_dnv_dev: [part('ena', 19, 1), part('st', 17, 2), part('dnv', 16, 1), part('dev', 0, 16, 4)],
  lpm_pnom_lpum_pim: [
    part('lpm', 24, 8, 2),
    part('pnom', 16, 8, 2),
    part('lpum', 8, 8, 2),
    part('pim', 0, 8, 2),
  ],
  pam_pom: [part('pam', 8, 8, 2), part('pom', 0, 8, 2)],
  dcc_pno_fctl_actl_stctl: [
    part('dcc', 17, 2),
    part('pno', 16, 1),
    part('fctl', 12, 3, 1),
    part('actl', 5, 7, 2),
    part('stctl', 0, 5, 2),
  ],
};

const HEX_FIELDS: Readonly<Record<string, number>> = {
  word: 8,
  erc: 2,
  command: 2,
  flags: 2,
  dstat: 2,
  cstat: 2,
  pam: 2,
  pom: 2,
  pnom: 2,
  lpm: 2,
  vpm: 2,
  opm: 2,
  tbvpm: 2,
  notoperpm: 2,
  dev_type: 4,
  cu_type: 4,
  stopped: 2,
  chpids_0_3: 8,
  chpids_4_7: 8,
  cssid: 2,
  type: 2,
  dev: 4,
  intparm: 8,
  chsc: 4,
  length: 4,
  address: 8,
  old: 2,
  new: 2,
  function: 8,
  offset: 12,
  handle: 8,
  pec: 4,
  response: 4,
};

/** The parts of one field of the event table; decimal unless the name is known as a mask or code. */
export function fieldParts(field: string): readonly FieldPart[] {
  if (field === '') return [];
  const packed = PACKED_FIELDS[field];
  if (packed !== undefined) return packed;
  return hex(field, HEX_FIELDS[field] ?? 0);
}

/** Value of one part of a packed number. */
export const partValue = (value: number, { shift, bits }: FieldPart): number =>
  bits === 0 ? value : (value >>> shift) & ((1 << bits) - 1);
