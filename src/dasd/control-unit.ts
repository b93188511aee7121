import {
  type BusyListener,
  type ControlUnit,
  type Exchange,
  NOT_OPERATIONAL,
  NOT_TRANSPORT_CAPABLE,
} from '../channel/control-unit.ts';
import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { COMMAND } from '../zarch/commands.ts';
import { NONE } from '../zarch/ids.ts';
import { DSTAT } from '../zarch/scsw.ts';
import { IMMEDIATE_COMMANDS, RESERVATION_EXEMPT } from './commands.ts';
import { buildDevices, buildPlanner, type ControlUnitOptions } from './control-unit-options.ts';
import { FACILITY_SETS, facilitiesOf } from './facilities.ts';
import { ParallelAccess } from './parallel-access.ts';
import { ProgramRun } from './program-run.ts';
import { MESSAGE, SENSE_BYTES, storeSense } from './sense.ts';
import type { ServicePlanner } from './service-plan.ts';
import { NO_PATH, PENDING_CHECK, type StorageDevice } from './storage-device.ts';
import { type AttentionMessages, SubsystemData } from './subsystem-data.ts';
import { leaveBlock, programOf, refuseBlock } from './transport-block.ts';
import { UnitAddresses } from './unit-addresses.ts';

const ACCEPTED = 0;
const CONTROL_UNIT_BUSY = DSTAT.BUSY | DSTAT.STATUS_MODIFIER;
const NOBODY: BusyListener = { deviceEnd() {}, controlUnitEnd() {} };

/**
 * A 3990- or 2107-class storage control unit with 3390 volumes.
 *
 *   initialSelection ─► logical path? ─► port free? ─► device free for this path? ─► accepted, times planned
 *   execute          ─► unit check pending? report it : carry out the program ─► tell those who found it busy
 *   executeCommand   ─► the same for one command of a chain, which `cancel` ends
 *
 * Logical paths are numbered host · ports + port. An operation is carried out at the instant its planned time has
 * passed; until then other hosts see the volume as it was.
 */
export class StorageControlUnit implements ControlUnit {
  readonly name: string;
  readonly ports: number;
  readonly hosts: number;
  busyOver: BusyListener = NOBODY;
  private readonly sim: Simulation;
  private readonly observer: Observer | undefined;
  private readonly maxConcurrentPerPort: number;
  private readonly multipleAllegiance: boolean;
  private readonly planner: ServicePlanner;
  private readonly run: ProgramRun;
  private readonly devices: readonly StorageDevice[];
  private readonly addresses: UnitAddresses;
  /** Null where every volume has one unit address, and its device does one thing after the other. */
  private readonly parallel: ParallelAccess | null;
  /** Runs of programs that come command by command, one for each host and device: made when it is needed first. */
  private readonly chains: (ProgramRun | undefined)[] = [];
  /** One for each logical path that is established. */
  private readonly established: Uint8Array;
  /** One for each logical path on which a command was ever accepted: only these can miss what a reset took away. */
  private readonly used: Uint8Array;
  /** Accepted operations of each port. */
  private readonly open: Int32Array;
  private readonly controlUnitEndOwed: Uint8Array;
  /** Device ends that are owed to somebody. */
  private deviceEndsOwed = 0;
  private readonly deviceEndKind: EventKind;
  private readonly controlUnitEndKind: EventKind;

