import type { Operands } from '../../src/channel/channel-subsystem.ts';
import type { MachineChannelSubsystem } from '../../src/channel/image.ts';
import { Machine } from '../../src/channel/machine.ts';
import type { MachineOptions } from '../../src/channel/machine-model.ts';
import { PATH_GENERATIONS } from '../../src/channel/path-generations.ts';
import { StorageControlUnit } from '../../src/dasd/control-unit.ts';
import { RandomStreams } from '../../src/kernel/random.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { EVENT } from '../../src/observe/event-table.ts';
import { BLIND } from '../../src/observe/observer.ts';
import { rotation } from '../../src/pathing/rotation.ts';
import { encodeCcw, StoredCcw } from '../../src/zarch/ccw.ts';
import { COMMAND, type CommandName } from '../../src/zarch/commands.ts';
import { encodeIrb, Irb } from '../../src/zarch/irb.ts';
import { Orb } from '../../src/zarch/orb.ts';
import { Schib } from '../../src/zarch/schib.ts';
import { encodeScsw } from '../../src/zarch/scsw.ts';
import { MECHANICS, TIMES, volume } from '../dasd/rig.ts';
import { OPTIONS } from './test-machine.ts';

/** Where programs and their data stand, as in the recorded instruction cases. */
export const P = 0x44000;
export const B = 0x45000;

export const CD = 0x80;
export const CC = 0x40;
export const SLI = 0x20;
export const SKIP = 0x10;
export const PCI = 0x08;
export const IDA = 0x04;
export const SUSPEND = 0x02;
export const MIDA = 0x01;

/** A CCW as a test writes it: command by name or code, flags, count, data address. */
export type Word = readonly [command: CommandName | number, flags: number, count: number, address?: number];

/** One volume whose channel programs stand in main storage, and short forms to start and look at them. */
export class StoredMachine {
  readonly sim = new Simulation();
  readonly machine: Machine;
  readonly image: MachineChannelSubsystem;
  readonly unit: StorageControlUnit;
  /** CCWs that took effect: offset of the CCW in the program's page, times stored into, command. */
  readonly executed: string[] = [];

  constructor(
    shape: {
      paths?: number;
      hosts?: number;
      options?: Partial<MachineOptions>;
      facilities?: string;
      hitRatio?: number;
    } = {},
  ) {
    const ports = shape.paths ?? 1;
    const hosts = shape.hosts ?? 1;
    this.machine = new Machine({
      sim: this.sim,
      observer: {
        ...BLIND,
        emit: (event, _system, _subchannel, _chpid, _lpm, _cc, at, version, command) => {
          if (event !== EVENT['ccw.executed']) return;
          this.executed.push(
            `+${(at & 0xfff).toString(16)}/${version} ${command.toString(16).padStart(2, '0')}`,
          );
        },
      },
      streams: new RandomStreams('1'),
      options: { ...OPTIONS, ...shape.options },
      policy: rotation,
    });
    const paths = Array.from({ length: ports }, (_, at) =>
      this.machine.addChannelPath(0x40 + at, PATH_GENERATIONS['ficon-express8s'], 500, null),
    );
    this.unit = new StorageControlUnit({
      sim: this.sim,
      name: 'lcu0',
      facilities: shape.facilities ?? '2107',
      facilityOverrides: {},
      ports,
      hosts,
      maxConcurrentPerPort: 256,
      cache: { kind: 'hit-ratio', hitRatio: shape.hitRatio ?? 1 },
      backend: 'flash',
      times: TIMES,
      mechanics: MECHANICS,
      subsystemId: 0x0120,
      logicalSubsystem: 1,
      devices: [volume(0)],
    });
    this.machine.addControlUnit(this.unit, paths);
    for (let host = 0; host < hosts; host++) {
      const image = this.machine.addImage();
      const device = { deviceNumber: 0x1000, unitAddress: 0, ssid: 0 };
      this.machine.addSubchannels(image, this.unit, [device], [0, 0, 0, 0]);
      image.interrupts.program = { ioInterruptionPending() {}, machineCheckPending() {} };
    }
    this.image = this.machine.images[0];
    for (let host = 0; host < hosts; host++) this.enable({}, host);
  }

  issue<I extends keyof Operands>(instruction: I, operand: Operands[I], host = 0): number {
    const image = this.machine.images[host];
    return image.issue({ charge() {} }, instruction, 0, operand, { kind: 0, target: 0, priority: 0 });
  }

  /** Enables the subchannel, with what else of the PMCW a test wants. */
  enable(more: Partial<Schib['pmcw']>, host = 0): void {
    const schib = this.schib(host);
    Object.assign(schib.pmcw, { enabled: 1, multipath: 1 }, more);
    this.issue('msch', schib, host);
  }

  schib(host = 0): Schib {
    const schib = new Schib();
    this.issue('stsch', schib, host);
    return schib;
  }

  /** Stores CCWs one behind the other. */
  write(at: number, words: readonly Word[], format: 0 | 1 = 1): void {
    words.forEach(([command, flags, count, address = B], index) => {
      const ccw = new StoredCcw();
      ccw.command = typeof command === 'number' ? command : COMMAND[command];
      ccw.flags = flags;
      ccw.count = count;
      ccw.address = address & (format === 0 ? 0xffffff : 0x7fffffff);
      this.image.storage.store(at + 8 * index, encodeCcw(ccw, format));
    });
  }

  store(at: number, digits: string): void {
    this.image.storage.store(at, Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex')));
  }

  load(at: number, length: number): string {
    const bytes = new Uint8Array(length);
    this.image.storage.fetch(at, bytes);
    return Buffer.from(bytes).toString('hex');
  }

  start(orb: Partial<Orb> = {}, host = 0): number {
    return this.issue(
      'ssch',
      Object.assign(new Orb(), { lpm: 0xff, programAddress: P, idaw64: 0, ...orb }),
      host,
    );
  }

  /** Lets time pass until status is pending. */
  wait(host = 0): boolean {
    for (let turn = 0; turn < 100_000; turn++) {
      if ((this.schib(host).scsw.stctl & 1) !== 0) return true;
      if (this.sim.run(this.sim.now + 1_000) && this.sim.pendingCount === 0) break;
    }
    return (this.schib(host).scsw.stctl & 1) !== 0;
  }

  test(host = 0): Irb {
    const irb = new Irb();
    this.issue('tsch', irb, host);
    return irb;
  }

  /** Starts a program and waits for its ending status. */
  run(words: readonly Word[], orb: Partial<Orb> = {}): string {
    this.write(P, words, orb.format1 === 0 ? 0 : 1);
    this.start(orb);
    this.wait();
    return status(this.test());
  }
}

/** Right half of SCSW word 0, CCW address relative to the program, device and subchannel status, count. */
export function status({ scsw }: Irb): string {
  const words = Buffer.from(encodeScsw(scsw)).toString('hex');
  const address = scsw.ccwAddress - P;
  const place = Math.abs(address) < 0x1000 ? `P+${address.toString(16)}` : words.slice(8, 16);
  return `${words.slice(4, 8)} ${place} ${words.slice(16, 20)} ${scsw.count}`;
}

/** First word of the extended status. */
export const esw = (irb: Irb): string => Buffer.from(encodeIrb(irb)).toString('hex', 12, 16);
