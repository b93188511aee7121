import { type EventHandle, NO_EVENT } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import type { ChannelProgram } from '../zarch/ccw.ts';
import { NONE, type SubchannelId } from '../zarch/ids.ts';
import type { PathIndex, PathMask } from '../zarch/path-mask.ts';
import { ALL_PATHS, NO_PATHS, pathBit } from '../zarch/path-mask.ts';
import { Schib } from '../zarch/schib.ts';
import type { Storage } from '../zarch/storage.ts';
import type { ChannelPath } from './channel-path.ts';
import type { CommandFrame, Exchange } from './control-unit.ts';
import type { ControlUnitImage } from './control-unit-image.ts';
import type { MachineInterruptController } from './interrupt-controller.ts';
import type { ChannelMeasurement } from './measurement.ts';
import type { StoredProgram } from './stored-program/stored-program.ts';
import type { TransportFrame } from './transport-program/transport-frame.ts';
import type { TransportProgram } from './transport-program/transport-program.ts';

/** Where a start function is on its way. */
export const PHASE = {
  IDLE: 0,
  /** Start pending: waits for a channel, a control unit or a device that is busy. */
  WAITING: 1,
  /** A channel has taken the start; the first command has not reached the control unit. */
  SENT: 2,
  /** The control unit has accepted the program and works on it with the channel. */
  CONNECTED: 3,
  /** The device works without the channel. */
  DISCONNECTED: 4,
  /** The device wants to reconnect and waits for a channel. */
  RECONNECTING: 5,
  /** Data and ending status are on the wire. */
  TRANSFER: 6,
  /** A halt or clear signal is on its way. */
  STOPPING: 7,
  /** A frame went astray: the channel still waits for an answer, or the machine loses operations without a word. */
  LOST: 8,
  /** Start or resume pending: the first word of a program in storage is being fetched. */
  FETCHING: 9,
  /** The program has suspended itself and waits for RSCH. */
  SUSPENDED: 10,
} as const;

/** What a waiting start waits for. */
export const WAITING_FOR = { NOTHING: 0, CHANNEL: 1, CONTROL_UNIT: 2, DEVICE: 3 } as const;

/** What a subchannel finds in the image that it belongs to. */
export interface ProgramEnvironment {
  readonly interrupts: MachineInterruptController;
  /** Main storage, where programs and their data are. */
  readonly storage: Storage;
  /** As SET ADDRESS LIMIT left it. */
  readonly addressLimit: number;
}

/**
 * One subchannel of an image: what STSCH shows, and the operation in progress. It is also the exchange that the
 * control unit sees, so that an I/O allocates nothing.
 */
export class Subchannel implements Exchange {
  readonly id: SubchannelId;
  /** Position in the machine's list of subchannels over all images: the target of its events. */
  readonly index: number;
  readonly host: number;
  readonly unitAddress: number;
  readonly controlUnit: ControlUnitImage;
  /** Channel path of each path index; in a gap between the bits of PIM stands one without a CHPID. */
  readonly paths: readonly ChannelPath[];
  readonly environment: ProgramEnvironment;
  /** Where the image's interruption conditions wait. */
  readonly interrupts: MachineInterruptController;
  readonly schib = new Schib();

  phase: number = PHASE.IDLE;
  /** The one event that the operation waits for. */
  event: EventHandle = NO_EVENT;
  /** Path in use: index in `paths`, −1 when none is. */
  pathIndex: PathIndex = -1;
  /** Paths already tried in this start, and those of them on which the control unit or the device was busy. */
  tried: PathMask = NO_PATHS;
  foundBusy: PathMask = NO_PATHS;
  /** Paths on which it was the control unit: each of them owes a control-unit end. */
  controlUnitBusy: PathMask = 0;
  /** The control unit has accepted the program, and has neither carried it out nor been told to forget it. */
  accepted = false;
  /** Number of this wait; tickets of earlier waits are stale. */
  waitTicket = 0;
  /** Paths whose channels the wait is for. */
  waitingPaths: PathMask = NO_PATHS;

  // The request, copied from the ORB.
  program: ChannelProgram | null = null;
  /** Carries out programs in main storage: made for the first of them. */
  stored: StoredProgram | null = null;
  /** The same for those in transport mode; and what it gives the control unit, null for any other program. */
  storedTransport: TransportProgram | null = null;
  transportFrame: TransportFrame | null = null;
  lpm: PathMask = 0;
  /** The program comes in transport mode; and paths that are not tried because their channels do not know it. */
  transport = false;
  excluded: PathMask = NO_PATHS;
  hitDraw = 0;
  serviceDraw = 0;

