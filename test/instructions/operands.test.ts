import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddressableChannelSubsystem } from '../../src/channel/channel-subsystem.ts';
import { PRIORITY } from '../../src/kernel/priority.ts';
import { Processes } from '../../src/kernel/process.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { BLIND } from '../../src/observe/observer.ts';
import { InstructionEvents } from '../../src/program/instruction-events.ts';
import { type InstructionResult, Processor } from '../../src/program/processor.ts';
import type { InstructionStep } from '../../src/program/step.ts';
import { RECORDED_QEMU } from '../../src/qemu/options.ts';
import { VirtualChannelSubsystem } from '../../src/qemu/virtual-css.ts';
import type { Storage } from '../../src/zarch/storage.ts';
import { dasdMachine } from '../channel/oracle/dasd-bench.ts';
import {
  type Exceptions,
  enablesMultipleImages,
  ofMachine,
  ofQemu,
  type Surroundings,
} from './operand-oracle.ts';

/** One instruction with whatever stands in its registers and at its operand address. */
interface Attempt {
  readonly step: InstructionStep;
  /** What is stored at the operand address before, as far as storage reaches. */
  readonly operand: readonly number[];
  readonly key: number;
  readonly problemState: boolean;
}

const PROTECTED_PAGE = 0x30000;
const OPERAND_WORDS = 13;
const KEY = 1;
const EVENTS = 20_000;

const sid = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0x00010000) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0x00010001, 0x0001ffff, 0x00030000, 0x00000000, 0x00110000, 0x00090000),
  },
  { weight: 1, arbitrary: fc.constantFrom(0xfe090000, 0x01010000, 0x01090000) },
  { weight: 1, arbitrary: fc.nat(0xffffffff) },
);
/** Offsets from one of the places where something changes. */
const address = (storageBytes: number) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        0,
        0x1000,
        0x2000,
        PROTECTED_PAGE,
        PROTECTED_PAGE - 4,
        storageBytes - 0x1000,
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(0x1000, PROTECTED_PAGE, storageBytes), fc.integer({ min: -80, max: 80 }))
        .map(([place, offset]) => place + offset),
    },
    { weight: 1, arbitrary: fc.nat(0xffffffff) },
  );
/** Words in which single bits, or none, stand where they should not. */
const word = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat(31).map((at) => (1 << at) >>> 0) },
  { weight: 1, arbitrary: fc.nat(0xffffffff) },
);
const register = fc.oneof(word, fc.constantFrom(1, 2, 3, 0x10000, 0x40, 0xee, 0x10000002, 0xff0000));

function attempts(storageBytes: number): fc.Arbitrary<Attempt> {
  const at = address(storageBytes);
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('ssch', 'stsch', 'msch', 'tsch'), sid, at }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('hsch', 'csch', 'xsch', 'rsch'), sid }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('stcrw', 'tpi', 'stcps', 'chsc'), at }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('rchp', 'sal'), register1: register }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('schm'), register1: register, register2: register }),
    },
  ) as fc.Arbitrary<InstructionStep>;
  const length = fc.constantFrom(
    0x00100010,
    0x00100002,
    0x04000031,
    0x04000031,
    0x000f0010,
    0x10000010,
    0x0010000e,
  );
  const operand = fc
    .tuple(
      fc.oneof(length, word),
      fc.array(word, { minLength: OPERAND_WORDS - 1, maxLength: OPERAND_WORDS - 1 }),
    )
    .map(([first, rest]) => [first, ...rest]);
  const problemState = fc.constantFrom(false, false, false, false, false, true);
  return fc.record({ step, operand, key: fc.constantFrom(0, 0, KEY), problemState });
}

/** Most of storage can be fetched from with any key, some be stored into with key 1, one block is another's. */
function storageKeyOf(address: number, storageBytes: number): number {
  const page = address - (address % 4096);
  if (page === PROTECTED_PAGE) return 0x28;
  const own = [0, 0x1000, 0x2000, PROTECTED_PAGE - 4096, storageBytes - 4096];
  return own.includes(page) ? KEY << 4 : 0;
}

interface Bench {
  readonly css: AddressableChannelSubsystem;
  readonly sim: Simulation;
  readonly rule: (step: InstructionStep, at: Surroundings) => Exceptions;
}

function machine(): Bench {
  const { sim, image } = dasdMachine({ devices: 1, paths: 1, ccwLimit: 100 });
  return { css: image, sim, rule: ofMachine };
}

