import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { E } from '../../../src/linux/errno.ts';
import { kernelFeatures } from '../../../src/linux/kernel-features.ts';
import { PAGE_BYTES } from '../../../src/linux/vfio/guest-memory.ts';
import { KernelArena } from '../../../src/linux/vfio/kernel-arena.ts';
import { TranslatedProgram } from '../../../src/linux/vfio/translated-program.ts';
import { CCW_BYTES, CCW_FLAG, type StoredCcw } from '../../../src/zarch/ccw.ts';
import { COMMAND } from '../../../src/zarch/commands.ts';
import { Orb } from '../../../src/zarch/orb.ts';
import { Scsw } from '../../../src/zarch/scsw.ts';
import { BASE, carryOut, HEAP, ScatteredMemory, UNMAPPED } from './guest-program.ts';

/* Translation of channel programs in guest storage (linux reference 6.8), held against a channel that knows both memories. */

/** Programs in the first pages, lists behind them, data in all others. */
const LISTS = BASE + 0x8000;
const DATA = BASE + 0x10000;
const READ = 0x02;
const WRITE = 0x01;
const CHAIN = CCW_FLAG.CHAIN_COMMAND | CCW_FLAG.SUPPRESS_LENGTH;

interface Situation {
  readonly memory: ScatteredMemory;
  readonly orb: Orb;
  readonly program: TranslatedProgram;
}

function situation(orb: Partial<Orb> = {}, kernel: '6.1' | '6.16' = '6.16', stride = 5): Situation {
  const memory = new ScatteredMemory(stride);
  const program = new TranslatedProgram(kernelFeatures(kernel), KernelArena.behind(memory.host, HEAP, 0));
  return { memory, program, orb: Object.assign(new Orb(), { programAddress: BASE, ...orb }) };
}

/** cp_init and cp_prefetch; where they fail the program is freed. */
function translate({ memory, orb, program }: Situation): number {
  const rc = program.init(orb, memory.memory);
  if (rc !== E.OK) return rc;
  const fetched = program.prefetch();
  if (fetched !== E.OK) program.free();
  else program.complete(1, 0x80);
  return fetched;
}

const hostFetch =
  ({ host }: ScatteredMemory) =>
  (address: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    host.fetch(address, bytes);
    return bytes;
  };

/** Carries out the guest's program and its copy, and expects the same of both. */
function expectSame({ memory, orb, program }: Situation, limit = 300): void {
  const guest = carryOut(
    orb,
    (address, length) => memory.fetch(address, length),
    (address) => memory.at(address),
    limit,
  );
  const host = carryOut(program.orb, hostFetch(memory), (address) => address, limit);
  const moved = (steps: typeof guest) =>
    steps.map(({ command, flags, count, bytes }) => ({
      command,
      flags,
      count,
      bytes: command === COMMAND.nop ? [] : bytes,
    }));
  expect(moved(host)).toEqual(moved(guest));
  // The address behind each CCW of the copy is the one behind the guest's.
  const scsw = new Scsw();
  host.forEach(({ at }, index) => {
    scsw.ccwAddress = at + CCW_BYTES;
    program.updateScsw(scsw);
    expect(scsw.ccwAddress).toBe(guest[index].at + CCW_BYTES);
  });
}

/** One CCW of a generated program; `scatter` has its list lead here and there. */
interface Plan {
  readonly kind: 'data' | 'list' | 'nop';
  readonly command: number;
  readonly scatter: number;
  readonly offset: number;
  readonly count: number;
}

const plans = fc.array(
  fc.record<Plan>({
    kind: fc.constantFrom('data', 'list', 'nop'),
    command: fc.constantFrom(READ, WRITE),
    scatter: fc.nat(30),
    offset: fc.nat(8 * PAGE_BYTES),
    count: fc.nat(3 * PAGE_BYTES),
  }),
  { minLength: 1, maxLength: 20 },
);

/** Puts the planned CCWs into segments of up to `length` CCWs, each in another place, with TICs from one to the next. */
function store({ memory, orb }: Situation, planned: readonly Plan[], length: number): void {
  const format = orb.format1 === 1 ? 1 : 0;
  const placeOf = (index: number): number =>
    BASE + Math.floor(index / length) * 0x408 + (index % length) * CCW_BYTES;
  planned.forEach((plan, index) => {
    const at = placeOf(index);
    const isLast = index === planned.length - 1;
    const endsSegment = index % length === length - 1;
    memory.storeCcw(at, ccwOf(memory, orb, plan, index, isLast), format);
    if (endsSegment && !isLast) {
      memory.storeCcw(at + CCW_BYTES, { command: COMMAND.tic, address: placeOf(index + 1) }, format);
    }
  });
}

