import type { Exchange } from '../../src/channel/control-unit.ts';
import type { MachineChannelSubsystem } from '../../src/channel/image.ts';
import { Machine } from '../../src/channel/machine.ts';
import type { MachineOptions } from '../../src/channel/machine-model.ts';
import { PATH_GENERATIONS } from '../../src/channel/path-generations.ts';
import { RandomStreams } from '../../src/kernel/random.ts';
import type { Simulation } from '../../src/kernel/simulation.ts';
import { BLIND } from '../../src/observe/observer.ts';
import { rotation } from '../../src/pathing/rotation.ts';
import { COMMAND } from '../../src/zarch/commands.ts';
import { OPTIONS } from '../channel/test-machine.ts';
import { TestUnit } from '../channel/test-unit.ts';
import { Rig, TestDriver } from './rig.ts';

/** A control unit that says what it is. */
export class KnownUnit extends TestUnit {
  override execute(exchange: Exchange): void {
    super.execute(exchange);
    const ccw = exchange.program?.ccws[0];
    if (ccw?.command !== COMMAND.senseid) return;
    ccw.data!.set([0xff, 0x39, 0x90, 0xe9, 0x33, 0x90, 0x0c]);
    exchange.residual = ccw.count - 7;
  }
}

/** A driver whose devices have no path groups. */
export const plainDriver = (): TestDriver => Object.assign(new TestDriver(), { pathGroup: false });

/** A Linux in a partition of the machine, with devices 1000 and 1001 on CHPID 40 online. */
export class Partition {
  readonly unit = new KnownUnit();
  readonly rig: Rig<MachineChannelSubsystem>;
  machine!: Machine;

  constructor(options: Partial<MachineOptions> = {}) {
    this.rig = new Rig((sim) => this.image(sim, options), { driver: plainDriver(), online: true }).boot();
    this.rig.recorder.clear();
  }

  private image(sim: Simulation, options: Partial<MachineOptions>): MachineChannelSubsystem {
    this.machine = new Machine({
      sim,
      observer: BLIND,
      streams: new RandomStreams('1'),
      options: { ...OPTIONS, subchannelSets: 4, ...options },
      policy: rotation,
    });
    const path = this.machine.addChannelPath(0x40, PATH_GENERATIONS['ficon-express8s'], 500, null);
    this.machine.addControlUnit(this.unit, [path]);
    const image = this.machine.addImage();
    const devices = [0, 1].map((at) => ({ deviceNumber: 0x1000 + at, unitAddress: at, ssid: 0 }));
    this.machine.addSubchannels(image, this.unit, devices, [0, 0, 0, 0]);
    return image;
  }
}
