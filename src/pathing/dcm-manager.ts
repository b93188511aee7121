import type { ChannelPath } from '../channel/channel-path.ts';
import type { ControlUnit } from '../channel/control-unit.ts';
import type { Machine } from '../channel/machine.ts';
import type { ManagedPaths } from '../channel/managed-paths.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { chooseMove, type DcmRule, type ManagedUnit } from './dcm.ts';

export interface DcmOptions extends DcmRule {
  readonly intervalNs: SimTime;
  /** Moves after which the channels stay where they are. */
  readonly maxMoves: number;
}

/**
 * Looks at the end of each interval how busy the channel paths of every control unit were, and moves one managed channel at
 * most. As long as one is on its way, what was measured says nothing about the next step, and none is taken.
 */
export class DcmManager {
  private readonly sim: Simulation;
  private readonly machine: Machine;
  private readonly managed: ManagedPaths;
  private readonly channels: readonly ChannelPath[];
  private readonly units: readonly ControlUnit[];
  private readonly options: DcmOptions;
  private readonly intervalKind: EventKind;
  /** Busy time of each channel path's processor and wire at the end of the last interval, ns. */
  private readonly processorNs: Float64Array;
  private readonly wireNs: Float64Array;
  private moves = 0;

  constructor(
    sim: Simulation,
    machine: Machine,
    managed: ManagedPaths,
    parts: { channels: readonly ChannelPath[]; units: readonly ControlUnit[] },
    options: DcmOptions,
  ) {
    this.sim = sim;
    this.machine = machine;
    this.managed = managed;
    this.channels = parts.channels;
    this.units = parts.units;
    this.options = options;
    this.processorNs = new Float64Array(machine.channelPaths.length);
    this.wireNs = new Float64Array(machine.channelPaths.length);
    this.intervalKind = sim.defineEvent('dcm.interval', () => this.intervalEnds());
  }

  start(): void {
    this.sim.after(this.options.intervalNs, PRIORITY.MACHINE, this.intervalKind, 0, 0);
  }

  private intervalEnds(): void {
    const shares = this.machine.channelPaths.map((path) => this.share(path));
    const settled = !this.channels.some((path) => this.managed.isMoving(path));
    if (settled) this.moveOne(shares);
    if (this.moves < this.options.maxMoves) this.start();
  }

  private moveOne(shares: readonly number[]): void {
    const { units, channels, managed, machine } = this;
    const loads = units.map((unit) => this.measure(unit, shares));
    const places = channels.map((path) => ({
      unit: units.indexOf(managed.unitOf(path)),
      reach: [...units.keys()].filter((at) => machine.pathsTo(units[at]).includes(path)),
    }));
    const move = chooseMove(loads, places, this.options);
    if (move !== null && managed.move(channels[move.channel], units[move.to])) this.moves++;
  }

  /** Share of the interval that a channel path was busy: its processor, or its wire if that is busier. */
  private share(path: ChannelPath): number {
    const { now } = this.sim;
    const processor = path.processorBusyBy(now);
    const wire = path.wireBusyBy(now);
    const busy = Math.max(processor - this.processorNs[path.index], wire - this.wireNs[path.index]);
    this.processorNs[path.index] = processor;
    this.wireNs[path.index] = wire;
    return busy / this.options.intervalNs;
  }

  private measure(unit: ControlUnit, shares: readonly number[]): ManagedUnit {
    const paths = this.machine.pathsTo(unit).filter((path) => !this.managed.isElsewhere(path, unit));
    const load = paths.reduce((sum, path) => sum + shares[path.index], 0) / Math.max(1, paths.length);
    return { load, pendNs: this.meanPendNs(unit), paths: paths.length };
  }

  /** Over the last operation of each subchannel that had one in the interval. */
  private meanPendNs(unit: ControlUnit): SimTime {
    const since = this.sim.now - this.options.intervalNs;
    let sum = 0;
    let operations = 0;
    for (const sch of this.machine.subchannels) {
      if (sch.controlUnit.controlUnit !== unit || sch.acceptedAt < since || sch.pendNs < 0) continue;
      sum += sch.pendNs;
      operations++;
    }
    return operations === 0 ? 0 : Math.round(sum / operations);
  }
}
