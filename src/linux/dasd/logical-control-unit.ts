import type { Process, Steps } from '../../kernel/process.ts';
import { E, type Errno } from '../errno.ts';
import type { DeviceUid } from './configuration-record.ts';
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
 * configuration which addresses are base devices and which aliases; when a device says otherwise of itself, the
 * configuration is read anew. Aliases are not used here.
 */
export class LogicalControlUnit {
  /** Two bytes per unit address: type, base address. */
  private readonly units = new Uint8Array(CONFIGURATION_BYTES);
  private readonly devices: DasdDevice[] = [];
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
    if (!this.updatePending) return;
    this.needsReading = true;
    if (this.reader !== null) return;
    this.reader = device;
    this.worker.queue();
  }

  /** Devices in the order in which they were added. */
  get members(): readonly DasdDevice[] {
    return this.devices;
  }

  remove(device: DasdDevice): void {
    device.logicalControlUnit = null;
    const at = this.devices.indexOf(device);
    if (at >= 0) this.devices.splice(at, 1);
    if (this.reader === device) this.reader = this.devices[0] ?? null;
  }

  private *update(self: Process): Steps {
    while (this.reader !== null) {
      const rc = yield* this.read(self, this.reader);
      if ((rc === E.OK || rc === E.OPNOTSUPP) && !this.needsReading) break;
      yield* self.sleep(UNIT_CONFIGURATION_RETRY_NS);
    }
    this.reader = null;
    this.updatePending = false;
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
    for (const member of this.devices) {
      const { uid } = member;
      if (uid === null) continue;
      const at = 2 * uid.unitAddress;
      member.uid = { ...uid, type: data[at], baseUnitAddress: data[at + 1] };
    }
    return E.OK;
  }
}

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
