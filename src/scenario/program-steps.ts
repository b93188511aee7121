import { BLOCKS } from '../program/block-fields.ts';
import type { Step } from '../program/step.ts';
import type { Path } from './errors.ts';
import { parseChpid } from './identifiers.ts';
import { suggest } from './nearest.ts';
import { CODE_OF_WAIT, readChecks, readCondition } from './program-checks.ts';
import { type At, number, operand, type Reading, readNumber, type StepReading } from './program-reading.ts';
import { ccwsOf, changeOf, idawsOf, midawsOf, startOf, storeOf } from './program-stores.ts';
import { ADDRESS, WORD } from './program-symbols.ts';
import { commandBlockOf, tidawsOf } from './program-transport.ts';
import { COMMON_OPTIONS, VERBS, type VerbName, verbsAmong } from './program-verbs.ts';
import type { ParsedStep } from './schema-program.ts';

const DEFAULT_LIMIT_NS = 1_000_000_000;
const DEFAULT_EVERY_NS = 10_000;
const BYTE = 0xff;

/** Steps as written become steps as executed: a step that stores blocks first becomes several. */
export function readSteps(
  reading: StepReading,
  steps: readonly ParsedStep[],
  place: Path,
  prefix: string,
): Step[] {
  return steps.flatMap((step, index) => readStep(reading, step, [...place, index], `${prefix}${index + 1}`));
}

function readStep(reading: StepReading, step: ParsedStep, place: Path, name: string): Step[] {
  if (!isForRun(reading, step, place)) return [];
  const verb = verbOf(reading, step, place);
  if (verb === null) return [];
  const why = reading.impossible[verb];
  if (why !== undefined) reading.issues.key([...place, verb], why, '');
  const at = { reading, step, place, name };
  const bodies = READERS[verb](at);
  for (const body of bodies) checkEnd(at, body);
  const line = reading.lineOf(place);
  return bodies.map((body, index): Step => {
    if (index < bodies.length - 1) return { ...body, name, line };
    const expect = checksOf(at, verb, body);
    const as = step.as === undefined ? {} : { as: step.as };
    return { ...body, name, line, ...as, ...(expect.length > 0 && { expect }) };
  });
}

/** Whether the run is one that the step is for. */
function isForRun({ runNames, knownNames, issues }: StepReading, { on }: ParsedStep, place: Path): boolean {
  if (on === undefined) return true;
  const wanted = [on].flat();
  for (const name of wanted) {
    if (knownNames.includes(name)) continue;
    issues.value([...place, 'on'], `no run is called by "${name}"`, suggest(name, knownNames));
  }
  return wanted.some((name) => runNames.includes(name));
}

/** The one thing that a step does; null when there is none or more than one, or a key belongs to another verb. */
function verbOf({ issues }: Reading, step: ParsedStep, place: Path): VerbName | null {
  const keys = Object.keys(step).filter((key) => step[key as keyof ParsedStep] !== undefined);
  const found = verbsAmong(keys);
  const verbs = found.length === 0 && step.expect !== undefined ? (['look'] as const) : found;
  if (verbs.length !== 1) {
    const message = verbs.length === 0 ? 'the step does nothing' : `the step is both ${verbs.join(' and ')}`;
    issues.value(place, message, verbs.length === 0 ? 'write for instance stsch: TD' : 'make it two steps');
    return null;
  }
  const [verb] = verbs;
  const allowed: readonly string[] = [verb, ...VERBS[verb].options, ...COMMON_OPTIONS];
  const strange = keys.filter((key) => !allowed.includes(key));
  for (const key of strange) {
    const options: readonly string[] = VERBS[verb].options;
    const hint = options.length === 0 ? '' : `it takes ${options.join(', ')}`;
    issues.key([...place, key], `does not belong to ${verb}`, hint);
  }
  return strange.length === 0 ? verb : null;
}