  constructor(options: ControlUnitOptions) {
    const set = FACILITY_SETS[options.facilities];
    assert(set !== undefined, `control unit ${options.name} has an unknown facility set`);
    const facilities = facilitiesOf(set, options.facilityOverrides);
    const paths = options.hosts * options.ports;
    this.sim = options.sim;
    this.name = options.name;
    this.observer = options.observer;
    this.ports = options.ports;
    this.hosts = options.hosts;
    this.maxConcurrentPerPort = options.maxConcurrentPerPort;
    this.multipleAllegiance = facilities.multipleAllegiance;
    this.planner = buildPlanner(options, facilities);
    const identity = { ...set.identity, model: options.modelByte ?? set.identity.model };
    this.devices = buildDevices(options, identity, facilities);
    this.addresses = new UnitAddresses(this.devices, options.logicalSubsystem, this.name);
    this.parallel = this.addresses.hasAliases ? new ParallelAccess(this.addresses, this.hosts) : null;
    const subsystem = new SubsystemData(facilities, this.addresses, options.pathAccess ?? []);
    this.run = new ProgramRun(facilities, subsystem);
    this.established = new Uint8Array(paths).fill(1);
    this.used = new Uint8Array(paths);
    this.open = new Int32Array(options.ports);
    this.controlUnitEndOwed = new Uint8Array(options.ports);
    this.deviceEndKind = this.sim.defineEvent(`${this.name}.device-end`, (host, unitAddress) => {
      this.busyOver.deviceEnd(host, unitAddress);
    });
    this.controlUnitEndKind = this.sim.defineEvent(`${this.name}.control-unit-end`, (port) => {
      this.busyOver.controlUnitEnd(port);
    });
  }

  /** The device at a unit address; null when there is none. */
  device(unitAddress: number): StorageDevice | null {
    return this.addresses.at(unitAddress);
  }

  /** Operations that a port has accepted and not ended. */
  operationsOn(port: number): number {
    return this.open[port];
  }

  /** All devices, and where messages for hosts are kept: what service on the control unit needs. */
  get attached(): readonly StorageDevice[] {
    return this.devices;
  }
  takeMessages(messages: AttentionMessages): void {
    this.run.subsystem.messages = messages;
  }

  initialSelection(exchange: Exchange): number {
    const device = this.addresses.at(exchange.unitAddress);
    const { port } = exchange;
    const path = exchange.host * this.ports + port;
    if (device === null || this.established[path] === 0) return NOT_OPERATIONAL;
    if (this.open[port] >= this.maxConcurrentPerPort) {
      this.controlUnitEndOwed[port] = 1;
      return CONTROL_UNIT_BUSY;
    }
    const { transportFrame } = exchange;
    const isTransport = transportFrame !== null || exchange.program?.transport === true;
    if (isTransport && !this.run.facilities.transportMode) return NOT_TRANSPORT_CAPABLE;
    if (transportFrame !== null) exchange.program = programOf(transportFrame);
    const base = this.baseOf(exchange, device);
    if (this.isBusy(device, base, path, exchange) || !this.mayEnter(exchange, device, base)) {
      this.oweDeviceEnd(device, exchange.host);
      return DSTAT.BUSY;
    }
    this.used[path] = 1;
    this.open[port]++;
    device.active++;
    device.acceptedOn[exchange.host] = port;
    if (device.contingent === path) this.endAllegiance(device, exchange);
    const comesWhole = exchange.program !== null;
    if (!comesWhole) this.beginChain(exchange, device);
    if (device.pending[path] !== 0) this.planner.planControl(exchange);
    else if (comesWhole) this.planner.plan(exchange, base, this.sim.now);
    else this.nextCommand(exchange);
    return ACCEPTED;
  }

  execute(exchange: Exchange): void {
    const device = this.addresses.at(exchange.unitAddress)!;
    const path = exchange.host * this.ports + exchange.port;
    const { transportFrame } = exchange;
    if (device.pending[path] !== 0) this.reportPendingCheck(exchange, device, path);
    else if (transportFrame !== null && transportFrame.reason !== 0) refuseBlock(exchange);
    else this.run.execute(exchange, device, path);
    if (transportFrame !== null) leaveBlock(exchange, transportFrame);
    this.noteUnitCheck(exchange, device, path);
    this.finish(device, exchange.host);
  }

  nextCommand(exchange: Exchange): void {
    const device = this.addresses.at(exchange.unitAddress)!;
    const frame = exchange.frame!;
    frame.immediate = IMMEDIATE_COMMANDS[frame.ccw.command] === 1;
    const base = this.parallel === null ? device : this.parallel.nextBase(exchange, device);
    this.planner.planCommand(exchange, frame, base, this.chainOf(exchange, device), this.sim.now);
  }

