import type {
  ChannelSubsystem,
  IoInstruction,
  Operands,
  Outcome,
  PendingInterruption,
} from '../channel/channel-subsystem.ts';
import { MachineInterruptController } from '../channel/interrupt-controller.ts';
import { ReportQueue } from '../channel/report-queue.ts';
import type { Cpu, Waiter } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import { Crw, chainedRsid, crwWord, decodeCrw, ERC, RSC } from '../zarch/crw.ts';
import { NONE, type SubchannelId, ssidOf, subchannelId, subchannelNumberOf } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import type { Schib } from '../zarch/schib.ts';
import type { ControlProgram } from './control-program.ts';
import { guestChannelSubsystemCall } from './guest-chsc.ts';
import { VirtualDevice, type VirtualEnvironment } from './virtual-device.ts';

/** Reports that wait for a guest at most. */
const REPORT_DEPTH = 256;

/**
 * The channel subsystem of a guest of CP. Every instruction is intercepted and simulated at once, at the cost of the processor
 * that issued it: there is no other program to ask, and no lock that another guest could hold.
 */
export class GuestChannelSubsystem implements ChannelSubsystem {
  readonly interrupts = new MachineInterruptController();
  readonly reports = new ReportQueue(REPORT_DEPTH);
  private readonly sets: VirtualDevice[][] = [[], [], [], []];
  private readonly cp: ControlProgram;
  private readonly observer: Observer;
  private readonly system: number;
  private readonly environment: VirtualEnvironment;
  /** Subchannel sets that the guest's devices are in. */
  private setCount = 1;

  constructor(cp: ControlProgram, observer: Observer, system: number) {
    this.cp = cp;
    this.observer = observer;
    this.system = system;
    this.interrupts.intparmOf = (id) => this.find(id)?.intparm ?? 0;
    this.environment = {
      interrupts: this.interrupts,
      pgid: cp.pgid,
      show: cp.options.show,
      foreignGroup: cp.options.foreignGroup,
      senseGroup: cp.options.senseGroup,
      mismatch: (device, path) => cp.tookOffline(device.id, path),
      signal: (name, device) => cp.signal(name, device.id),
      detached: (id) => this.reportDetached(id),
    };
  }

  /** A device in the guest's directory entry: it has the next subchannel of its set. */
  dedicate(ssid: number, deviceNumber: number): VirtualDevice {
    const set = this.sets[ssid];
    const device = new VirtualDevice(subchannelId(0, ssid, set.length), deviceNumber, this.environment);
    set.push(device);
    this.setCount = Math.max(this.setCount, ssid + 1);
    this.cp.dedicate(ssid, deviceNumber, device);
    return device;
  }

  issue<I extends IoInstruction>(
    cpu: Cpu,
    name: I,
    id: SubchannelId,
    operand: Operands[I],
    _waiter: Waiter,
  ): Outcome {
    cpu.charge(this.cp.options.costs.interceptNs);
    const kind: IoInstruction = name;
    switch (kind) {
      case 'stcrw':
        return this.reports.store(operand as Crw);
      case 'chsc':
        guestChannelSubsystemCall(this.cp.shownPaths(), this.setCount, operand as ChscBlock);
        return 0;
      case 'tpi': {
        const { iscMask, code } = operand as PendingInterruption;
        return this.interrupts.take(iscMask, code) ? 1 : 0;
      }
      // Measurement and channel-path status are the machine's, and no guest sees them.
      case 'schm':
      case 'sal':
        return 0;
      case 'stcps':
        (operand as Uint8Array).fill(0);
        return 0;
      // No channel path is a guest's own.
      case 'rchp':
        return 3;
      default: {
        const device = this.find(id);
        return device === undefined ? 3 : (simulate(device, kind, operand) as Outcome);
      }
    }
  }

  injectReport(word: number): void {
    this.report(decodeCrw(word), NONE);
  }

  private find(id: SubchannelId): VirtualDevice | undefined {
    return this.sets[ssidOf(id)][subchannelNumberOf(id)];
  }

  private reportDetached(id: SubchannelId): void {
    const crw = new Crw();
    crw.rsc = RSC.SUBCHANNEL;
    crw.erc = ERC.PARAMETERS_INITIALIZED;
    crw.rsid = subchannelNumberOf(id);
    this.report(crw, id);
  }

  private report(crw: Crw, id: SubchannelId): void {
    let chained: Crw | null = null;
    if (crw.rsc === RSC.SUBCHANNEL && this.setCount > 1 && id !== NONE) {
      crw.chained = 1;
      chained = Object.assign(new Crw(), crw, { chained: 0, rsid: chainedRsid(0, ssidOf(id)) });
    }
    const event = this.reports.push(crw, chained) ? EVENT['crw.subchannel'] : EVENT['crw.lost'];
    this.observer.emit(event, this.system, id, NONE, NONE, NONE, crw.erc, crw.chained, crwWord(crw));
    if (this.reports.takeAnnouncement()) this.interrupts.postMachineCheck();
  }
}

function simulate(device: VirtualDevice, name: IoInstruction, operand: unknown): number {
  switch (name) {
    case 'ssch':
      return device.start(operand as Orb);
    case 'tsch':
      return device.test(operand as Irb);
    case 'stsch':
      return device.store(operand as Schib);
    case 'msch':
      return device.modify(operand as Schib);
    case 'hsch':
      return device.halt();
    case 'csch':
      return device.clear();
    case 'xsch':
      return device.cancel();
    default:
      return device.resume();
  }
}
