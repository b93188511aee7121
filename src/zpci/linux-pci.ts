import { type Process, type Steps, WaitQueue } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import type { LinuxSystem } from '../linux/linux-system.ts';
import { EVENT } from '../observe/event-table.ts';
import { type EventInformation, type PciEvent, SEI_PCI_CONTENT } from '../zarch/chsc.ts';
import { CLP_OPERATION, CLP_RESPONSE, SCLP_RESPONSE } from '../zarch/clp.ts';
import { NONE } from '../zarch/ids.ts';
import { isEnabledHandle } from '../zarch/pci.ts';
import { isConfigured } from './function-states.ts';
import { IsmDriver } from './ism-driver.ts';
import { handleAvailability } from './linux-availability.ts';
import { handleError } from './linux-errors.ts';
import { LinuxFunction } from './linux-function.ts';
import type { PciFunction } from './pci-function.ts';
import type { PciInstructions } from './pci-instructions.ts';

/**
 * What a Linux does about PCI functions (arch/s390/pci): it lists them at boot, enables those that are configured and binds
 * their drivers, and hears of everything later by event information.
 */
export class LinuxPci {
  readonly linux: LinuxSystem;
  readonly instructions: PciInstructions;
  readonly functions: LinuxFunction[] = [];
  private scanned = false;
  private readonly waiting: WaitQueue;
  /** Functions that vfio-pci takes, for guests. */
  private readonly passedThrough: ReadonlySet<number>;

  constructor(linux: LinuxSystem, instructions: PciInstructions, passedThrough: ReadonlySet<number>) {
    this.linux = linux;
    this.instructions = instructions;
    this.passedThrough = passedThrough;
    this.waiting = new WaitQueue(linux.sim);
    linux.pciEvents = (self, event) => this.handle(self, event);
  }

  find(id: number): LinuxFunction | undefined {
    return this.functions.find((fn) => fn.id === id);
  }

  /** zpci_scan_devices: takes up what it does not know yet. */
  *scan(self: Process): Steps {
    for (const seen of yield* this.instructions.list(self)) {
      if (this.find(seen.id) !== undefined) continue;
      const fn = this.add(seen, isConfigured(seen.state) ? 'configured' : 'standby');
      if (fn.state === 'configured') yield* this.scanConfigured(self, fn);
    }
    this.scanned = true;
    this.waiting.wake();
  }

  /** Waits for the first scan to end. */
  *untilScanned(self: Process): Steps {
    yield* this.waiting.until(self, () => this.scanned);
  }

  /** zpci_create_device. */
  add(seen: PciFunction, state: LinuxFunction['state']): LinuxFunction {
    const fn = new LinuxFunction(seen.id, seen.kind, seen.handle, state);
    this.functions.push(fn);
    return fn;
  }

  /** zpci_device_reserved: nobody refers to it any more. */
  forget(fn: LinuxFunction): void {
    fn.state = 'reserved';
    this.functions.splice(this.functions.indexOf(fn), 1);
  }

  /** What the machine, or QEMU, says of a function now; undefined: nothing. */
  *lookUp(self: Process, id: number): Steps<PciFunction | undefined> {
    return (yield* this.instructions.list(self)).find((fn) => fn.id === id);
  }

  /** zpci_scan_configured_device: the function is enabled, and its driver probes it. */
  *scanConfigured(self: Process, fn: LinuxFunction): Steps<Errno> {
    if (this.passedThrough.has(fn.id)) {
      fn.passedThrough = true;
      return this.tellBound(fn, E.OK);
    }
    const rc = yield* this.enable(self, fn);
    return rc === E.OK ? yield* this.probe(self, fn) : this.tellBound(fn, rc);
  }

  *enable(self: Process, fn: LinuxFunction): Steps<Errno> {
    return yield* this.set(self, fn, CLP_OPERATION.ENABLE);
  }

  /** Stale handles are no reason to fail: the function is not enabled, and that is what was wanted. */
  *disable(self: Process, fn: LinuxFunction): Steps {
    if (isEnabledHandle(fn.handle)) yield* this.set(self, fn, CLP_OPERATION.DISABLE);
  }

  /** The driver lets go (zpci_bus_remove_device). */
  remove(fn: LinuxFunction): void {
    if (fn.bound) this.emit(EVENT['pci.unbound'], fn.id, 0, 0);
    fn.bound = false;
    fn.ism = null;
    fn.channel = 'normal';
  }

  /** zpci_deconfigure_device. */
  *deconfigure(self: Process, fn: LinuxFunction): Steps<Errno> {
    this.remove(fn);
    yield* this.disable(self, fn);
    const response = yield* this.instructions.configure(self, fn.id, false);
    if (response !== SCLP_RESPONSE.DONE && response !== SCLP_RESPONSE.NO_ACTION) return E.IO;
    fn.state = 'standby';
    return E.OK;
  }

  /** The administrator: /sys/bus/pci/slots/…/power. */
  *setPower(self: Process, id: number, on: boolean): Steps<Errno> {
    const fn = this.find(id);
    if (fn === undefined) return E.NODEV;
    if ((fn.state === 'configured') === on) return E.OK;
    if (!on) return fn.passedThrough ? E.BUSY : yield* this.deconfigure(self, fn);
    const response = yield* this.instructions.configure(self, id, true);
    if (response !== SCLP_RESPONSE.DONE && response !== SCLP_RESPONSE.NO_ACTION) return E.IO;
    fn.state = 'configured';
    const seen = yield* this.lookUp(self, id);
    if (seen !== undefined) fn.handle = seen.handle;
    return yield* this.scanConfigured(self, fn);
  }

  /** The administrator: attribute `recover` of the device. */
  *recover(self: Process, id: number): Steps<Errno> {
    const fn = this.find(id);
    if (fn === undefined || fn.state !== 'configured') return E.NODEV;
    this.remove(fn);
    yield* this.disable(self, fn);
    return yield* this.scanConfigured(self, fn);
  }

  emit(event: number, a: number, b: number, c: number): void {
    const { observer, system } = this.linux;
    observer.emit(event, system, NONE, NONE, NONE, NONE, a, b, c);
  }

  /** Event information of notification type 2. */
  private *handle(self: Process, { contentCode, pci }: EventInformation): Steps {
    if (pci === undefined) return;
    const handler = HANDLERS[contentCode];
    if (handler !== undefined) yield* handler(this, self, pci);
  }

  private *set(self: Process, fn: LinuxFunction, operation: number): Steps<Errno> {
    const { response, handle } = yield* this.instructions.setFunction(self, fn.handle, operation);
    fn.handle = handle;
    return response === CLP_RESPONSE.OK ? E.OK : E.IO;
  }

  private *probe(self: Process, fn: LinuxFunction): Steps<Errno> {
    fn.channel = 'normal';
    if (fn.kind.driver !== 'ism') return this.tellBound(fn, E.OK);
    fn.ism = new IsmDriver(this.instructions, fn, this.linux.sim);
    return this.tellBound(fn, yield* fn.ism.probe(self));
  }

  private tellBound(fn: LinuxFunction, rc: Errno): Errno {
    fn.bound = rc === E.OK;
    this.emit(EVENT['pci.bound'], fn.id, rc, 0);
    return rc;
  }
}

type Handler = (pci: LinuxPci, self: Process, event: PciEvent) => Steps;
const HANDLERS: Readonly<Record<number, Handler>> = {
  [SEI_PCI_CONTENT.ERROR]: handleError,
  [SEI_PCI_CONTENT.AVAILABILITY]: handleAvailability,
};
