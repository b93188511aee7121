import { formatChpid, formatSubchannel, type SubchannelId } from '../zarch/ids.ts';
import { csvField } from './csv.ts';

/** What the numbers in records are called in files: systems, subchannels, devices and channel paths. */
export interface Names {
  /** By system number. */
  readonly systems: readonly string[];
  /** By position in the scenario. */
  readonly controlUnits: readonly string[];
  /** Bus id of the device behind a subchannel, empty when there is none. */
  device(system: number, subchannel: SubchannelId): string;
}

const encoder = new TextEncoder();

/** Text as the bytes of one CSV field. */
export const fieldBytes = (text: string): Uint8Array => encoder.encode(csvField(text));

/** Encodes each identifier once and gives the bytes afterwards; nothing for −1. */
export class IdentifierBytes {
  private readonly known: (Uint8Array | undefined)[] = [];
  private readonly format: (id: number) => string;

  constructor(format: (id: number) => string) {
    this.format = format;
  }

  of(id: number): Uint8Array {
    if (id < 0) return NOTHING;
    const known = this.known[id];
    if (known !== undefined) return known;
    const bytes = fieldBytes(this.format(id));
    this.known[id] = bytes;
    return bytes;
  }
}

const NOTHING = new Uint8Array(0);

export const subchannelBytes = (): IdentifierBytes => new IdentifierBytes(formatSubchannel);
export const chpidBytes = (): IdentifierBytes => new IdentifierBytes(formatChpid);
