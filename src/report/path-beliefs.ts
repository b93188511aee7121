import type { DeviceRange, ResolvedScenario } from '../scenario/resolved.ts';
import { formatChpid } from '../zarch/ids.ts';
import { StepSeries } from './bins.ts';

/** What one system believes about one device, as its last `path.masks` told. */
interface Belief {
  readonly system: string;
  readonly image: string;
  /** Control unit and its CHPIDs in the order of the mask's bits. */
  readonly controlUnit: number;
  readonly chpids: readonly string[];
  lpm: number;
  opm: number;
  wrong: boolean;
}

/**
 * How many devices of each system have masks that differ from the machine's, reconstructed from events alone: `path.masks`
 * is what a system believes, `chpid.*` and `link.*` the truth. What its operator has varied off is rightly absent.
 */
export class PathBeliefs {
  private readonly scenario: ResolvedScenario;
  private readonly beliefs = new Map<string, Belief>();
  private readonly virtual = new Set<string>();
  private readonly gone = new Set<string>();
  private readonly counts = new Map<string, number>();
  private readonly series = new Map<string, StepSeries>();
  /** Devices that have told masks. */
  private readonly devices = new Map<string, number>();

  constructor(scenario: ResolvedScenario) {
    this.scenario = scenario;
  }

  chpidChanged(atNs: number, image: string, chpid: string, isThere: boolean): void {
    this.truthChanged(atNs, `${image} ${chpid}`, isThere);
  }

  linkChanged(atNs: number, controlUnit: number, chpid: string, works: boolean): void {
    this.truthChanged(atNs, `cu${controlUnit} ${chpid}`, works);
  }

  masksChanged(atNs: number, system: string, subchannel: string, lpm: number, opm: number): void {
    const belief = this.beliefOf(system, subchannel);
    if (belief === null) return;
    belief.lpm = lpm;
    belief.opm = opm;
    this.judge(atNs, belief);
  }

  /** A device that QEMU emulates has no path of the machine, and is forgotten: its control unit is none of the machine's. */
  recognized(atNs: number, system: string, subchannel: string, controlUnitType: string): void {
    const key = `${system} ${subchannel}`;
    if (this.scenario.machine.controlUnits.some(({ type }) => type === controlUnitType)) return;
    const belief = this.beliefs.get(key);
    this.virtual.add(key);
    if (belief === undefined) return;
    this.beliefs.delete(key);
    this.devices.set(system, this.devicesOf(system) - 1);
    if (belief.wrong) this.count(atNs, system, -1);
  }

  /** Devices with wrong masks over time; nothing where a system never told any. */
  stepsOf = (system: string): StepSeries | null => this.series.get(system) ?? null;
  devicesOf = (system: string): number => this.devices.get(system) ?? 0;
  wrongOf = (system: string): number => this.counts.get(system) ?? 0;
  get systems(): string[] {
    return [...this.series.keys()];
  }

  private truthChanged(atNs: number, key: string, isThere: boolean): void {
    if (isThere) this.gone.delete(key);
    else this.gone.add(key);
    for (const belief of this.beliefs.values()) this.judge(atNs, belief);
  }

  private beliefOf(system: string, subchannel: string): Belief | null {
    const key = `${system} ${subchannel}`;
    const known = this.beliefs.get(key);
    if (known !== undefined) return known;
    if (this.virtual.has(key)) return null;
    const controlUnit = this.controlUnitOf(system, subchannel);
    const { machine, systems } = this.scenario;
    const unit = machine.controlUnits[controlUnit];
    if (unit === undefined) return null;
    const own = systems.find(({ name }) => name === system);
    const host = own?.kind === 'guest' ? own.hosting?.host : undefined;
    const image = host === undefined ? system : systems[host].name;
    const chpids = unit.paths.map(formatChpid);
    const belief: Belief = { system, image, controlUnit, chpids, lpm: 0, opm: 0, wrong: false };
    this.beliefs.set(key, belief);
    this.devices.set(system, this.devicesOf(system) + 1);
    if (!this.series.has(system)) this.series.set(system, new StepSeries());
    return belief;
  }

  /** Where all devices have the same paths any of them will do, else subchannels are numbered as devices are listed. */
  private controlUnitOf(system: string, subchannel: string): number {
    const { controlUnits, dasd } = this.scenario.machine;
    const sets = new Set(controlUnits.map(({ paths }) => paths.join()));
    if (sets.size <= 1) return controlUnits.length > 0 ? 0 : -1;
    const own = this.scenario.systems.find(({ name }) => name === system);
    const ranges: readonly DeviceRange[] =
      (own?.kind === 'guest' ? own.hosting?.passthrough : own?.dasd) ?? [];
    let ordinal = Number.parseInt(subchannel.slice(subchannel.lastIndexOf('.') + 1), 16);
    for (const { first, last, ssid } of ranges) {
      if (ordinal <= last - first) {
        const number = first + ordinal;
        return (
          dasd.find((range) => range.ssid === ssid && range.first <= number && number <= range.last)
            ?.controlUnit ?? -1
        );
      }
      ordinal -= last - first + 1;
    }
    return -1;
  }

  private judge(atNs: number, belief: Belief): void {
    const { gone } = this;
    const { image, controlUnit, chpids, lpm, opm, system } = belief;
    let truth = 0;
    let installed = 0;
    chpids.forEach((chpid, path) => {
      const bit = 0x80 >> path;
      installed |= bit;
      if (!gone.has(`${image} ${chpid}`) && !gone.has(`cu${controlUnit} ${chpid}`)) truth |= bit;
    });
    const wrong = ((lpm ^ (truth & opm)) & installed) !== 0;
    if (wrong === belief.wrong) return;
    belief.wrong = wrong;
    this.count(atNs, system, wrong ? 1 : -1);
  }

  private count(atNs: number, system: string, change: number): void {
    const count = this.wrongOf(system) + change;
    this.counts.set(system, count);
    this.series.get(system)?.push(atNs, count);
  }
}
