import { PROFILES } from '../../src/scenario/workload-profiles.ts';
import { ACTION_KINDS } from './action-kinds.ts';
import {
  type Axis,
  CHANNEL_PATH,
  CONTROL_UNIT,
  DASD,
  HOST_STRATEGY,
  MACHINE,
  STRATEGY,
  SYSTEM,
  WORKLOAD,
} from './axes.ts';
import { Draws } from './draw.ts';
import { FAULT_KINDS, type Kind } from './fault-kinds.ts';
import { isMapping, type Json, type Mapping } from './json.ts';
import { machinePci, systemPci } from './pci.ts';
import { type DrawnSystem, drawWorld, ofKind, users, type World } from './world.ts';

/** A scenario that chance has made, without its happy end. */
export interface DrawnScenario {
  readonly scenario: Mapping;
  /** What was drawn, as `strategies.relay upstream`: for the coverage table. */
  readonly taken: readonly string[];
}

/** Every axis is left alone this often: a scenario with something of everything hides what is rare. */
const LEFT_OUT = 0.5;
const MOST_FAULTS = 8;
const MOST_ACTIONS = 5;
const MOST_WORKLOADS = 2;
/** When things go wrong and operators act, ms. */
const FIRST_MS = 1_500;
const LAST_MS = 5_000;

/** Scenario number `index` of the swarm with this seed. */
export function drawScenario(seed: string, index: number): DrawnScenario {
  return new Drawing(seed, index).drawn();
}

class Drawing {
  private readonly seed: string;
  private readonly draws: Draws;
  private readonly world: World;
  private readonly taken: string[] = [];

  constructor(seed: string, index: number) {
    this.seed = `${seed}-${index}`;
    this.draws = new Draws(seed, index);
    this.world = drawWorld(this.draws);
  }

  drawn(): DrawnScenario {
    const { world } = this;
    for (const { kind } of world.systems) this.taken.push(`system ${kind}`);
    const scenario = {
      seed: this.seed,
      machine: this.machine(),
      systems: Object.fromEntries(world.systems.map((system) => [system.name, this.system(system)])),
      strategies: {
        ...this.axes('strategies', STRATEGY),
        ...(ofKind(world, 'kvm-host').length > 0 ? this.axes('strategies', HOST_STRATEGY) : {}),
      },
      workload: this.workloads(),
      faults: this.story('fault', FAULT_KINDS, MOST_FAULTS),
      actions: this.story('action', ACTION_KINDS, MOST_ACTIONS),
    };
    return { scenario, taken: this.taken };
  }

  private machine(): Mapping {
    const { chpids, units, devices, unitOf, directors, cables } = this.world;
    const channel = this.axes('chpids', CHANNEL_PATH);
    const unit = this.axes('controlUnits', CONTROL_UNIT);
    const volume = this.axes('dasd', DASD);
    const numbers = this.subchannels();
    const gaps = Object.fromEntries(units.map((name) => [name, this.gap(name)]));
    return {
      ...this.axes('machine', MACHINE),
      ...this.machinePci(),
      chpids: Object.fromEntries(chpids.map((chpid) => [chpid, { ...channel, ...this.standBy(chpid) }])),
      controlUnits: Object.fromEntries(
        units.map((name) => [name, { ...unit, ...this.preference(name), ...gaps[name] }]),
      ),
      dasd: Object.fromEntries(
        devices.map((device, at) => [
          device,
          {
            controlUnit: unitOf[device],
            ...volume,
            ...numbers(device, at),
            ...this.available(device, gaps[unitOf[device]]),
          },
        ]),
      ),
      directors: Object.fromEntries(directors.map((name) => [name, { chpids: this.someChpids(name) }])),
      cables: Object.fromEntries(
        cables.map((name) => [name, { chpids: this.someChpids(name), controlUnits: units[0] }]),
      ),
    };
  }

  private machinePci(): Mapping {
    for (const { type } of this.world.functions) this.taken.push(`pci ${type}`);
    return machinePci(this.draws, this.world);
  }

  private someChpids(part: string): readonly string[] {
    return this.draws.about(`part.${part}`).oneOrMore(this.world.chpids, 0.5);
  }

  private preference(unit: string): Mapping {
    const draw = this.draws.about(`preference.${unit}`);
    const { chpids } = this.world;
    if (chpids.length < 2 || draw.chance(0.8)) return {};
    this.taken.push('controlUnits.nonPreferred some');
    return { nonPreferred: draw.oneOrMore(chpids.slice(1), 0.5) };
  }