function qemu(): Bench {
  const css = new VirtualChannelSubsystem({ ...RECORDED_QEMU, ccwLimit: 1_000 }, BLIND, 0);
  css.plug({ kind: 'virtio', model: 'rng' });
  return { css, sim: new Simulation(), rule: ofQemu };
}

/** A CPU in supervisor state, with the subchannel enabled by an instruction of its own. */
class Bare {
  readonly processor: Processor;
  /** What the program has made of the channel subsystem. */
  multipleImages = false;
  private readonly bench: Bench;
  private readonly processes: Processes;

  constructor(bench: Bench) {
    this.bench = bench;
    this.processes = new Processes(bench.sim);
    this.processor = new Processor(bench.css, new InstructionEvents(BLIND, 0));
    const { storage, interrupts } = bench.css;
    interrupts.program = { ioInterruptionPending() {}, machineCheckPending() {} };
    const pages = [0, 0x1000, 0x2000, PROTECTED_PAGE - 4096, PROTECTED_PAGE, storage.bytes - 4096];
    for (const page of pages) storage.setKey(page, storageKeyOf(page, storage.bytes));
    this.execute({ do: 'stsch', sid: 0x00010000, at: 0x1000 });
    storage.storeWord(0x1004, storage.word(0x1004) | 0x00800000);
    expect(this.execute({ do: 'msch', sid: 0x00010000, at: 0x1000 })).toEqual({ cc: 0, pgm: 0 });
  }

  execute(step: InstructionStep): InstructionResult {
    const { sim } = this.bench;
    let result: InstructionResult | null = null;
    const { processor } = this;
    this.processes.spawn('program', PRIORITY.HOST, null, 0, function* (self) {
      result = yield* processor.execute(self, step);
    });
    expect(sim.run(sim.now + 1_000_000_000, EVENTS), 'a bounded number of events').toBe(true);
    expect(result).not.toBeNull();
    return result as unknown as InstructionResult;
  }
}

function prepare(storage: Storage, { step, operand }: Attempt): void {
  if (!('at' in step)) return;
  for (const [at, each] of operand.entries()) {
    const address = step.at + 4 * at;
    if (address + 4 <= storage.bytes) storage.storeWord(address, each);
  }
}

const zeroBehind = (storage: Storage) => (at: number) => (at + 4 <= storage.bytes ? storage.word(at) : 0);

function check(bench: Bench, bare: Bare, attempt: Attempt): void {
  const { css } = bench;
  const { storage } = css;
  const { step, key, problemState } = attempt;
  prepare(storage, attempt);
  // A second look, through the front door, at what TPI is going to find.
  const code = { subchannel: -1, intparm: 0, adapter: 0, directed: 0, isc: 0, adapterType: 0 };
  const interruption = css.interrupts.take(0xff, code);
  if (interruption) css.interrupts.post(code.subchannel, code.isc);
  const surroundings: Surroundings = {
    storageBytes: storage.bytes,
    word: zeroBehind(storage),
    key,
    storageKey: (at) => storageKeyOf(at, storage.bytes),
    multipleImages: bare.multipleImages,
    interruption,
  };
  const enables = enablesMultipleImages(step, surroundings);
  bare.processor.key = key;
  bare.processor.problemState = problemState;
  const { cc, pgm } = bare.execute(step);
  if (enables && cc === 0) bare.multipleImages = true;
  const expected: Exceptions = problemState
    ? { due: [2], possible: [], unlessAbsent: false }
    : bench.rule(step, surroundings);
  const right =
    pgm === 0
      ? (expected.due.length === 0 && cc >= 0 && cc <= 3) || (expected.unlessAbsent && cc === 3)
      : cc === -1 && [...expected.due, ...expected.possible].includes(pgm);
  const found = pgm === 0 ? `cc ${cc}` : `pgm ${pgm.toString(16)}`;
  expect(right, `${found} in place of ${JSON.stringify(expected)}`).toBe(true);
}

describe('instructions with any operands', () => {
  for (const [name, build] of [
    ['machine', machine],
    ['qemu', qemu],
  ] as const) {
    it(`end with a condition code or the program interruption that is due (${name})`, () => {
      const { bytes } = build().css.storage;
      fc.assert(
        fc.property(fc.array(attempts(bytes), { minLength: 1, maxLength: 12, size: 'max' }), (story) => {
          const bench = build();
          const bare = new Bare(bench);
          for (const attempt of story) check(bench, bare, attempt);
        }),
        { numRuns: 200 },
      );
    });
  }
});