function ccwOf(
  memory: ScatteredMemory,
  orb: Orb,
  { kind, command, scatter, offset, count }: Plan,
  index: number,
  isLast: boolean,
): Partial<StoredCcw> {
  const flags = isLast ? CCW_FLAG.SUPPRESS_LENGTH : CHAIN;
  if (kind === 'nop') return { command: COMMAND.nop, flags, count: 1, address: DATA };
  if (kind !== 'list') return { command, flags, count, address: DATA + offset };
  const list = LISTS + index * 0x80 * 2;
  storeList(memory, orb, list, DATA + offset, scatter);
  return { command, flags: flags | CCW_FLAG.INDIRECT, count, address: list };
}

/** A list for the longest data area: first word anywhere, all others at block boundaries here and there. */
function storeList(memory: ScatteredMemory, orb: Orb, list: number, first: number, scatter: number): void {
  const isLong = orb.idaw64 === 1;
  const block = isLong && orb.idawBlock2k === 0 ? 4_096 : 2_048;
  for (let at = 0; at < 8; at++) {
    const address = at === 0 ? first : DATA + ((at * 7 + scatter) % 40) * block;
    const word = new Uint8Array(isLong ? 8 : 4);
    new DataView(word.buffer).setUint32(isLong ? 4 : 0, address);
    memory.store(list + at * word.length, word);
  }
}

