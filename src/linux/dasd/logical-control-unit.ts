import type { Process, Steps } from '../../kernel/process.ts';
import { E, type Errno } from '../errno.ts';
import { PavGroup } from './alias-group.ts';
import { type DeviceUid, UNIT } from './configuration-record.ts';
import { SUBORDER, subsystemDataRequest } from './control-requests.ts';
import type { DasdDevice } from './dasd-device.ts';
import { UNIT_CONFIGURATION_EXPIRES_NS, UNIT_CONFIGURATION_RETRY_NS } from './definitions.ts';
import type { DasdRequest } from './request.ts';
import { isCommandReject } from './sense-classification.ts';
import { sleepOn } from './sleep-on.ts';
import { Worker } from './worker.ts';

const CONFIGURATION_BYTES = 512;

/**
 * The devices of one logical control unit (dasd_alias.c: struct alias_lcu). It knows from the unit-address
 * configuration which addresses are base devices and which aliases, and groups them; when a device says otherwise of
 * itself, the groups are dissolved until the configuration has been read anew.
 */
export class LogicalControlUnit {
  /** Two bytes per unit address: type, base address. */
  private readonly units = new Uint8Array(CONFIGURATION_BYTES);
  private readonly devices: DasdDevice[] = [];
  /** By unit address of the base; all under one key with HyperPAV. */
  private readonly groups = new Map<number, PavGroup>();
  private updatePending = true;
  private needsReading = true;
  private reader: DasdDevice | null = null;
  private readonly worker: Worker;

  constructor(name: string, device: DasdDevice) {
    this.worker = new Worker(name, device.shared, (self) => this.update(self));
  }

  /** `dasd_alias_add_device`: a device is ready for use. */
  add(device: DasdDevice): void {
    const uid = device.uid!;
    device.logicalControlUnit = this;
    if (!this.devices.includes(device)) this.devices.push(device);
    if (uid.type !== this.units[2 * uid.unitAddress]) this.updatePending = true;
    if (this.updatePending) this.scheduleUpdate(device);
    else this.group(device);
  }

  /** `dasd_alias_update_add_device`: the same for a device that may have become another one. */
  addAnew(device: DasdDevice): void {
    this.updatePending = true;
    this.add(device);
  }

  /** Devices in the order in which they were added. */
  get members(): readonly DasdDevice[] {
    return this.devices;
  }

  remove(device: DasdDevice): void {
    device.logicalControlUnit = null;
    const at = this.devices.indexOf(device);
    if (at >= 0) this.devices.splice(at, 1);
    device.pavGroup?.remove(device);
    if (this.reader === device) this.reader = this.devices[0] ?? null;
  }

  /** `_schedule_lcu_update`: no alias is used until the configuration is known. */
  private scheduleUpdate(device: DasdDevice): void {
    this.updatePending = true;
    this.needsReading = true;
    for (const member of this.devices) member.pavGroup = null;
    this.groups.clear();
    if (this.reader !== null) return;
    this.reader = device;
    this.worker.queue();
  }

  private *update(self: Process): Steps {
    while (this.reader !== null) {
      const rc = yield* this.read(self, this.reader);
      if ((rc === E.OK || rc === E.OPNOTSUPP) && !this.needsReading) break;
      yield* self.sleep(UNIT_CONFIGURATION_RETRY_NS);
    }
    this.reader = null;
    this.updatePending = false;
    for (const member of this.devices) this.group(member);
  }

  private *read(self: Process, device: DasdDevice): Steps<Errno> {
    this.needsReading = false;
    const data = new Uint8Array(CONFIGURATION_BYTES);
    const request = subsystemDataRequest(device, SUBORDER.UNIT_ADDRESS_CONFIGURATION, data, 0, 0);
    request.expiresNs = UNIT_CONFIGURATION_EXPIRES_NS;
    const rc = yield* sleepOn(self, device, request);
    if (rc !== E.OK) {
      if (isUnknownSuborder(request)) return E.OPNOTSUPP;
      this.needsReading = true;
      return rc;
    }
    this.units.set(data);
    for (const member of this.devices) this.identify(member);
    return E.OK;
  }

  private identify(device: DasdDevice): void {
    const { uid } = device;
    if (uid === null) return;
    const at = 2 * uid.unitAddress;
    device.uid = { ...uid, type: this.units[at], baseUnitAddress: this.units[at + 1] };
  }

  /** `_add_device_to_lcu`. Where there is no alias, there is nothing to be grouped. */
  private group(device: DasdDevice): void {
    if (device.pavGroup !== null) return;
    this.identify(device);
    const { uid } = device;
    const assignment = this.assignment();
    if (uid === null || assignment === UNIT.BASE) return;
    const base = uid.type === UNIT.BASE ? uid.unitAddress : uid.baseUnitAddress;
    const key = assignment === UNIT.HYPER_PAV_ALIAS ? ANY_BASE : base;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = new PavGroup();
      this.groups.set(key, group);
    }
    group.add(device);
  }

  /** How aliases are assigned: as the first one in the configuration is; BASE where there are none. */
  private assignment(): number {
    for (let at = 0; at < CONFIGURATION_BYTES; at += 2) if (this.units[at] > UNIT.BASE) return this.units[at];
    return UNIT.BASE;
  }
}

const ANY_BASE = -1;

const isUnknownSuborder = (request: DasdRequest): boolean =>
  request.ending.hasSense && isCommandReject(request.ending.sense);

/** The logical control units that the driver has met. */
export class LogicalControlUnits {
  private readonly known = new Map<string, LogicalControlUnit>();

  /** The one that a device belongs to, by storage server and subsystem identifier. */
  of(device: DasdDevice, uid: DeviceUid): LogicalControlUnit {
    const name = `${uid.vendor}.${uid.serial}.${uid.ssid.toString(16).padStart(4, '0')}`;
    let unit = this.known.get(name);
    if (unit === undefined) {
      unit = new LogicalControlUnit(`lcu ${device.shared.system}.${name}`, device);
      this.known.set(name, unit);
    }
    return unit;
  }
}
