import type { Operands } from '../../src/channel/channel-subsystem.ts';
import { PRIORITY } from '../../src/kernel/priority.ts';
import { Processes } from '../../src/kernel/process.ts';
import { Station } from '../../src/kernel/station.ts';
import { BLIND } from '../../src/observe/observer.ts';
import { CCW_FLAG, type ChannelProgram } from '../../src/zarch/ccw.ts';
import { Irb } from '../../src/zarch/irb.ts';
import { Orb } from '../../src/zarch/orb.ts';
import { encodePgid } from '../../src/zarch/pgid.ts';
import { Schib } from '../../src/zarch/schib.ts';
import { ControlProgram } from '../../src/zvm/control-program.ts';
import { GuestChannelSubsystem } from '../../src/zvm/guest-css.ts';
import type { ControlProgramOptions } from '../../src/zvm/options.ts';
import { TestMachine } from '../channel/test-machine.ts';

export const pgid = (cpuId: number): Uint8Array =>
  encodePgid({ cpuAddress: 0, cssid: 0, cpuId, machineType: 0x3931, todHigh: 1 });

const FREE = { charge() {} };
const NOBODY = { kind: 0, target: 0, priority: 0 };

/** One guest with one dedicated device, of which the test issues the instructions itself. */
export class TestZvm {
  readonly machine = new TestMachine({ devices: 1 });
  readonly guest: GuestChannelSubsystem;
  readonly cp: ControlProgram;
  readonly told: string[] = [];
  ready = false;

  constructor(options: Partial<ControlProgramOptions> = {}) {
    const { sim, image } = this.machine;
    const priority = PRIORITY.HOST;
    this.cp = new ControlProgram(
      {
        show: 'one',
        foreignGroup: 'refuse',
        senseGroup: 'shown',
        costs: { interceptNs: 0, interruptNs: 0, machineCheckNs: 0 },
        ...options,
      },
      {
        sim,
        processes: new Processes(sim),
        image,
        observer: BLIND,
        system: 0,
        name: 'vm1',
        priority,
        cpus: new Station(sim, 'vm1.cpus', 1, priority),
        pgid: pgid(1),
      },
    );
    this.guest = new GuestChannelSubsystem(this.cp, BLIND, 1);
    this.guest.dedicate(0, 0x1000);
    this.guest.interrupts.program = {
      ioInterruptionPending: () => this.told.push('io'),
      machineCheckPending: () => this.told.push('machine-check'),
    };
    this.guest.interrupts.enable(0xff, true);
    this.cp.boot(() => {
      this.ready = true;
    });
    sim.run(1_000_000);
  }

  issue<I extends keyof Operands>(name: I, operand: Operands[I]): number {
    return this.guest.issue(FREE, name, 0, operand, NOBODY);
  }

  stsch(): Schib {
    const schib = new Schib();
    this.issue('stsch', schib);
    return schib;
  }

  enable(): number {
    const schib = this.stsch();
    schib.pmcw.enabled = 1;
    return this.issue('msch', schib);
  }

  ssch(program: ChannelProgram, lpm = 0xff): number {
    const orb = new Orb();
    orb.program = program;
    orb.lpm = lpm;
    return this.issue('ssch', orb);
  }

  tsch(): { cc: number; irb: Irb } {
    const irb = new Irb();
    return { cc: this.issue('tsch', irb), irb };
  }
}

export const command = (code: number, data: Uint8Array): ChannelProgram => ({
  ccws: [{ command: code, flags: CCW_FLAG.SUPPRESS_LENGTH, count: data.length, data, versions: null }],
  length: 1,
});