describe('a translated channel program', () => {
  it('does what the guest meant, for all formats and segments, and gives back all that it pinned', () => {
    fc.assert(
      fc.property(
        plans,
        fc.record({ format1: fc.nat(1), idaw64: fc.nat(1), idawBlock2k: fc.nat(1) }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(1, 5, 27, 63),
        (planned, formats, length, stride) => {
          const made = situation(formats, '6.16', stride);
          store(made, planned, length);
          expect(translate(made)).toBe(E.OK);
          expectSame(made);
          expect(made.memory.memory.pinned).toBe(made.program.pages);
          made.program.free();
          expect(made.memory.memory.pinned).toBe(0);
        },
      ),
    );
  });

  it.each([
    ['back into its own segment', BASE],
    ['back into one before', BASE + 16],
  ])('follows loops: %s', (_, programAddress) => {
    const made = situation({ programAddress });
    const { memory } = made;
    // A search, back to it unless it matched; a read, on to the other segment, and from there back to the read.
    memory.storeCcw(BASE, { command: READ, flags: CHAIN, count: 8, address: DATA }, 1);
    memory.storeCcw(BASE + 8, { command: COMMAND.tic, address: BASE }, 1);
    memory.storeCcw(BASE + 16, { command: READ, flags: CHAIN, count: 8, address: DATA + 64 }, 1);
    memory.storeCcw(BASE + 24, { command: COMMAND.tic, address: BASE + 0x1000 }, 1);
    memory.storeCcw(BASE + 0x1000, { command: WRITE, flags: CHAIN, count: 8, address: DATA + 128 }, 1);
    memory.storeCcw(BASE + 0x1008, { command: COMMAND.tic, address: BASE + 16 }, 1);
    expect(translate(made)).toBe(E.OK);
    expect(made.program.ccws).toBe(programAddress === BASE ? 6 : 4);
    expectSame(made, 30);
  });

  it('pins only pages of data that move', () => {
    const made = situation();
    const { memory, program } = made;
    const ccws: Partial<StoredCcw>[] = [
      { command: READ, flags: CHAIN, count: PAGE_BYTES + 1, address: DATA },
      { command: READ, flags: CHAIN, count: 2, address: DATA + PAGE_BYTES - 1 },
      { command: READ, flags: CHAIN, count: 0, address: DATA },
      { command: COMMAND.nop, flags: CHAIN, count: 1, address: UNMAPPED },
      { command: READ, flags: CHAIN | CCW_FLAG.SKIP, count: 100, address: UNMAPPED },
      { command: COMMAND.senseid, flags: CHAIN | CCW_FLAG.SKIP, count: 100, address: UNMAPPED },
      { command: WRITE, flags: CCW_FLAG.SUPPRESS_LENGTH | CCW_FLAG.SKIP, count: 100, address: DATA },
    ];
    ccws.forEach((ccw, at) => {
      memory.storeCcw(BASE + at * CCW_BYTES, ccw, 1);
    });
    expect(translate(made)).toBe(E.OK);
    expect(program.pages).toBe(2 + 2 + 1);
    expect(memory.memory.referencesTo(DATA)).toBe(3);
    expect(program.hasPinned(DATA, PAGE_BYTES)).toBe(true);
    expect(program.hasPinned(DATA + 2 * PAGE_BYTES, PAGE_BYTES)).toBe(false);
  });

  it.each([
    [256, E.OK],
    [257, E.INVAL],
  ])('may have %i CCWs in a segment: %i', (length, result) => {
    const made = situation();
    for (let at = 0; at < length; at++) {
      const flags = at === length - 1 ? 0 : CCW_FLAG.CHAIN_COMMAND;
      made.memory.storeCcw(BASE + at * CCW_BYTES, { command: COMMAND.nop, flags, count: 1 }, 1);
    }
    expect(translate(made)).toBe(result);
    expect(made.program.isInitialized).toBe(result === E.OK);
  });

  it.each([
    ['the program itself is nowhere', {}, { programAddress: UNMAPPED }],
    ['the area that is copied reaches beyond what is mapped', {}, { programAddress: UNMAPPED - 0x100 }],
    [
      'a transfer in channel leads nowhere',
      { command: COMMAND.tic, flags: 0, count: 0, address: UNMAPPED },
      {},
    ],
    ['data are nowhere', { address: UNMAPPED }, {}],
    ['data reach beyond what is mapped', { address: UNMAPPED - 8 }, {}],
    ['a list is nowhere', { flags: CCW_FLAG.INDIRECT, address: UNMAPPED }, {}],
  ])('is refused with −EINVAL when %s, and nothing stays pinned', (_, last, orb) => {
    const made = situation(orb);
    made.memory.storeCcw(BASE, { command: READ, flags: CHAIN, count: 100, address: DATA }, 1);
    made.memory.storeCcw(BASE + 8, { command: READ, flags: 0, count: 100, address: DATA, ...last }, 1);
    expect(translate(made)).toBe(E.INVAL);
    expect(made.memory.memory.pinned).toBe(0);
    expect(made.program.isInitialized).toBe(false);
  });

  it.each([
    ['31-bit words', { idaw64: 0 }],
    ['words for 2 KiB', { idawBlock2k: 1 }],
  ])(
    'with lists of %s is for kernels since 6.3 only; without lists the formats do not matter',
    (_, formats) => {
      for (const kernel of ['6.1', '6.16'] as const) {
        const direct = situation(formats, kernel);
        direct.memory.storeCcw(BASE, { command: READ, count: 100, address: DATA }, 1);
        expect(translate(direct)).toBe(E.OK);
        const indirect = situation(formats, kernel);
        storeList(indirect.memory, indirect.orb, LISTS, DATA, 3);
        const fields = { command: READ, flags: CCW_FLAG.INDIRECT, count: 5_000, address: LISTS };
        indirect.memory.storeCcw(BASE, fields, 1);
        expect(translate(indirect)).toBe(kernel === '6.1' ? E.OPNOTSUPP : E.OK);
      }
    },
  );

  it('is refused when the kernel has no room for its copy', () => {
    const made = situation();
    const arena = KernelArena.behind(made.memory.host, made.memory.host.bytes - 16, 0);
    const program = new TranslatedProgram(kernelFeatures('6.16'), arena);
    made.memory.storeCcw(BASE, { command: READ, count: 4 * PAGE_BYTES, address: DATA }, 1);
    expect(translate({ ...made, program })).toBe(E.NOMEM);
    expect(made.memory.memory.pinned).toBe(0);
  });

  it('does not see what the guest changes after the start', () => {
    const made = situation();
    made.memory.storeCcw(BASE, { command: READ, count: 8, address: DATA }, 1);
    translate(made);
    made.memory.storeCcw(BASE, { command: WRITE, count: 8, address: DATA }, 1);
    const [step] = carryOut(made.program.orb, hostFetch(made.memory), (address) => address, 1);
    expect(step.command).toBe(READ);
  });
});