  executeCommand(exchange: Exchange): void {
    const device = this.addresses.at(exchange.unitAddress)!;
    const path = exchange.host * this.ports + exchange.port;
    const frame = exchange.frame!;
    const run = this.chainOf(exchange, device);
    if (device.pending[path] === 0 || run.previous !== 0) run.executeCommand(exchange, frame, path);
    else this.reportPendingCheck(exchange, device, path);
    this.noteUnitCheck(exchange, device, path);
  }

  cancel(exchange: Exchange): void {
    this.finish(this.addresses.at(exchange.unitAddress)!, exchange.host);
  }

  setLogicalPath(host: number, port: number, established: boolean, returnsAs: 'reset' | 'ungrouped'): void {
    const path = host * this.ports + port;
    if ((this.established[path] === 1) === established) return;
    this.established[path] = established ? 1 : 0;
    if (!established) {
      for (const device of this.devices) this.releaseAllegiance(device, path);
      return;
    }
    if (returnsAs === 'reset') {
      this.systemReset(host, port);
      return;
    }
    for (const device of this.devices) {
      device.reservation.beforeResign(path);
      device.groups.ungroup(path);
      this.settleDeviceEnds(device);
    }
  }

  systemReset(host: number, port: number): void {
    const path = host * this.ports + port;
    for (const device of this.devices) {
      if (device.reservation.beforeReset(path)) this.reservationLost(device, host);
      device.groups.reset(path);
      device.pending[path] = this.used[path] === 1 ? PENDING_CHECK.RESET_NOTIFICATION : 0;
      if (device.senseFor === path) device.senseFor = NO_PATH;
      if (device.contingent === path) device.contingent = NO_PATH;
      this.settleDeviceEnds(device);
    }
  }

  selectiveReset(host: number, port: number, unitAddress: number): void {
    const device = this.addresses.at(unitAddress);
    if (device !== null) this.releaseAllegiance(device, host * this.ports + port);
  }

  /** Busy for this path: reserved to others, or in use where hosts cannot use a device at the same time. */
  private isBusy(device: StorageDevice, base: StorageDevice, path: number, exchange: Exchange): boolean {
    if (!this.multipleAllegiance && device.active > 0) return true;
    if (device.contingent !== NO_PATH && device.contingent !== path) return true;
    if (!base.reservation.held || base.reservation.holds(path)) return false;
    // A unit check that waits for this path goes before the busy condition.
    return device.pending[path] === 0 && RESERVATION_EXEMPT[firstCommand(exchange)] === 0;
  }

  /** The volume that a program is for, which an alias is told in its first command. */
  private baseOf(exchange: Exchange, device: StorageDevice): StorageDevice {
    return this.parallel === null ? device : this.parallel.baseOf(exchange, device);
  }

  private mayEnter(exchange: Exchange, device: StorageDevice, base: StorageDevice): boolean {
    return this.parallel === null || this.parallel.enter(exchange, device, base);
  }

  private reportPendingCheck(exchange: Exchange, device: StorageDevice, path: number): void {
    const reset = (device.pending[path] & PENDING_CHECK.RESET_NOTIFICATION) !== 0;
    const message = reset ? MESSAGE.RESET_NOTIFICATION : MESSAGE.ALLEGIANCE_TERMINATED;
    if (reset) device.pending[path] &= ~PENDING_CHECK.RESET_NOTIFICATION;
    else device.allegianceReported(path);
    storeSense(exchange.sense, 0, 0, message, device.track);
    device.sense.set(exchange.sense);
    device.senseFor = path;
    exchange.senseCount = SENSE_BYTES;
    exchange.dstat = DSTAT.CHANNEL_END | DSTAT.DEVICE_END | DSTAT.UNIT_CHECK;
    exchange.cstat = 0;
    exchange.lastCcw = 0;
    exchange.residual = exchange.program?.ccws[0].count ?? 0;
    if (exchange.frame === null) return;
    exchange.frame.length = -1;
    exchange.frame.immediate = false;
  }