  /** All but the first channel path may have to be configured before anything can happen on it. */
  private standBy(chpid: string): Mapping {
    if (chpid === this.world.chpids[0] || this.draws.about(`standBy.${chpid}`).chance(0.9)) return {};
    this.taken.push('chpids.configured false');
    return { configured: false };
  }

  /** The last paths of a subchannel in place of the first. */
  private gap(unit: string): Mapping {
    if (this.draws.about(`gap.${unit}`).chance(0.9)) return {};
    this.taken.push('controlUnits.pim gap');
    return { pim: (0xff >> (8 - this.world.chpids.length)).toString(16).padStart(2, '0') };
  }

  /** Numbers of their own, with vacant ones between them. */
  private subchannels(): (device: string, at: number) => Mapping {
    const draw = this.draws.about('subchannels');
    if (draw.chance(0.8)) return () => ({});
    const first = draw.whole(1, 9);
    this.taken.push('dasd.subchannel some');
    return (device, at) => {
      const set = device.slice(0, '0.0.'.length);
      return { subchannel: `${set}${(first + 2 * at).toString(16).padStart(4, '0')}` };
    };
  }

  /** One path only, until CHPIDs of others leave the configuration and return. */
  private available(device: string, gap: Mapping): Mapping {
    if (this.draws.about(`pam.${device}`).chance(0.95)) return {};
    this.taken.push('dasd.pam one');
    return { pam: 'pim' in gap ? '01' : '80' };
  }

  private system(system: DrawnSystem): Mapping {
    const { kind, on, devices } = system;
    const options = {
      ...this.axes(kind, SYSTEM[kind], system.name),
      ...systemPci(this.draws, this.world, system),
    };
    if (on === undefined) return { kind, ...options };
    const has = devices.length === 0 ? {} : { passthrough: devices };
    return { kind: 'guest', on, ...has, ...options };
  }

  private workloads(): Json {
    const streams = users(this.world).flatMap(({ name, devices }) => {
      const count = this.draws.about(`workloads.${name}`).whole(0, MOST_WORKLOADS);
      return Array.from({ length: count }, (_, at): [string, Mapping] => {
        const stream = `${name}w${at}`;
        return [stream, { on: name, ...this.requests(stream, devices.length) }];
      });
    });
    return streams.length === 0 ? 'none' : Object.fromEntries(streams);
  }

  private requests(stream: string, volumes: number): Mapping {
    const draw = this.draws.about(`profile.${stream}`);
    if (draw.chance(0.7)) return this.axes('workload', WORKLOAD, stream);
    // Copies are from one half of the volumes to the other.
    const profile = draw.pick(Object.keys(PROFILES).filter((name) => volumes % 2 === 0 || name !== 'copy'));
    this.taken.push(`workload.profile ${profile}`);
    return { profile };
  }

  /** A value for some of the axes; `name` tells apart what has the same ones. */
  private axes(prefix: string, axes: readonly Axis[], name = ''): Mapping {
    const chosen: Record<string, Json> = {};
    for (const { key, values, spread, leftOut = LEFT_OUT } of axes) {
      const draw = this.draws.about(`${prefix}.${key}.${name}`);
      if (draw.chance(leftOut)) continue;
      const value = draw.pick(values);
      this.taken.push(`${prefix}.${key} ${labelOf(value, spread)}`);
      if (spread && isMapping(value)) Object.assign(chosen, value);
      else chosen[key] = value;
    }
    return chosen;
  }

  /** Some kinds of events, and any number of each: storms need more than one of everything. */
  private story(what: string, kinds: readonly Kind[], most: number): Mapping[] {
    const draw = this.draws.about(`${what}s`);
    const possible = kinds.filter(({ fits }) => fits === undefined || fits(this.world));
    // A host of guests alone has operators who can do nothing.
    if (possible.length === 0) return [];
    const used = draw.oneOrMore(possible);
    return Array.from({ length: draw.whole(0, most) }, (_, at) => {
      const kind = draw.pick(used);
      this.taken.push(`${what} ${kind.name}`);
      const own = this.draws.about(`${what}.${at}.${kind.name}`);
      return { at: own.ms(FIRST_MS, LAST_MS), ...kind.draw(own, this.world) };
    });
  }
}

/** Mappings are known by their keys; those that replace keys of a workload by what they say first. */
function labelOf(value: Json, spread: true | undefined): string {
  if (!isMapping(value)) return String(value);
  const words = spread ? Object.values(value).filter((word) => typeof word === 'string') : Object.keys(value);
  return words.join('+');
}
