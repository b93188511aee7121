import type { Exchange } from '../../src/channel/control-unit.ts';
import type { TransportFrame } from '../../src/channel/transport-program/transport-frame.ts';
import { StorageControlUnit } from '../../src/dasd/control-unit.ts';
import type { ControlUnitOptions, DeviceOptions } from '../../src/dasd/control-unit-options.ts';
import { storeTrack } from '../../src/dasd/geometry.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { CCW_FLAG, type Ccw, type ChannelProgram } from '../../src/zarch/ccw.ts';
import { COMMAND, type CommandName } from '../../src/zarch/commands.ts';

/** A control unit on a bench: no channel, programs are accepted and carried out by hand. */

const MICROSECOND = 1_000;
export const TIMES = {
  hitRead: { kind: 'deterministic', meanNs: 120 * MICROSECOND },
  hitWrite: { kind: 'deterministic', meanNs: 200 * MICROSECOND },
  miss: { kind: 'deterministic', meanNs: 400 * MICROSECOND },
  control: { kind: 'deterministic', meanNs: 100 * MICROSECOND },
} as const;
export const MECHANICS = {
  revolutionNs: 14_200 * MICROSECOND,
  seekMinNs: 1_500 * MICROSECOND,
  seekAverageNs: 15_000 * MICROSECOND,
  trackBytesPerSecond: 4_140_000,
};

export const volume = (unitAddress: number, more: Partial<DeviceOptions> = {}): DeviceOptions => ({
  unitAddress,
  model: '3390-1',
  format: 'cdl',
  serial: `${unitAddress}`,
  volumeSerial: `VOL${unitAddress}`,
  missingInterruptNs: 30_000_000_000,
  ...more,
});

export class Rig {
  readonly sim = new Simulation();
  readonly unit: StorageControlUnit;
  /** What was announced to the channel, in order: `device-end 1/00`, `control-unit-end 0`. */
  readonly announced: string[] = [];

  constructor(options: Partial<ControlUnitOptions> = {}) {
    this.unit = new StorageControlUnit({
      sim: this.sim,
      name: 'lcu0',
      facilities: '2107',
      facilityOverrides: {},
      ports: 2,
      hosts: 2,
      maxConcurrentPerPort: 256,
      cache: { kind: 'hit-ratio', hitRatio: 1 },
      backend: 'flash',
      times: TIMES,
      mechanics: MECHANICS,
      subsystemId: 0x0120,
      logicalSubsystem: 1,
      devices: [volume(0)],
      ...options,
    });
    this.unit.busyOver = {
      deviceEnd: (host, unitAddress) => {
        this.announced.push(`device-end ${host}/${unitAddress.toString(16).padStart(2, '0')}`);
      },
      controlUnitEnd: (port) => {
        this.announced.push(`control-unit-end ${port}`);
      },
    };
  }

  /** Offers a program and carries it out when it is accepted; `initial` is the initial status. */
  start(from: From, ...ccws: Ccw[]): Done {
    const offered = this.offer(from, ...ccws);
    if (offered.initial === 0) this.unit.execute(offered.exchange);
    return offered;
  }

  /** Offers a program and leaves it at that. */
  offer(from: From, ...ccws: Ccw[]): Done {
    const { host = 0, unitAddress = 0, port = 0 } = from;
    const exchange = new BenchExchange(host, unitAddress, port, program(...ccws));
    return { exchange, initial: this.unit.initialSelection(exchange) };
  }

  settle(): string[] {
    this.sim.run(this.sim.now);
    return this.announced.splice(0);
  }
}

interface From {
  readonly host?: number;
  readonly port?: number;
  readonly unitAddress?: number;
}

export interface Done {
  readonly exchange: BenchExchange;
  readonly initial: number;
}

export class BenchExchange implements Exchange {
  readonly host: number;
  readonly unitAddress: number;
  port: number;
  program: ChannelProgram | null;
  readonly frame = null;
  transportFrame: TransportFrame | null = null;
  readonly concurrentSense = true;
  hitDraw = 0.5;
  serviceDraw = 0.5;
  connectNs = 0;
  disconnectNs = 0;
  readBytes = 0;
  writeBytes = 0;
  dstat = 0;
  cstat = 0;
  lastCcw = -1;
  residual = 0;
  readonly sense = new Uint8Array(32);
  senseCount = 0;

