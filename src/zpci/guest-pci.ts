import { assert } from '../kernel/assert.ts';
import type { Process, Steps } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import type { KernelFeatures } from '../linux/kernel-features.ts';
import { EVENT } from '../observe/event-table.ts';
import type { MainLoop } from '../qemu/main-loop.ts';
import type { PciNotice } from '../qemu/pci-events.ts';
import type { QemuFeatures } from '../qemu/qemu-features.ts';
import { CLP_OPERATION, CLP_RESPONSE } from '../zarch/clp.ts';
import { NONE } from '../zarch/ids.ts';
import { AVAILABILITY, HANDLE, withEnabled } from '../zarch/pci.ts';
import type { MachineFunction, MachinePci } from './machine-pci.ts';
import { PciFunction } from './pci-function.ts';
import { REFUSALS, type Refusal } from './pci-paths.ts';
import type { QemuFunction } from './qemu-function.ts';
import { QemuPci, type QemuPciOptions } from './qemu-pci.ts';
import { plugDecision } from './qemu-plug.ts';
import { type HostPci, openFunction } from './vfio-pci.ts';

/** The QEMU that has a guest: another one after it was migrated. */
export interface PciMonitor {
  readonly loop: MainLoop;
  readonly features: Pick<QemuFeatures, 'pciInterpretation' | 'ismNeedsInterpretation'>;
  /** Where it puts events of functions for its guest. */
  readonly events: { add(notice: PciNotice): void };
}

export interface GuestPciOptions extends Omit<QemuPciOptions, 'firmware' | 'reset'>, PciMonitor {
  readonly host: HostPci & { readonly kernel: KernelFeatures };
  /** The host's firmware, by which its kernel enables functions, and that which interprets for the guest. */
  readonly hostFirmware: MachinePci;
  readonly firmware: MachinePci;
}

/** Functions of a host that a QEMU gives to its guest, from the start or while it runs (s390-pci-bus.c). */
export class GuestPci {
  readonly qemu: QemuPci;
  /** Why a function was refused when it was plugged last, by its id; empty where it was not. */
  readonly refusals = new Map<number, Refusal>();
  private readonly options: GuestPciOptions;
  private monitor: PciMonitor;
  private nextIndex = 0;

  constructor(options: GuestPciOptions) {
    this.options = options;
    this.monitor = options;
    this.qemu = new QemuPci({ ...options, reset: (fn) => this.reset(fn) });
    this.qemu.onReleased = (released) => this.unplugged(released);
  }

  /** The guest is another QEMU's, on the same host: without functions, for they cannot be sent. */
  moveTo(monitor: PciMonitor): void {
    assert(this.qemu.functions.length === 0, 'guests with PCI functions are not migrated');
    this.monitor = monitor;
    this.qemu.moveTo(monitor.loop);
  }

  /** Plugs a function in. It is configured for the guest, which has to enable it. */
  *plug(self: Process, machine: MachineFunction, hotplugged: boolean): Steps<Errno> {
    const { path, host, observer, system } = this.options;
    const { features } = this.monitor;
    const { fn } = machine;
    const { interpreted, refusal: refused } = plugDecision(fn.kind, path, features, host.kernel);
    if (this.qemu.functions.some((other) => other.fn.id === fn.id)) return E.BUSY;
    const opened = refused === '' ? openFunction(path.driver, fn, host) : null;
    const refusal = refused !== '' ? refused : opened === null ? 'driver' : yield* this.open(self, fn);
    const number = REFUSALS.indexOf(refusal);
    observer.emit(EVENT['vmm.pci-realized'], system, NONE, NONE, NONE, NONE, fn.id, number, 0);
    this.refusals.set(fn.id, refusal);
    if (refusal !== '' || opened === null) return refusal === 'unavailable' ? E.NODEV : E.INVAL;
    const added = { fn: this.face(fn, interpreted), host: opened, interpreted, unplugRequested: false };
    this.qemu.functions.push(added);
    if (hotplugged) this.tell(added, AVAILABILITY.CONFIGURED);
    return E.OK;
  }

  /** device_del: a guest that has the function is asked to give it back, again and again if need be. */
  unplug(id: number): Errno {
    const found = this.qemu.functions.find(({ fn }) => fn.id === id);
    if (found === undefined) return E.NODEV;
    if (found.fn.state === 'standby') this.unplugged(found);
    else {
      found.unplugRequested = true;
      this.tell(found, AVAILABILITY.DECONFIGURATION_REQUESTED);
    }
    return E.OK;
  }

  /** zpci_hot_reset_device, for vfio-pci: also what was in error works again. */
  private reset({ handle }: PciFunction): void {
    const { hostFirmware } = this.options;
    const disabled = hostFirmware.changeFunction(handle, CLP_OPERATION.DISABLE);
    if (disabled.response === CLP_RESPONSE.OK)
      hostFirmware.changeFunction(disabled.handle, CLP_OPERATION.ENABLE);
  }

  /** The host's kernel enables a function for whoever opens it (vfio_pci_core_enable). */
  private *open(self: Process, fn: PciFunction): Steps<Refusal> {
    if (fn.state === 'enabled') return '';
    if (fn.state !== 'disabled') return 'unavailable';
    const { hostFirmware } = this.options;
    const { response } = yield* hostFirmware.setFunction(self, fn.handle, CLP_OPERATION.ENABLE);
    return response === CLP_RESPONSE.OK ? '' : 'unavailable';
  }

  /** The function as the guest sees it: disabled, whatever it is in the host (s390_pci_interp_plug). */
  private face(fn: PciFunction, interpreted: boolean): PciFunction {
    const { observer, system } = this.options;
    const { name, id, kind, group } = fn;
    const index = ++this.nextIndex;
    const shared = HANDLE.VFIO;
    const face = new PciFunction({
      name,
      id,
      kind,
      group,
      state: 'disabled',
      index,
      shared,
      observer,
      system,
    });
    if (interpreted) face.handle = withEnabled(fn.handle, false);
    return face;
  }

  private unplugged(gone: QemuFunction): void {
    const at = this.qemu.functions.indexOf(gone);
    assert(at >= 0, 'a function is unplugged once');
    gone.fn.take('remove');
    this.tell(gone, AVAILABILITY.RESERVED);
    this.qemu.functions.splice(at, 1);
    this.options.hostFirmware.changeFunction(gone.host.fn.handle, CLP_OPERATION.DISABLE);
  }

  private tell({ fn }: QemuFunction, code: number): void {
    const { observer, system } = this.options;
    observer.emit(EVENT['pci.event'], system, NONE, NONE, NONE, NONE, fn.id, code, fn.handle);
    this.monitor.events.add({ functionHandle: fn.handle, functionId: fn.id, code });
  }
}
