import { fetchWord, storeWord } from '../zarch/word-layout.ts';

/**
 * The architected blocks as a script sees them: bytes in storage whose fields have names. Names are those of the
 * kernel's structures (cio.h, scsw.h, orb.h, crw.h); places are those of the Principles of Operation. Scripts change and
 * compare single fields and leave all other bits as they are, reserved ones included, so they do not go through the
 * codecs of `zarch/`, which know meaningful bits only.
 */
export interface FieldPlace {
  /** Byte offset of the word in the block. */
  readonly at: number;
  /** First and last bit, numbered from the left; a last bit above 31 belongs to the following word. */
  readonly first: number;
  readonly last: number;
}
export type BlockFields = Readonly<Record<string, FieldPlace>>;

type Bits = Readonly<Record<string, readonly [first: number, last: number]>>;

const word = (at: number, bits: Bits): [string, FieldPlace][] =>
  Object.entries(bits).map(([name, [first, last]]) => [name, { at, first, last }]);

/** `word0`, `word1`, …: whole words, for everything that has no name. */
const wholeWords = (count: number, name = 'word', at = 0): [string, FieldPlace][] =>
  Array.from({ length: count }, (_, index) => [
    `${name}${index}`,
    { at: at + index * 4, first: 0, last: 31 },
  ]);

const CHPIDS: [string, FieldPlace][] = Array.from({ length: 8 }, (_, path) => [
  `chpid${path}`,
  { at: 16 + (path & 4), first: (path & 3) * 8, last: (path & 3) * 8 + 7 },
]);

const scsw = (at: number): [string, FieldPlace][] => [
  ...word(at, {
    key: [0, 3],
    sctl: [4, 4],
    eswf: [5, 5],
    cc: [6, 7],
    fmt: [8, 8],
    pfch: [9, 9],
    isic: [10, 10],
    alcc: [11, 11],
    ssi: [12, 12],
    zcc: [13, 13],
    ectl: [14, 14],
    pno: [15, 15],
    fctl: [17, 19],
    actl: [20, 26],
    stctl: [27, 31],
  }),
  ...word(at + 4, { cpa: [0, 31] }),
  ...word(at + 8, { dstat: [0, 7], cstat: [8, 15], count: [16, 31] }),
  // Transport mode.
  ...word(at, { x: [11, 11], q: [12, 12] }),
  ...word(at + 4, { tcw: [0, 31] }),
  ...word(at + 8, { fcxs: [16, 23], ifob: [24, 24], sesq: [25, 31] }),
];

/** Subchannel-information block: PMCW, SCSW, measurement-block address, model-dependent area (A.3, A.4). */
const SCHIB: BlockFields = Object.fromEntries([
  ...word(0, { intparm: [0, 31] }),
  ...word(4, {
    qf: [0, 0],
    isc: [2, 4],
    ena: [8, 8],
    lm: [9, 10],
    mme: [11, 12],
    mp: [13, 13],
    tf: [14, 14],
    dnv: [15, 15],
    dev: [16, 31],
  }),
  ...word(8, { lpm: [0, 7], pnom: [8, 15], lpum: [16, 23], pim: [24, 31] }),
  ...word(12, { mbi: [0, 15], pom: [16, 23], pam: [24, 31] }),
  ...CHPIDS,
  ...word(24, { st: [8, 10], mbfc: [29, 29], xmwme: [30, 30], csense: [31, 31] }),
  ...scsw(28),
  ...word(40, { mba: [0, 63] }),
  ...wholeWords(13),
]);

/** Interruption-response block with the extended-measurement word (A.4, A.5). */
const IRB: BlockFields = Object.fromEntries([
  ...scsw(0),
  ...word(12, {
    esf: [1, 7],
    lpum: [8, 15],
    dcti: [16, 31],
    arep: [16, 16],
    fvf: [17, 21],
    sacc: [22, 23],
    termc: [24, 25],
    devsc: [26, 26],
    serr: [27, 27],
    ioerr: [28, 28],
    seqc: [29, 31],
  }),
  ...word(16, {
    auth: [3, 3],
    pvrf: [4, 4],
    cpt: [5, 5],
    fsavf: [6, 6],
    cons: [7, 7],
    scavf: [8, 8],
    fsaf: [9, 9],
    scnt: [10, 15],
  }),
  ...wholeWords(24),
  ...wholeWords(5, 'esw', 12),
  ...wholeWords(8, 'ecw', 32),
  ...wholeWords(8, 'emw', 64),
]);