  constructor(host: number, unitAddress: number, port: number, channelProgram: ChannelProgram) {
    this.host = host;
    this.unitAddress = unitAddress;
    this.port = port;
    this.program = channelProgram;
  }
}

export function program(...ccws: Ccw[]): ChannelProgram {
  ccws.forEach((ccw, at) => {
    if (at < ccws.length - 1) ccw.flags |= CCW_FLAG.CHAIN_COMMAND;
  });
  return { ccws, length: ccws.length };
}

export const ccw = (name: CommandName, count: number, data: Uint8Array | null = null, flags = 0): Ccw => ({
  command: COMMAND[name],
  flags,
  count,
  data,
  versions: null,
});

/** A command that answers: its area is as long as its count. */
export const answer = (name: CommandName, count: number, flags = 0): Ccw =>
  ccw(name, count, new Uint8Array(count), flags);

export const blocks = (name: CommandName, versions: number[], bytes = versions.length * 4096): Ccw => ({
  ...ccw(name, bytes),
  versions: Float64Array.from(versions),
});

export const SLI = CCW_FLAG.SUPPRESS_LENGTH;
export const READ_ONLY = 0x40;
export const UPDATE = 0x80;

export function defineExtent(first: number, last: number, permission = UPDATE, cacheUse = 0): Ccw {
  return ccw('define_extent', 16, extentBytes(first, last, permission, cacheUse));
}

function extentBytes(first: number, last: number, permission: number, cacheUse: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes[0] = permission;
  bytes[1] = 0xc0 | cacheUse;
  storeTrack(bytes, 8, first);
  storeTrack(bytes, 12, last);
  return bytes;
}

interface LocateFields {
  readonly operation: number;
  readonly track: number;
  readonly record: number;
  readonly count: number;
  readonly length?: number;
  readonly extendedOperation?: number;
}

function locateBytes(fields: LocateFields): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes[0] = fields.operation;
  bytes[3] = fields.count;
  storeTrack(bytes, 4, fields.track);
  storeTrack(bytes, 8, fields.track);
  bytes[12] = fields.record;
  bytes[14] = (fields.length ?? 4096) >>> 8;
  bytes[15] = fields.length ?? 4096;
  bytes[17] = fields.extendedOperation ?? 0;
  return bytes;
}

export const locate = (fields: LocateFields): Ccw =>
  ccw('locate_record', 16, locateBytes(fields).subarray(0, 16));

/** PREFIX with extent and locate. */
export function prefix(first: number, last: number, permission: number, fields: LocateFields): Ccw {
  const bytes = new Uint8Array(64);
  bytes[0] = 1;
  bytes[1] = 0x80;
  bytes.set(extentBytes(first, last, permission, 0), 12);
  bytes.set(locateBytes(fields), 44);
  return ccw('prefix', 64, bytes);
}

/** SET PATH GROUP ID and SENSE PATH GROUP ID as Linux sends them. */
export const PGID_A = 'a000000126232817000001';
export const PGID_B = 'b000000126232817000002';
export const spid = (order: number, pgid: string, count = 12): Ccw =>
  ccw('spid', count, fromHex(order.toString(16).padStart(2, '0') + pgid), SLI);
export const snid = (): Ccw => answer('snid', 12, SLI);
export const nop = (): Ccw => ccw('nop', 0, null, SLI);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromHex = (digits: string): Uint8Array =>
  Uint8Array.from(Buffer.from(digits.replace(/[^0-9a-fA-F]/g, ''), 'hex'));

/** Ending status as the recordings print it: device status, subchannel status, residual count. */
export const status = ({ exchange }: Done): string =>
  [exchange.dstat, exchange.cstat].map((byte) => byte.toString(16).padStart(2, '0')).join('') +
  ` ${exchange.residual}`;
/** Format and message of the sense data; −1 without sense data. */
export const message = ({ exchange }: Done): number => (exchange.senseCount === 0 ? -1 : exchange.sense[7]);
