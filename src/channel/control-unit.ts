import type { SimTime } from '../kernel/time.ts';
import type { Ccw, ChannelProgram } from '../zarch/ccw.ts';
import type { TransportFrame } from './transport-program/transport-frame.ts';

/**
 * The seam between channel paths and control units. The channel owns all timing events of an operation; the control
 * unit answers questions and changes its own state, in two steps: it accepts a program (`initialSelection`, which also
 * plans its times) and, when the channel has let that time pass, carries it out (`execute`). A program in main storage
 * cannot be accepted as a whole, because it may change while it runs: its commands come one by one, in `frame`.
 *
 *   initialSelection ─► executeCommand ─► nextCommand ─► executeCommand … ─► cancel
 */
export interface Exchange {
  /** Number of the system (channel-subsystem image) that issued the start. */
  readonly host: number;
  /** Unit address of the device on this control unit. */
  readonly unitAddress: number;
  /** Which of the control unit's channel paths carries the exchange: its index in `ControlUnit.paths`. */
  port: number;
  /**
   * Null when the program is in main storage and comes command by command. One in transport mode comes all at once as bytes,
   * in `transportFrame`, of which the control unit makes the program when it accepts it.
   */
  program: ChannelProgram | null;
  readonly transportFrame: TransportFrame | null;
  /** The command in progress of a program in main storage; null for a program that came as a whole. */
  readonly frame: CommandFrame | null;
  /** Sense bytes go to the channel with unit check, so none are left to be asked for. */
  readonly concurrentSense: boolean;
  /** Uniform draws of the request (cache hit, service time). */
  hitDraw: number;
  serviceDraw: number;

  /** Plan, set by `initialSelection`: connected control-unit time, time without the channel, bytes moved each way. */
  connectNs: SimTime;
  disconnectNs: SimTime;
  readBytes: number;
  writeBytes: number;

  /** Result, set by `execute` (or by `initialSelection` when the program ends there). */
  dstat: number;
  cstat: number;
  /** Index of the last CCW executed. */
  lastCcw: number;
  residual: number;
  /** Sense bytes that come with unit check. */
  readonly sense: Uint8Array;
  senseCount: number;
}

/** One command as the channel's frames bring it to the control unit, and what the device makes of it. */
export interface CommandFrame {
  /** Its count and data are those of all data-chained CCWs; room for input, of which the channel may use less. */
  readonly ccw: Readonly<Ccw>;
  /** Bytes that the device has or wants, which may be more than the count; −1 when it refused before any was moved. */
  length: number;
  /** The command moves no data and ends with its initial status: known when it has been accepted. */
  immediate: boolean;
}

export interface ControlUnit {
  readonly name: string;
  /**
   * The first command of a program arrives. Returns the initial status: 0 accepted, BUSY (device), BUSY | status
   * modifier (control unit), NOT_OPERATIONAL when no such device or logical path exists, or NOT_TRANSPORT_CAPABLE.
   */
  initialSelection(exchange: Exchange): number;
  /** The planned time has passed: carries the program out and sets the ending status in the exchange. */
  execute(exchange: Exchange): void;
  /** The next command of a chain arrives: plans its times. */
  nextCommand(exchange: Exchange): void;
  /** The command's time has passed: carries it out, and sets status and length in exchange and frame. */
  executeCommand(exchange: Exchange): void;
  /** A signal or the loss of the path ends an accepted operation before `execute`, or a chain of commands is over. */
  cancel(exchange: Exchange): void;
  /** The logical path (host, port) comes or goes. Its path-group state becomes `reset` or `ungrouped` when it returns. */
  setLogicalPath(host: number, port: number, established: boolean, returnsAs: 'reset' | 'ungrouped'): void;
  /** System-reset signal on one path: resets the path-group state, releases what that path alone held. */
  systemReset(host: number, port: number): void;
  /** Clear signal for one device on one path: what the device keeps for the path is over. */
  selectiveReset(host: number, port: number, unitAddress: number): void;
  /** Who is told when a busy condition that was answered with BUSY is over. */
  busyOver: BusyListener;
}

/** Initial status of a device or path that does not answer. */
export const NOT_OPERATIONAL = 0x100;
/** Initial status of a device that knows no transport mode, for a program in it. */
export const NOT_TRANSPORT_CAPABLE = 0x200;

export interface BusyListener {
  /** Device no longer busy (device end owed to this host and device). */
  deviceEnd(host: number, unitAddress: number): void;
  /** Control unit no longer busy on this port (control-unit end owed). */
  controlUnitEnd(port: number): void;
}
