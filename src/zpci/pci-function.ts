import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { NONE } from '../zarch/ids.ts';
import { HANDLE, withEnabled } from '../zarch/pci.ts';
import type { FunctionKind } from './function-kinds.ts';
import {
  type FunctionEvent,
  type FunctionState,
  isEnabledState,
  nextState,
  stateNumber,
} from './function-states.ts';

const INSTANCE_STEP = 0x0100_0000;

/** What a function's group says of all its functions (CLP QUERY PCI FNGRP). */
export interface FunctionGroup {
  /** Longest block store, bytes. */
  readonly longestStore: number;
  /** Whether block stores may have any length and alignment. */
  readonly relaxedAlignment: boolean;
}

export interface PciFunctionOptions {
  readonly name: string;
  readonly id: number;
  readonly kind: FunctionKind;
  readonly group: FunctionGroup;
  readonly state: FunctionState;
  /** Position among the functions of whoever makes the handles, and bits that mark them as his. */
  readonly index: number;
  readonly shared?: number;
  readonly observer: Observer;
  /** The system that is shown the function, in records. */
  readonly system: number;
}

/** A PCI function as a system sees it: the machine's, or the one that QEMU makes of it for a guest. */
export class PciFunction {
  readonly name: string;
  readonly id: number;
  readonly kind: FunctionKind;
  readonly group: FunctionGroup;
  readonly system: number;
  state: FunctionState;
  handle: number;
  private readonly observer: Observer;

  constructor(options: PciFunctionOptions) {
    this.name = options.name;
    this.id = options.id;
    this.kind = options.kind;
    this.group = options.group;
    this.state = options.state;
    this.system = options.system;
    this.observer = options.observer;
    this.handle = (options.shared ?? 0) + (options.index & HANDLE.INDEX);
  }

  /** One transition; false: the state does not allow it, and whoever asked is told so. */
  take(event: FunctionEvent): boolean {
    const next = nextState(this.state, event);
    if (next === 'ignore') return true;
    if (next === 'refuse') return false;
    const from = this.state;
    this.state = next;
    this.handle = this.nextHandle(from, next);
    const { observer, system, id } = this;
    observer.emit(
      EVENT['pci.state'],
      system,
      NONE,
      NONE,
      NONE,
      NONE,
      id,
      stateNumber(from),
      stateNumber(next),
    );
    return true;
  }

  /** Each time that it is enabled it is another instance: handles of the last time are known as stale. */
  private nextHandle(from: FunctionState, to: FunctionState): number {
    const on = isEnabledState(to);
    if (on && !isEnabledState(from)) {
      const instance = (this.handle & HANDLE.INSTANCE) + INSTANCE_STEP;
      const others = withEnabled(this.handle, false) - (this.handle & HANDLE.INSTANCE);
      return withEnabled(others + (instance & HANDLE.INSTANCE), true);
    }
    return withEnabled(this.handle, on);
  }
}
