import { describe, expect, it } from 'vitest';
import type { ChannelSubsystem } from '../../../src/channel/channel-subsystem.ts';
import { RandomStreams } from '../../../src/kernel/random.ts';
import { Simulation } from '../../../src/kernel/simulation.ts';
import { Station } from '../../../src/kernel/station.ts';
import { DasdDriver } from '../../../src/linux/dasd/dasd-driver.ts';
import { WriteVersions } from '../../../src/linux/dasd/write-versions.ts';
import { kernelFeatures } from '../../../src/linux/kernel-features.ts';
import { LinuxSystem } from '../../../src/linux/linux-system.ts';
import { BlockRequest } from '../../../src/observe/block-request.ts';
import { BLIND } from '../../../src/observe/observer.ts';
import { type BuiltMachine, buildMachine } from '../../../src/scenario/build-machine.ts';
import { loadScenarioText } from '../../../src/scenario/load.ts';
import type { ResolvedPartition } from '../../../src/scenario/resolved.ts';
import type { ChannelProgram } from '../../../src/zarch/ccw.ts';
import type { Irb } from '../../../src/zarch/irb.ts';
import type { Orb } from '../../../src/zarch/orb.ts';
import { STCTL } from '../../../src/zarch/scsw.ts';
import { recordedLines, sschLine } from './ssch-line.ts';

/**
 * A Linux with the DASD driver on the machine with a control unit that answers like the Hercules emulator: what an
 * administrator does must lead to the starts of the recording, in order, with their commands, areas and status.
 */
const SCENARIO = `
name: recording
machine:
  noPath: cc3
  subchannelSets: 1
  chpids: { 0.01: { type: ficon-express8s, maxOpen: 1 } }
  controlUnits: { lcu0: { type: 2107, facilities: hercules } }
  dasd: { 0.0.0120: { model: 3390-1 } }
systems:
  linux: { kernel: 6.1, cpus: 1, online: none }
`;
const DEVICE = 0x120;
/** The recorded system's path-group id. */
const PGID = Uint8Array.from(Buffer.from('00000126232817E39CA2E4', 'hex'));

class RecordedSystem {
  readonly lines: string[] = [];
  readonly linux: LinuxSystem;
  readonly dasd: DasdDriver;
  private readonly sim = new Simulation();
  private program: ChannelProgram | null = null;
  private lpm = 0;
  private executed = 0;

  constructor() {
    const { sim } = this;
    const loaded = loadScenarioText('recording.yaml', SCENARIO, { overrides: [] });
    if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
    const scenario = loaded.scenario.runs[0];
    const system = scenario.systems[0] as ResolvedPartition;
    const streams = new RandomStreams('recording');
    const machine = buildMachine(scenario, sim, streams, BLIND);
    this.watchControlUnit(machine);
    const cpus = new Station(sim, 'cpus', system.cpus, 2);
    const shared = { sim, processes: machine.processes, observer: BLIND, system: 0, priority: 2, cpus };
    const kernel = kernelFeatures('6.1');
    const { costs, dasdOptions: tunables } = system;
    const writeVersions = new WriteVersions();
    this.dasd = new DasdDriver({ ...shared, features: kernel, costs, tunables, streams, writeVersions });
    this.linux = new LinuxSystem({
      ...shared,
      css: this.watch(machine.images[0]),
      name: 'linux',
      kernel,
      costs,
      subchannelSets: 1,
      drivers: [this.dasd],
      pgid: PGID,
    });
    this.linux.boot(() => {});
    this.settle();
  }

  /** Starts of what `act` does, from its beginning until nothing happens any more. */
  during(act: (system: RecordedSystem) => void): string[] {
    this.lines.length = 0;
    act(this);
    this.settle();
    return this.lines.map(comparable);
  }

  read(firstBlock: number, blockCount: number): void {
    const request = new BlockRequest({ completed() {} }, blockCount);
    request.firstBlock = firstBlock;
    request.blockCount = blockCount;
    this.dasd.submit(this.volume, request);
  }

  get volume() {
    return this.dasd.dasd(DEVICE)!;
  }

  private settle(): void {
    this.sim.run(this.sim.now + 5e9);
  }

  private watchControlUnit({ controlUnits }: BuiltMachine): void {
    const [unit] = controlUnits;
    const execute = unit.execute.bind(unit);
    unit.execute = (exchange) => {
      execute(exchange);
      this.executed = exchange.lastCcw + 1;
    };
  }

  private watch(css: ChannelSubsystem): ChannelSubsystem {
    return {
      interrupts: css.interrupts,
      issue: (cpu, instruction, subchannel, operand, waiter) => {
        const cc = css.issue(cpu, instruction, subchannel, operand, waiter);
        if (instruction === 'ssch' && cc === 0) {
          const orb = operand as Orb;
          this.program = orb.program;
          this.lpm = orb.lpm;
        }
        if (instruction === 'tsch' && cc === 0) this.ended(operand as Irb);
        return cc;
      },
    };
  }

  private ended(irb: Irb): void {
    if ((irb.scsw.stctl & STCTL.SECONDARY) === 0 || this.program === null) return;
    this.lines.push(sschLine(DEVICE, this.lpm, this.program, this.executed, irb));
    this.program = null;
  }
}

/** Volumes differ in size, label and unit address; of such areas only the lengths are compared. */
const comparable = (line: string): string =>
  line
    .replace(/\[18000000 [0-9A-F]{4}5200/, '[18000000 …5200')
    .replace(/(64 fl=00 cnt=0040 \[\S+ \S+ \S+) \S+\]/, '$1 …]')
    .replace(/( 8E fl=00 cnt=\S+ )\[[^\]]*\]/g, '$1[…]');

const recorded = (section: string): string[] => recordedLines(section).map(comparable);

describe('a recorded session with a 3390 on one path', () => {
  it('happens again, start by start', () => {
    const system = new RecordedSystem();
    const { linux, dasd } = system;
    const record = new Uint8Array(12);
    const session: Record<string, (system: RecordedSystem) => void> = {
      online120: () => linux.spawn('online', (self) => ignore(linux.setOnline(self, DEVICE))),
      'dd-read120': () => {
        system.read(1, 1);
        system.read(3, 2);
      },
      snid120: () => linux.spawn('snid', (self) => ignore(dasd.snid(self, system.volume, 0, record))),
      rsrv120: () => linux.spawn('reserve', (self) => ignore(dasd.reserve(self, system.volume))),
      'snid120-reserved': () =>
        linux.spawn('snid', (self) => ignore(dasd.snid(self, system.volume, 0, record))),
      rlse120: () => linux.spawn('release', (self) => ignore(dasd.release(self, system.volume))),
      slck120: () => linux.spawn('steal', (self) => ignore(dasd.stealLock(self, system.volume))),
      offline120: () => linux.spawn('offline', (self) => ignore(linux.setOffline(self, DEVICE))),
      'online120-again': () => linux.spawn('online', (self) => ignore(linux.setOnline(self, DEVICE))),
    };
    for (const [section, act] of Object.entries(session)) {
      expect({ section, lines: system.during(act) }).toEqual({ section, lines: recorded(section) });
    }
  });
});

function* ignore(steps: Generator<undefined, number, number>): Generator<undefined, void, number> {
  yield* steps;
}
