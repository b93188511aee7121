import { assertNever } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { type Chpid, NONE } from '../zarch/ids.ts';
import type { FaultAction } from './expand.ts';
import type { ConfiguredDevice } from './fault.ts';

/** What faults are done to. A step that changes nothing (a path that is off goes off) must be harmless. */
export interface FaultTarget {
  /** `reported`: the machine tells programs of it. */
  configureChpid(chpid: Chpid, on: boolean, reported: boolean): void;
  /** The link to one control unit by position, or to all with ALL_CONTROL_UNITS. */
  setLink(chpid: Chpid, controlUnit: number, up: boolean): void;
  /** Probability of an interface-control check per start from now on. */
  setErrorRate(chpid: Chpid, probability: number): void;
  resetControlUnit(controlUnit: number): void;
  varyChpid(system: number, chpid: Chpid, on: boolean): void;
  /**
   * Probability for each channel report that the kernel of a host, or the QEMU of a guest, has no storage for it; with a
   * limit, only for those that find so many in their list.
   */
  loseReports(system: number, probability: number, limit: number): void;
  configureDevice(device: ConfiguredDevice, attached: boolean): void;
  killGuest(system: number): void;
}

/** Carries out the steps of faults at their times, before anything else that happens at the same nanosecond. */
export class FaultSchedule {
  private readonly sim: Simulation;
  private readonly actions: readonly FaultAction[];
  private readonly target: FaultTarget;
  private readonly observer: Observer;
  private readonly step: EventKind;

  /** `actions` in order of time, as `expandFaults` returns them. */
  constructor(sim: Simulation, actions: readonly FaultAction[], target: FaultTarget, observer: Observer) {
    this.sim = sim;
    this.actions = actions;
    this.target = target;
    this.observer = observer;
    this.step = sim.defineEvent('fault', (index) => this.carryOut(index));
  }

  start(): void {
    this.plan(0);
  }

  /** Only the next step is in the queue: a path that flaps for hours would fill it otherwise. */
  private plan(index: number): void {
    if (index < this.actions.length) {
      this.sim.at(this.actions[index].atNs, PRIORITY.FAULT, this.step, index, 0);
    }
  }

  private carryOut(index: number): void {
    const action = this.actions[index];
    this.plan(index + 1);
    const chpid = 'chpid' in action ? action.chpid : NONE;
    const system = 'system' in action ? action.system : NONE;
    this.observer.emit(EVENT.fault, system, NONE, chpid, NONE, NONE, action.fault, 0, 0);
    this.apply(action);
  }

  private apply(action: FaultAction): void {
    const { target } = this;
    switch (action.kind) {
      case 'configure':
        target.configureChpid(action.chpid, action.on, action.reported);
        break;
      case 'vary':
        target.varyChpid(action.system, action.chpid, action.on);
        break;
      case 'link':
        target.setLink(action.chpid, action.controlUnit, action.on);
        break;
      case 'error-rate':
        target.setErrorRate(action.chpid, action.probability);
        break;
      case 'reset':
        target.resetControlUnit(action.controlUnit);
        break;
      case 'lose-reports':
        target.loseReports(action.system, action.probability, action.limit);
        break;
      case 'device':
        target.configureDevice(action.device, action.attached);
        break;
      case 'kill':
        target.killGuest(action.system);
        break;
      default:
        assertNever(action);
    }
  }
}
