import { assertNever } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { type Chpid, NONE } from '../zarch/ids.ts';
import { BrokenParts } from './broken-parts.ts';
import type { ConfiguredDevice, ErrorRateFault, FaultLink, SlowFault } from './fault.ts';
import { type FaultAction, STEP_NUMBER } from './step.ts';

/** What faults are done to. A step that changes nothing (a path that is off goes off) must be harmless. */
export interface FaultTarget {
  /** `reported`: the machine tells programs of it. */
  configureChpid(chpid: Chpid, on: boolean, reported: boolean): void;
  setLink(link: FaultLink, up: boolean): void;
  /** The gray fault is in force on a link from now on, or no longer. */
  setGray(link: FaultLink, gray: ErrorRateFault | SlowFault, inForce: boolean): void;
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
  private readonly actions: Iterator<FaultAction>;
  private readonly target: FaultTarget;
  private readonly observer: Observer;
  private readonly step: EventKind;
  private readonly parts = new BrokenParts();
  private next: FaultAction | null = null;
  /** Steps planned so far. */
  private planned = 0;

  /** `actions` in order of time, as `expandFaults` gives them. */
  constructor(sim: Simulation, actions: Iterator<FaultAction>, target: FaultTarget, observer: Observer) {
    this.sim = sim;
    this.actions = actions;
    this.target = target;
    this.observer = observer;
    this.step = sim.defineEvent('fault', () => this.carryOut());
  }

  start(): void {
    this.plan();
  }

  /** Only the next step is worked out and in the queue: a path that flaps for hours would fill it otherwise. */
  private plan(): void {
    const { done, value } = this.actions.next();
    this.next = done === true ? null : value;
    if (this.next === null) return;
    this.sim.at(this.next.atNs, PRIORITY.FAULT, this.step, this.planned++, 0);
  }

  private carryOut(): void {
    const action = this.next!;
    this.plan();
    const link = 'link' in action ? action.link : null;
    const chpid = 'chpid' in action ? action.chpid : (link?.chpid ?? NONE);
    const system = 'system' in action ? action.system : NONE;
    const on = 'on' in action && action.on ? 1 : 0;
    const what = STEP_NUMBER[action.kind];
    this.observer.emit(EVENT.fault, system, NONE, chpid, NONE, NONE, action.fault, what, on);
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
        target.setLink(action.link, this.parts.change(action.link, action.part, action.on));
        break;
      case 'gray':
        target.setGray(action.link, action.gray, !action.on);
        break;
      case 'reset':
        target.resetControlUnit(action.controlUnit);
        break;
      case 'lose-reports':
        target.loseReports(action.system, action.probability, action.limit);
        break;
      case 'device':
        target.configureDevice(action.device, action.on);
        break;
      case 'kill':
        target.killGuest(action.system);
        break;
      default:
        assertNever(action);
    }
  }
}
