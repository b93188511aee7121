import type { InterruptibleProgram, Operands } from '../../src/channel/channel-subsystem.ts';
import type { MachineChannelSubsystem } from '../../src/channel/image.ts';
import { Machine } from '../../src/channel/machine.ts';
import { type MachineOptions, REPORT_PROFILES } from '../../src/channel/machine-model.ts';
import { PATH_GENERATIONS } from '../../src/channel/path-generations.ts';
import type { SelectionPolicy } from '../../src/channel/path-selection.ts';
import type { Cpu, Waiter } from '../../src/kernel/process.ts';
import { RandomStreams } from '../../src/kernel/random.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { BLIND } from '../../src/observe/observer.ts';
import { rotation } from '../../src/pathing/rotation.ts';
import type { ChannelProgram } from '../../src/zarch/ccw.ts';
import { COMMAND } from '../../src/zarch/commands.ts';
import { Irb } from '../../src/zarch/irb.ts';
import { Orb } from '../../src/zarch/orb.ts';
import type { PathMask } from '../../src/zarch/path-mask.ts';
import { Schib } from '../../src/zarch/schib.ts';
import { TestUnit } from './test-unit.ts';

export const OPTIONS: MachineOptions = {
  reports: REPORT_PROFILES['verbose-lpar'],
  lossOrder: ['mask', 'io', 'report'],
  lostOperation: 'ifcc',
  noPath: 'deferred-cc3',
  pathGroupReturn: 'ungrouped',
  crwQueueDepth: 8,
  eventQueueDepth: 8,
  subchannelSets: 1,
  storageBytes: 0x80000000,
  configureDelayNs: 5_000_000,
  linkDetectNs: 100_000_000,
  responseTimeoutNs: 1_500_000_000,
  noPathNs: 100_000,
  signalNs: 1_000,
  pathResetNs: 1_000_000,
  programs: { fetchAhead: 16, ccwLimit: 1_000, fetchNs: 1_000 },
  pathDescriptionFormats: [0, 1],
  instructionCostNs: {
    ssch: 0,
    hsch: 0,
    csch: 0,
    xsch: 0,
    rsch: 0,
    stsch: 0,
    msch: 0,
    tsch: 0,
    stcrw: 0,
    rchp: 0,
    chsc: 0,
  },
};

/** A program that comes as a whole: the test unit does what the test says, not what the program says. */
export const NOTHING_TO_DO: ChannelProgram = {
  ccws: [{ command: COMMAND.nop, flags: 0, count: 0, data: null, versions: null }],
  length: 1,
};
const NOBODY: Waiter = { kind: 0, target: 0, priority: 0 };
const FREE: Cpu = { charge() {} };

/** One image with a few devices behind one control unit, and short forms for instructions. */
export class TestMachine implements InterruptibleProgram {
  readonly sim = new Simulation();
  readonly unit = new TestUnit();
  readonly machine: Machine;
  readonly image: MachineChannelSubsystem;
  /** What the program was told, in order. */
  readonly announced: string[] = [];

  constructor(
    shape: {
      paths?: number;
      devices?: number;
      /** Subchannel set of the devices, and number of the channel-subsystem image. */
      ssid?: number;
      cssid?: number;
      options?: Partial<MachineOptions>;
      policy?: SelectionPolicy;
      /** Exchanges that each channel may have open. */
      maxOpen?: number;
      /** Of one channel path each, one way; default: 500 ns. */
      propagationNs?: readonly number[];
      nonPreferred?: PathMask;
    } = {},
  ) {
    this.machine = new Machine({
      sim: this.sim,
      observer: BLIND,
      streams: new RandomStreams('1'),
      options: { ...OPTIONS, ...shape.options },
      policy: shape.policy ?? rotation,
    });
    const channel = PATH_GENERATIONS['ficon-express8s'];
    const generation = { ...channel, maxOpen: shape.maxOpen ?? channel.maxOpen };
    const paths = Array.from({ length: shape.paths ?? 4 }, (_, at) =>
      this.machine.addChannelPath(0x40 + at, generation, shape.propagationNs?.[at] ?? 500, null),
    );
    this.machine.addControlUnit(this.unit, paths, shape.nonPreferred);
    this.image = this.machine.addImage(shape.cssid);
    const devices = Array.from({ length: shape.devices ?? 2 }, (_, at) => ({
      deviceNumber: 0x1000 + at,
      unitAddress: at,
      ssid: shape.ssid ?? 0,
    }));
    this.machine.addSubchannels(this.image, this.unit, devices, [0, 0, 0, 0]);
    this.image.interrupts.program = this;
    this.image.interrupts.enable(0xff, true);
  }

  ioInterruptionPending(): void {
    this.announced.push('io');
  }

  machineCheckPending(): void {
    this.announced.push('machine-check');
  }

  issue<I extends keyof Operands>(instruction: I, subchannel: number, operand: Operands[I]): number {
    return this.image.issue(FREE, instruction, subchannel, operand, NOBODY);
  }

  stsch(subchannel: number): Schib {
    const schib = new Schib();
    this.issue('stsch', subchannel, schib);
    return schib;
  }

  /** Enables the subchannel (and multipath mode) by STSCH and MSCH. */
  enable(subchannel: number, multipath = 1): void {
    const schib = this.stsch(subchannel);
    schib.pmcw.enabled = 1;
    schib.pmcw.multipath = multipath;
    schib.pmcw.concurrentSense = 1;
    this.issue('msch', subchannel, schib);
  }

  ssch(subchannel: number, lpm = 0xff, program: ChannelProgram = NOTHING_TO_DO): number {
    const orb = new Orb();
    orb.lpm = lpm;
    orb.program = program;
    return this.issue('ssch', subchannel, orb);
  }

  tsch(subchannel: number): { cc: number; irb: Irb } {
    const irb = new Irb();
    return { cc: this.issue('tsch', subchannel, irb), irb };
  }

  runFor(ns: number): void {
    this.sim.run(this.sim.now + ns);
  }
}
