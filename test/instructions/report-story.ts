import fc from 'fast-check';
import { expect } from 'vitest';
import type { InterruptibleProgram } from '../../src/channel/channel-subsystem.ts';
import { Crw, crwWord } from '../../src/zarch/crw.ts';
import { channelPathWord, ReportModel } from './report-model.ts';

/** What happens to a report queue. */
export type ReportStep =
  | { do: 'inject'; word: number }
  | { do: 'rchp'; chpid: number }
  | { do: 'stcrw' | 'collect' | 'plug' | 'unplug' | 'reset' }
  | { do: 'masks'; cpu: number; channelReports: boolean }
  | { do: 'take'; cpu: number }
  | { do: 'wait'; ns: number };

/** A channel subsystem whose reports are put to the test. */
export interface ReportBench {
  /** Reports that its queue holds. */
  readonly depth: number;
  /** Time between RCHP and its report, ns; zero: it is there at once. */
  readonly resetNs: number;
  readonly chpids: readonly number[];
  /** CPUs with masks of their own. */
  readonly cpus: number;
  readonly now: () => number;
  run(ns: number): void;
  inject(word: number): void;
  stcrw(into: Crw): number;
  rchp(chpid: number): number;
  /** Hot-plugs a device, takes the last one away: the words of the report that must come of it. */
  plug?(): number[];
  unplug?(): number[];
  reset?(): void;
  enable(channelReports: boolean, cpu: number): void;
  takeMachineCheck(cpu: number): boolean;
  listen(program: InterruptibleProgram): void;
}

export function reportStories(bench: Pick<ReportBench, 'chpids' | 'cpus' | 'resetNs'>) {
  const chpid = fc.constantFrom(...bench.chpids, 0xee);
  const cpu = fc.nat(bench.cpus - 1);
  const word = fc.nat(0x7fffffff).map((bits) => (bits & 0x1fbfffff) >>> 0);
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('inject'), word }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('rchp'), chpid }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('stcrw', 'stcrw', 'stcrw', 'collect') }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('plug', 'unplug', 'reset') }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('masks'), cpu, channelReports: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('take'), cpu }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('wait'), ns: fc.constantFrom(0, 3 * bench.resetNs) }),
    },
  ) as fc.Arbitrary<ReportStep>;
  return fc.array(step, { maxLength: 60, size: 'max' });
}

/** Tells a story to a channel subsystem and to the oracle at once. */
export class ReportStory {
  private readonly bench: ReportBench;
  private readonly model: ReportModel;
  private readonly masks: boolean[];
  /** Channel paths under reset, oldest first. */
  private resets: { chpid: number; due: number }[] = [];
  private told = 0;
  private taken = 0;

  constructor(bench: ReportBench) {
    this.bench = bench;
    this.model = new ReportModel(bench.depth);
    this.masks = Array.from({ length: bench.cpus }, () => false);
    bench.listen({
      ioInterruptionPending() {},
      machineCheckPending: (cpu) => {
        this.told++;
        expect(cpu ?? 0, 'the lowest-numbered enabled CPU is told').toBe(this.masks.indexOf(true));
      },
    });
  }

  perform(step: ReportStep): void {
    const { bench, model } = this;
    switch (step.do) {
      case 'inject':
        bench.inject(step.word);
        model.report(step.word);
        break;
      case 'rchp':
        this.resetPath(step.chpid);
        break;
      case 'stcrw':
        this.stcrw();
        break;
      case 'collect':
        while (this.stcrw() === 0);
        break;
      case 'plug':
      case 'unplug':
        this.change(bench[step.do]?.() ?? []);
        break;
      case 'reset':
        if (bench.reset === undefined) break;
        bench.reset();
        model.reset();
        break;
      case 'masks':
        this.masks[step.cpu] = step.channelReports;
        bench.enable(step.channelReports, step.cpu);
        break;
      case 'take':
        this.take(step.cpu);
        break;
      case 'wait':
        break;
    }
    this.pass(step.do === 'wait' ? step.ns : 0);
  }

  /** The end of every story: whatever was reported and not lost is read, and the next report interrupts again. */
  end(): void {
    this.perform({ do: 'wait', ns: 3 * this.bench.resetNs });
    this.perform({ do: 'masks', cpu: 0, channelReports: true });
    this.perform({ do: 'take', cpu: 0 });
    this.perform({ do: 'collect' });
    const { told, taken } = this;
    this.perform({ do: 'inject', word: 0x0406003a });
    expect(this.told, 'a machine check for the first report after the queue was found empty').toBe(told + 1);
    this.perform({ do: 'take', cpu: 0 });
    expect(this.taken).toBe(taken + 1);
    this.perform({ do: 'inject', word: 0x0402003a });
    this.perform({ do: 'take', cpu: 0 });
    expect(this.taken, 'no machine check before the queue was found empty').toBe(taken + 1);
    this.perform({ do: 'collect' });
  }

  private change(words: readonly number[]): void {
    if (words.length > 0) this.model.report(...words);
  }

  private stcrw(): number {
    const crw = new Crw();
    crw.rsid = 0x7777;
    const cc = this.bench.stcrw(crw);
    const expected = this.model.stcrw();
    expect({ cc, word: hex(crwWord(crw)) }).toEqual({
      cc: expected === undefined ? 1 : 0,
      word: hex(expected ?? 0),
    });
    return cc;
  }

  private resetPath(chpid: number): void {
    const { bench, model } = this;
    const known = bench.chpids.includes(chpid);
    const busy = this.resets.some((reset) => reset.chpid === chpid);
    expect(bench.rchp(chpid)).toBe(known ? (busy ? 2 : 0) : 3);
    if (!known || busy) return;
    if (bench.resetNs === 0) model.report(channelPathWord(chpid, 2, true));
    else this.resets.push({ chpid, due: bench.now() + bench.resetNs });
  }

  private pass(ns: number): void {
    this.bench.run(ns);
    for (const { chpid } of this.resets.filter(({ due }) => due <= this.bench.now())) {
      this.model.report(channelPathWord(chpid, 2, true));
    }
    this.resets = this.resets.filter(({ due }) => due > this.bench.now());
  }

  private take(cpu: number): void {
    const taken = this.bench.takeMachineCheck(cpu);
    expect(taken, 'machine check taken').toBe(this.model.takeMachineCheck(this.masks[cpu]));
    if (taken) this.taken++;
  }
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');