/** What is put into storage by no instruction is checked by no machine. */
function checkEnd({ reading, place }: At, body: Step): void {
  const { issues, storageBytes } = reading;
  if (endOf(body) <= storageBytes) return;
  const last = (storageBytes - 1).toString(16);
  issues.value(place, `stores beyond the end of storage on ${reading.machine}`, `its last byte is ${last}`);
}

/** Address behind what a step stores by itself. */
function endOf(body: Step): number {
  if (body.do === 'store') return body.at + (body.bytes.length / 2) * body.times;
  return body.do === 'set' ? body.at + BLOCKS[body.block].bytes : 0;
}

/** A wait that says nothing else must end with what it waits for. */
function checksOf({ reading, step, place }: At, verb: VerbName, body: Step): ReturnType<typeof readChecks> {
  const operand = step.wait !== undefined ? CODE_OF_WAIT[step.wait] : 'at' in body ? body.at : -1;
  const checks = readChecks(reading, step.expect, verb, operand, [...place, 'expect']);
  const comes = verb === 'wait' && step.expect?.came === undefined;
  return comes ? [{ of: 'came', value: 1 }, ...checks] : checks;
}

const signal =
  (what: 'hsch' | 'csch' | 'xsch' | 'rsch') =>
  (at: At): Step[] => [{ do: what, sid: number(at, what, WORD) }];
const stored =
  (what: 'stcrw' | 'tpi' | 'stcps') =>
  (at: At): Step[] => [{ do: what, at: number(at, what, ADDRESS) }];
const onDevice =
  (what: 'plug' | 'unplug' | 'unsolicited') =>
  (at: At): Step[] => [{ do: what, device: deviceOf(at, what) }];
const configure =
  (key: 'configureOn' | 'configureOff') =>
  (at: At): Step[] => [{ do: 'configure-chpid', chpid: chpidOf(at, key), on: key === 'configureOn' }];

const READERS: Readonly<Record<VerbName, (at: At) => Step[]>> = {
  ssch: startOf,
  hsch: signal('hsch'),
  csch: signal('csch'),
  xsch: signal('xsch'),
  rsch: signal('rsch'),
  stsch: (at) => [{ do: 'stsch', sid: number(at, 'stsch', WORD), at: operand(at, 'S') }],
  msch: (at) => [
    ...(at.step.set === undefined ? [] : changeOf(at, operand(at, 'S'))),
    { do: 'msch', sid: number(at, 'msch', WORD), at: operand(at, 'S') },
  ],
  tsch: (at) => [{ do: 'tsch', sid: number(at, 'tsch', WORD), at: operand(at, 'IRB') }],
  tpi: stored('tpi'),
  stcrw: stored('stcrw'),
  stcps: stored('stcps'),
  chsc: (at) => {
    const block = number(at, 'chsc', ADDRESS);
    const request = at.step.words === undefined ? [] : storeOf(at, block);
    return [...request, { do: 'chsc', at: block }];
  },
  rchp: (at) => [{ do: 'rchp', register1: number(at, 'rchp', WORD) }],
  schm: (at) => [
    { do: 'schm', register1: number(at, 'schm', WORD), register2: number(at, 'origin', ADDRESS) },
  ],
  sal: (at) => [{ do: 'sal', register1: number(at, 'sal', WORD) }],
  store: (at) => storeOf(at, number(at, 'store', ADDRESS)),
  ccws: (at) => ccwsOf(at, operand(at, 'P'), at.step.format ?? 1),
  idaws: idawsOf,
  midaws: midawsOf,
  tccb: commandBlockOf,
  tidaws: tidawsOf,
  change: (at) => changeOf(at, number(at, 'change', ADDRESS)),
  wait: waitOf,
  delay: ({ step }) => [{ do: 'delay', ns: step.delay! }],
  repeat: ({ reading, step, place, name }) => [
    {
      do: 'repeat',
      max: step.repeat!,
      until: step.until === undefined ? null : readCondition(reading, step.until, [...place, 'until']),
      steps: nested({ reading, step, place, name }, 'steps'),
    },
  ],
  if: (at) => {
    const condition = readCondition(at.reading, at.step.if!, [...at.place, 'if']);
    if (condition === null) return [];
    return [{ do: 'if', condition, steps: nested(at, 'steps'), otherwise: nested(at, 'else', 'else.') }];
  },
  call: ({ reading, step, place }) => {
    const known = reading.procedures.includes(step.call!);
    if (!known) {
      reading.issues.value(
        [...place, 'call'],
        `unknown procedure "${step.call}"`,
        suggest(step.call!, reading.procedures),
      );
    }
    return known ? [{ do: 'call', procedure: step.call! }] : [];
  },
  parallel: ({ reading, step, place, name }) => [
    {
      do: 'parallel',
      cpus: step.parallel!.map((steps, cpu) =>
        readSteps(reading, steps, [...place, 'parallel', cpu], `${name}.cpu${cpu}.`),
      ),
    },
  ],
  plug: onDevice('plug'),
  unplug: onDevice('unplug'),
  unsolicited: onDevice('unsolicited'),
  configureOff: configure('configureOff'),
  configureOn: configure('configureOn'),
  inject: (at) => [{ do: 'inject', crw: number(at, 'inject', WORD) }],
  setKey: (at) => [
    { do: 'set-storage-key', at: number(at, 'setKey', ADDRESS), key: number(at, 'key', BYTE) },
  ],
  psw: ({ reading, step, place }) => {
    const { problemState, key } = step.psw!;
    return [
      {
        do: 'set-psw',
        ...(problemState !== undefined && { problemState }),
        ...(key !== undefined && { key: readNumber(reading, key, 0xf, [...place, 'psw', 'key']) }),
      },
    ];
  },
  look: () => [{ do: 'look' }],
  masks: ({ reading, step, place }) => {
    const { isc, channelReports } = step.masks!;
    return [
      {
        do: 'set-masks',
        ...(isc !== undefined && { isc: readNumber(reading, isc, BYTE, [...place, 'masks', 'isc']) }),
        ...(channelReports !== undefined && { channelReports }),
      },
    ];
  },
};

