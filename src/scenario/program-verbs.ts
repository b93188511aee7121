import type { BlockName } from '../program/block-fields.ts';

/** What a step can do, which keys belong to it, and what it leaves behind for `expect`. */
export interface Verb {
  readonly options: readonly string[];
  /** Blocks and results that may be expected besides bytes in storage. */
  readonly leaves: readonly (BlockName | 'cc' | 'pgm' | 'came')[];
}

const verb = (options: readonly string[] = [], leaves: Verb['leaves'] = []): Verb => ({ options, leaves });
const instruction = (options: readonly string[] = [], ...blocks: BlockName[]): Verb =>
  verb(options, ['cc', 'pgm', ...blocks]);

export const VERBS = {
  ssch: instruction(['at', 'orb', 'ccws']),
  hsch: instruction(),
  csch: instruction(),
  xsch: instruction(),
  rsch: instruction(),
  stsch: instruction(['at'], 'schib'),
  msch: instruction(['at', 'set'], 'schib'),
  tsch: instruction(['at'], 'irb'),
  tpi: instruction([], 'interruption'),
  stcrw: instruction([], 'crw'),
  stcps: instruction(),
  chsc: instruction(['words']),
  rchp: instruction(),
  schm: instruction(['origin']),
  sal: instruction(),
  store: verb(['bytes', 'words', 'times']),
  ccws: verb(['at', 'format']),
  idaws: verb(['at', 'format']),
  midaws: verb(['at']),
  tccb: verb(['at']),
  tidaws: verb(['at']),
  change: verb(['set', 'block']),
  wait: verb(['of', 'limit', 'every'], ['came', 'interruption', 'mcic']),
  delay: verb(),
  repeat: verb(['until', 'steps']),
  if: verb(['steps', 'else']),
  call: verb(),
  parallel: verb(),
  plug: verb(),
  unplug: verb(),
  unsolicited: verb(),
  configureOff: verb(),
  configureOn: verb(),
  inject: verb(),
  setKey: verb(['key']),
  psw: verb(),
  masks: verb(),
  /** Has no key of its own: a step that only expects. */
  look: verb(),
} as const satisfies Record<string, Verb>;
export type VerbName = keyof typeof VERBS;

/** Keys that every step may have. */
export const COMMON_OPTIONS: readonly string[] = ['on', 'as', 'about', 'expect'];

const VERB_NAMES = Object.keys(VERBS) as VerbName[];

/** The verbs among the keys of a step. CCWs before SSCH are an option of it. */
export function verbsAmong(keys: readonly string[]): VerbName[] {
  const present = VERB_NAMES.filter((name) => keys.includes(name));
  return present.filter(
    (name) => !present.some((other) => (VERBS[other].options as readonly string[]).includes(name)),
  );
}