  private beginChain(exchange: Exchange, device: StorageDevice): void {
    const at = device.index * this.hosts + exchange.host;
    this.chains[at] ??= new ProgramRun(this.run.facilities, this.run.subsystem);
    this.chains[at].begin(device);
  }

  private chainOf(exchange: Exchange, device: StorageDevice): ProgramRun {
    return this.chains[device.index * this.hosts + exchange.host]!;
  }

  /** Sense bytes that the channel did not take keep the device for the path until it sends another command. */
  private noteUnitCheck(exchange: Exchange, device: StorageDevice, path: number): void {
    if ((exchange.dstat & DSTAT.UNIT_CHECK) !== 0 && !exchange.concurrentSense) device.contingent = path;
  }

  /** Any command but NO-OPERATION shows that the host knows of the unit check. */
  private endAllegiance(device: StorageDevice, exchange: Exchange): void {
    if (firstCommand(exchange) !== COMMAND.nop) this.releaseAllegiance(device, device.contingent);
  }

  private releaseAllegiance(device: StorageDevice, path: number): void {
    if (device.contingent !== path) return;
    device.contingent = NO_PATH;
    this.settleDeviceEnds(device);
  }

  /** An accepted operation is over, carried out or not: its port and device are free again. */
  private finish(device: StorageDevice, host: number): void {
    const port = device.acceptedOn[host];
    this.open[port]--;
    device.active--;
    assert(
      this.open[port] >= 0 && device.active >= 0,
      'a control unit ended an operation that it had not accepted',
    );
    if (this.controlUnitEndOwed[port] !== 0) {
      this.controlUnitEndOwed[port] = 0;
      this.sim.after(0, PRIORITY.MACHINE, this.controlUnitEndKind, port, 0);
    }
    if (device.owedHosts > 0) this.settleDeviceEnds(device);
    if (this.parallel !== null) this.letNextEnter(this.parallel, device, host);
  }

  /** Whoever waited for the extent, or for the base's reservation, over whatever unit address. */
  private letNextEnter(parallel: ParallelAccess, device: StorageDevice, host: number): void {
    parallel.leave(device, host);
    if (this.deviceEndsOwed === 0) return;
    for (const waiting of this.devices) if (waiting.owedHosts > 0) this.settleDeviceEnds(waiting);
  }

  private reservationLost({ unitAddress }: StorageDevice, host: number): void {
    this.observer?.emit(EVENT['reservation.lost'], host, NONE, NONE, NONE, NONE, unitAddress, 0, 0);
  }

  private oweDeviceEnd(device: StorageDevice, host: number): void {
    if (device.deviceEndOwed[host] !== 0) return;
    device.deviceEndOwed[host] = 1;
    device.owedHosts++;
    this.deviceEndsOwed++;
  }

  /** Sends the owed device ends to the hosts for which the device is no longer busy. */
  private settleDeviceEnds(device: StorageDevice): void {
    if (device.owedHosts === 0 || (!this.multipleAllegiance && device.active > 0)) return;
    for (let host = 0; host < this.hosts; host++) {
      if (device.deviceEndOwed[host] === 0 || !this.mayUse(device, host)) continue;
      device.deviceEndOwed[host] = 0;
      device.owedHosts--;
      this.deviceEndsOwed--;
      this.sim.after(0, PRIORITY.MACHINE, this.deviceEndKind, host, device.unitAddress);
    }
  }

  private mayUse(device: StorageDevice, host: number): boolean {
    if (device.contingent !== NO_PATH && Math.floor(device.contingent / this.ports) !== host) return false;
    const { parallel } = this;
    if (parallel !== null && !parallel.mayGoOn(device, host)) return false;
    const { reservation } = parallel === null ? device : parallel.lastBase(device, host);
    if (!reservation.held) return true;
    for (let port = 0; port < this.ports; port++) {
      if (reservation.holds(host * this.ports + port)) return true;
    }
    return false;
  }
}

function firstCommand(exchange: Exchange): number {
  if (exchange.program === null) return exchange.frame!.ccw.command;
  const { ccws, length } = exchange.program;
  const first = ccws[0].command;
  return first === COMMAND.tic && length > 1 ? ccws[1].command : first;
}