/** The lists of steps inside a step: `9.1`, `9.else.1`. */
function nested({ reading, step, place, name }: At, key: 'steps' | 'else', infix = ''): Step[] {
  const steps = step[key];
  if (steps === undefined) {
    if (key === 'steps') reading.issues.value(place, 'has no steps', 'write steps: [...]');
    return [];
  }
  return readSteps(reading, steps, [...place, key], `${name}.${infix}`);
}

function waitOf(at: At): Step[] {
  const { step } = at;
  const limitNs = step.limit ?? DEFAULT_LIMIT_NS;
  if (step.wait === 'status') {
    const sid = step.of === undefined ? readNumber(at.reading, 'TD', WORD, at.place) : number(at, 'of', WORD);
    return [{ do: 'wait-status', sid, limitNs, everyNs: step.every ?? DEFAULT_EVERY_NS }];
  }
  for (const key of ['of', 'every'] as const) {
    if (step[key] !== undefined) at.reading.issues.key([...at.place, key], 'belongs to wait: status', '');
  }
  return [{ do: step.wait === 'io-interrupt' ? 'wait-io' : 'wait-machine-check', limitNs }];
}

function deviceOf({ reading, step, place }: At, key: 'plug' | 'unplug' | 'unsolicited'): number {
  const position = reading.devices.indexOf(step[key]!);
  if (position >= 0) return position;
  reading.issues.value(
    [...place, key],
    `unknown device "${step[key]}"`,
    suggest(step[key]!, reading.devices),
  );
  return 0;
}

function chpidOf({ reading, step, place }: At, key: 'configureOn' | 'configureOff'): number {
  const chpid = parseChpid(step[key]!);
  const here = [...place, key];
  if (!chpid.ok) reading.issues.value(here, chpid.message, chpid.hint);
  else if (!reading.chpids.includes(chpid.value))
    reading.issues.value(here, `there is no chpid ${step[key]}`, '');
  return chpid.ok ? chpid.value : 0;
}