  // Exchange: plan and result, set by the control unit.
  port = 0;
  connectNs: SimTime = 0;
  disconnectNs: SimTime = 0;
  readBytes = 0;
  writeBytes = 0;
  dstat = 0;
  cstat = 0;
  lastCcw = 0;
  residual = 0;
  readonly sense = new Uint8Array(32);
  senseCount = 0;

  /** Path that the next start must use: it owes the device a command after unit check (dedicated allegiance). */
  dedicated: PathMask = NO_PATHS;
  /** Path on which the last halt or clear signal was sent. */
  signalled: PathMask = NO_PATHS;

  /** Status that the device has presented by itself and the subchannel could not take yet; 0: none. And its path. */
  stackedStatus = 0;
  stackedOn: PathMask = NO_PATHS;

  // Extended status of the condition that is pending.
  eswFormat = 1;
  eswLpum: PathMask = 0;
  pathVerification = 0;
  pathTimeout = 0;

  // Measurement: measurement-mode bits that are in effect, and what TSCH tells of it.
  measuring = 0;
  /** Device-connect time in units of 128 µs, at most FFFF, that goes with primary status; −1 when it is not measured. */
  connectTicks = -1;
  /** Extended-status flag when the measurement block could not be stored into. */
  measurementCheck = 0;
  /** Who measures; set when the subchannel becomes one of an image. */
  measurement: ChannelMeasurement | null = null;

  // When what happened, for the response-time components of this operation.
  acceptedAt: SimTime = 0;
  sentAt: SimTime = 0;
  connectedAt: SimTime = 0;
  disconnectedAt: SimTime = 0;
  /** −1 until the first command is accepted. */
  pendNs: SimTime = -1;
  commandResponseNs: SimTime = 0;
  disconnectTotalNs: SimTime = 0;
  connectTotalNs: SimTime = 0;
  /** Waits within the pending time: channel (no exchange), control unit, device. */
  channelBusyNs: SimTime = 0;
  controlUnitBusyNs: SimTime = 0;
  deviceBusyNs: SimTime = 0;
  waitingSince: SimTime = 0;
  waitingFor: number = WAITING_FOR.NOTHING;
  statusAt: SimTime = 0;

  constructor(
    id: SubchannelId,
    index: number,
    host: number,
    device: { deviceNumber: number; unitAddress: number },
    controlUnit: ControlUnitImage,
    paths: readonly ChannelPath[],
    environment: ProgramEnvironment,
  ) {
    this.id = id;
    this.index = index;
    this.host = host;
    this.unitAddress = device.unitAddress;
    this.controlUnit = controlUnit;
    this.paths = paths;
    this.environment = environment;
    this.interrupts = environment.interrupts;
    const { pmcw } = this.schib;
    pmcw.deviceNumber = device.deviceNumber;
    pmcw.deviceNumberValid = 1;
    for (const [index, { chpid }] of paths.entries()) {
      if (chpid === NONE) continue;
      pmcw.pim |= pathBit(index);
      pmcw.chpids[index] = chpid & 0xff;
    }
    pmcw.lpm = pmcw.pim;
    pmcw.pom = ALL_PATHS;
  }

  /** Paths that a start may still try. */
  get candidates(): PathMask {
    const { pim, pam, lpm } = this.schib.pmcw;
    const available = pim & pam & lpm & ~(this.tried | this.excluded);
    return this.dedicated === NO_PATHS ? available : available & this.dedicated;
  }

  get frame(): CommandFrame | null {
    return this.program === null ? this.stored : null;
  }

  get concurrentSense(): boolean {
    return this.schib.pmcw.concurrentSense === 1 || this.transport;
  }

  /** A new start function: what the last one measured is over. */
  clearTimes(): void {
    this.pendNs = -1;
    this.commandResponseNs = 0;
    this.disconnectTotalNs = 0;
    this.connectTotalNs = 0;
    this.channelBusyNs = 0;
    this.controlUnitBusyNs = 0;
    this.deviceBusyNs = 0;
    this.waitingFor = WAITING_FOR.NOTHING;
  }

  /** Index of a channel path in this subchannel, −1 when it does not use it: a managed path may be elsewhere. */
  pathOf(channel: ChannelPath): PathIndex {
    const index = this.paths.indexOf(channel);
    return index >= 0 && (this.schib.pmcw.pim & pathBit(index)) !== 0 ? index : -1;
  }
}
