import { formatBusId, formatChpid } from '../zarch/ids.ts';
import type { PrintedLine } from './printed-lines.ts';

/** Type and model, as SENSE ID gives them. */
export interface SensedType {
  readonly type: number;
  readonly model: number;
}

/** What the tools tell of a device with a number. What is absent, none of them has told. */
export interface DeviceFacts {
  /** Number of its subchannel, in the set of the device. */
  readonly subchannel?: number;
  readonly devType?: SensedType;
  readonly cuType?: SensedType;
  readonly online?: boolean;
  readonly pim?: number;
  readonly pam?: number;
  readonly pom?: number;
  /** Eight CHPIDs as sixteen hex digits; those that are not installed are zero. */
  readonly chpids?: string;
  /** CHPIDs of its installed paths, without their places in PIM. */
  readonly installed?: readonly string[];
  /** `ECKD`, `FBA`, `DIAG`. */
  readonly discipline?: string;
  readonly alias?: boolean;
  readonly formatted?: boolean;
  /** Blocks of the size that the volume was formatted with. */
  readonly blocks?: number;
  readonly blockSize?: number;
  /** `IBM.750000000DX111.1234.5b`: vendor, serial number, logical control unit, unit address. */
  readonly uid?: string;
  /** Minor number of the block device; its major number is always the same. */
  readonly minor?: number;
}

/** A channel path as lschp shows it; null: it cannot tell. */
export interface ChpidFacts {
  readonly online: boolean | null;
  readonly configured: boolean | null;
  readonly type: number | null;
}

/** A device, and where each fact about it was read. */
export interface KnownDevice {
  readonly ssid: number;
  readonly deviceNumber: number;
  readonly facts: DeviceFacts;
}

/** What several texts tell together; none of them may contradict another. */
export class MachineFacts {
  private readonly byDevice = new Map<string, KnownDevice>();
  private readonly byChpid = new Map<number, ChpidFacts>();
  private readonly origins = new Map<string, PrintedLine>();
  /** What stands in the texts and is not part of a machine here, with the number of lines. */
  readonly keptOut = new Map<string, number>();

  /** By subchannel set and number. */
  get devices(): readonly KnownDevice[] {
    return [...this.byDevice.values()].sort((a, b) => a.ssid - b.ssid || a.deviceNumber - b.deviceNumber);
  }

  /** Ascending. */
  get chpids(): ReadonlyMap<number, ChpidFacts> {
    return new Map([...this.byChpid].sort(([a], [b]) => a - b));
  }

  keepOut(what: string): void {
    this.keptOut.set(what, (this.keptOut.get(what) ?? 0) + 1);
  }

  /** Adds what a line tells of a device; a text says why that cannot be. */
  device(ssid: number, deviceNumber: number, facts: DeviceFacts, line: PrintedLine): string | null {
    const name = formatBusId(0, ssid, deviceNumber);
    const known = this.byDevice.get(name)?.facts ?? {};
    const other = this.contradiction(name, known, facts, line);
    if (other !== null) return other;
    this.byDevice.set(name, { ssid, deviceNumber, facts: { ...known, ...facts } });
    return null;
  }

  /** What is known better than any tool could tell. */
  correct(ssid: number, deviceNumber: number, facts: DeviceFacts): void {
    const name = formatBusId(0, ssid, deviceNumber);
    const known = this.byDevice.get(name)?.facts ?? {};
    this.byDevice.set(name, { ssid, deviceNumber, facts: { ...known, ...facts } });
  }

  correctChpid(chpid: number, facts: Partial<ChpidFacts>): void {
    const known = this.byChpid.get(chpid) ?? { online: null, configured: null, type: null };
    this.byChpid.set(chpid, { ...known, ...facts });
  }

  chpid(chpid: number, facts: ChpidFacts, line: PrintedLine): string | null {
    const known = this.byChpid.get(chpid);
    const other = this.contradiction(formatChpid(chpid), known ?? {}, facts, line);
    if (other !== null) return other;
    this.byChpid.set(chpid, facts);
    return null;
  }

  private contradiction(name: string, known: object, facts: object, line: PrintedLine): string | null {
    for (const [fact, value] of Object.entries(facts)) {
      const before = (known as Record<string, unknown>)[fact];
      const origin = `${name} ${fact}`;
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(value)) {
        return `${name} has another ${WORDS[fact] ?? fact} than at ${this.origins.get(origin)!.place}`;
      }
      if (before === undefined) this.origins.set(origin, line);
    }
    return null;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  devType: 'DevType',
  cuType: 'CU Type',
  online: 'status',
  pim: 'PIM',
  pam: 'PAM',
  pom: 'POM',
  chpids: 'list of CHPIDs',
  discipline: 'type',
  blocks: 'number of blocks',
  blockSize: 'block size',
};