/** Operation-request block with its extension (A.6). */
const ORB: BlockFields = Object.fromEntries([
  ...word(0, { intparm: [0, 31] }),
  ...word(4, {
    key: [0, 3],
    spnd: [4, 4],
    str: [5, 5],
    mod: [6, 6],
    sync: [7, 7],
    fmt: [8, 8],
    pfch: [9, 9],
    isic: [10, 10],
    alcc: [11, 11],
    ssic: [12, 12],
    b: [13, 13],
    c64: [14, 14],
    i2k: [15, 15],
    lpm: [16, 23],
    ils: [24, 24],
    midaw: [25, 25],
    orbx: [31, 31],
  }),
  ...word(8, { cpa: [0, 31], tcw: [0, 31] }),
  ...word(12, { cssprio: [0, 7], cuprio: [16, 23] }),
  ...wholeWords(8),
]);

/** Transport-control word (A.8). */
const TCW: BlockFields = Object.fromEntries([
  ...word(0, { format: [0, 1], itida: [13, 13], ttida: [14, 14], otida: [15, 15], tidaw: [16, 17] }),
  ...word(4, { tccbl: [8, 13], r: [14, 14], w: [15, 15] }),
  ...word(8, { output: [0, 63] }),
  ...word(16, { input: [0, 63] }),
  ...word(24, { tsb: [0, 63] }),
  ...word(32, { tccb: [0, 63] }),
  ...word(40, { ocount: [0, 31] }),
  ...word(44, { icount: [0, 31] }),
  ...word(60, { intrg: [0, 31] }),
  ...wholeWords(16),
]);

/** Channel-report word (A.10). */
const CRW: BlockFields = Object.fromEntries([
  ...word(0, {
    slct: [1, 1],
    oflw: [2, 2],
    chn: [3, 3],
    rsc: [4, 7],
    anc: [8, 8],
    erc: [10, 15],
    rsid: [16, 31],
  }),
  ...wholeWords(1),
]);

/** I/O-interruption code (A.2). */
const INTERRUPTION: BlockFields = Object.fromEntries([
  ...word(0, { sid: [0, 31] }),
  ...word(4, { intparm: [0, 31] }),
  ...word(8, { adapter: [0, 0], directed: [1, 1], isc: [2, 4] }),
  ...wholeWords(3),
]);

/** Machine-check-interruption code (A.12). */
const MCIC: BlockFields = Object.fromEntries([...word(0, { cp: [9, 9], ck: [11, 11] }), ...wholeWords(2)]);

export const BLOCKS = {
  schib: { bytes: 52, fields: SCHIB },
  irb: { bytes: 96, fields: IRB },
  orb: { bytes: 32, fields: ORB },
  tcw: { bytes: 64, fields: TCW },
  crw: { bytes: 4, fields: CRW },
  interruption: { bytes: 12, fields: INTERRUPTION },
  mcic: { bytes: 8, fields: MCIC },
} as const satisfies Record<string, { bytes: number; fields: BlockFields }>;
export type BlockName = keyof typeof BLOCKS;

/** Stores fields of a block. Whole words come first, so that single fields refine them. */
export function storeFields(
  bytes: Uint8Array,
  block: BlockName,
  fields: Readonly<Record<string, number>>,
): void {
  const layout: BlockFields = BLOCKS[block].fields;
  const isWord = (name: string): boolean => name.startsWith('word');
  const names = Object.keys(fields);
  for (const name of [...names.filter(isWord), ...names.filter((other) => !isWord(other))]) {
    storeField(bytes, layout[name], fields[name]);
  }
}

/** The largest value of a field; 64-bit fields hold addresses below 2^53. */
export const limitOf = ({ first, last }: FieldPlace): number =>
  last > 31 ? Number.MAX_SAFE_INTEGER : 0xffffffff >>> (31 - last + first);

export function fetchField(block: Uint8Array, { at, first, last }: FieldPlace): number {
  if (last > 31) return fetchWord(block, at) * 2 ** 32 + fetchWord(block, at + 4);
  return ((fetchWord(block, at) >>> (31 - last)) & (0xffffffff >>> (31 - last + first))) >>> 0;
}

/** Stores a field's value, which fits, and leaves the other bits of its word alone. */
function storeField(block: Uint8Array, place: FieldPlace, value: number): void {
  const { at, last } = place;
  if (last > 31) {
    storeWord(block, at, Math.floor(value / 2 ** 32));
    storeWord(block, at + 4, value % 2 ** 32);
    return;
  }
  const shift = 31 - last;
  const mask = limitOf(place) << shift;
  storeWord(block, at, ((fetchWord(block, at) & ~mask) | (value << shift)) >>> 0);
}
