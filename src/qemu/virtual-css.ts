import type {
  AddressableChannelSubsystem,
  IoInstruction,
  MeasurementControl,
  Operands,
  Outcome,
  PendingInterruption,
} from '../channel/channel-subsystem.ts';
import { assertNever } from '../kernel/assert.ts';
import type { Cpu, Waiter } from '../kernel/process.ts';
import type { Observer } from '../observe/observer.ts';
import { copySchib } from '../zarch/block-copy.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import type { Crw } from '../zarch/crw.ts';
import { type SubchannelId, ssidOf, subchannelNumberOf } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import { Schib } from '../zarch/schib.ts';
import { clearTransportFields, STCTL } from '../zarch/scsw.ts';
import { Storage, type StoragePlace } from '../zarch/storage.ts';
import { ADAPTER, AdapterInterruptions } from './adapter-interruptions.ts';
import { type CallTarget, channelSubsystemCall } from './channel-subsystem-call.ts';
import { DataStream } from './data-stream.ts';
import { DeviceConfiguration, type PlugError } from './device-configuration.ts';
import { Facilities } from './facilities.ts';
import { SubchannelFunctions } from './functions.ts';
import { type DeviceSpecification, type PlugTarget, plug, unplug } from './hot-plug.ts';
import { imageOf, presentedId } from './identification.ts';
import type { VirtualImage } from './image.ts';
import { InstructionTrace } from './instruction-trace.ts';
import * as instruction from './instructions.ts';
import { GO } from './instructions.ts';
import { type GuestInterruptions, KernelInterruptions, TranslatorInterruptions } from './interrupts.ts';
import { Measurement } from './measurement.ts';
import type { Notifier } from './notifier.ts';
import { QemuOperandRules } from './operand-rules.ts';
import type { VirtualCssOptions } from './options.ts';
import { PciEvents } from './pci-events.ts';
import {
  DIRECT_PROGRAM,
  DirectProgramMemory,
  type ProgramMemory,
  StoredProgramMemory,
} from './program-memory.ts';
import { QEMU_RELEASES, type QemuFeatures } from './qemu-features.ts';
import { Reports } from './reports.ts';
import { resetSubchannel, type VirtualSubchannel } from './subchannel.ts';
import { buildIrb, clearStatus } from './subchannel-status.ts';
import { QemuTrace } from './trace.ts';
import { refuseTransport } from './transport-policy.ts';

/**
 * QEMU's virtual channel subsystem of one guest (hw/s390x/css.c, target/s390x/ioinst.c), emulated: every instruction is
 * handled under QEMU's lock and answers at once. It is what QEMU does, which is not always what the Principles of
 * Operation say.
 *
 *   instruction ─► subchannel found and visible? ─► condition code ─► function carried out ─► I/O interruption queued
 */
export class VirtualChannelSubsystem
  implements AddressableChannelSubsystem, CallTarget, Notifier, PlugTarget
{
  readonly options: VirtualCssOptions;
  readonly features: QemuFeatures;
  readonly storage: Storage;
  readonly operandRules: QemuOperandRules;
  readonly interrupts: GuestInterruptions;
  readonly trace: QemuTrace;
  readonly facilities = new Facilities();
  readonly devices: DeviceConfiguration;
  readonly reports: Reports;
  readonly pciEvents: PciEvents;
  readonly measurement: Measurement;
  readonly adapters: AdapterInterruptions;
  /** QEMU has not been started, or has not taken its command line: there is no guest, and nobody to ask. */
  isOff = false;
  private readonly instructions: InstructionTrace;
  private readonly functions: SubchannelFunctions;
  private readonly stored: ProgramMemory;
  private readonly direct: DirectProgramMemory;

  /** `within`: where the guest's storage is in that of its host; left out: in none that is modelled. */
  constructor(options: VirtualCssOptions, observer: Observer, system: number, within?: StoragePlace) {
    const features = QEMU_RELEASES[options.release];
    this.options = options;
    this.features = features;
    this.storage = new Storage(options.storageBytes, within);
    this.trace = new QemuTrace(observer, system);
    this.instructions = new InstructionTrace(this.trace);
    this.interrupts =
      options.accelerator === 'tcg' ? new TranslatorInterruptions() : new KernelInterruptions();
    this.interrupts.intparmOf = (id) => this.find(id)?.schib.pmcw.intparm ?? 0;
    this.adapters = new AdapterInterruptions(this.interrupts, this.trace);
    this.devices = new DeviceConfiguration(features, isSquashing(options, features), this.trace);
    this.reports = new Reports(this.facilities, this.devices.defaultCssid, features, this.trace, () =>
      this.interrupts.postMachineCheck(),
    );
    this.pciEvents = new PciEvents(() => this.reports.eventPending());
    this.measurement = new Measurement(this.storage);
    this.operandRules = new QemuOperandRules(features.blockAlignmentChecked, (cssid) => this.mayReset(cssid));
    this.stored = new StoredProgramMemory(this.storage);
    this.direct = new DirectProgramMemory();
    const data = new DataStream({ ...features, littleEndianHost: options.littleEndianHost }, this.stored);
    this.functions = new SubchannelFunctions(data, options.ccwLimit);
  }

  issue<I extends IoInstruction>(
    cpu: Cpu,
    name: I,
    id: SubchannelId,
    operand: Operands[I],
    _waiter: Waiter,
  ): Outcome {
    cpu.charge(this.options.instructionCostNs[name] ?? 0);
    this.traced(name, id);
    const kind: IoInstruction = name;
    switch (kind) {
      case 'ssch':
        return this.start(this.find(id), operand as Orb);
      case 'tsch':
        this.interrupts.tested(id);
        return this.storeStatus(id, operand as Irb);
      case 'stsch':
        return this.storeSubchannel(this.find(id), id, operand as Schib);
      case 'msch':
        return this.modify(this.find(id), operand as Schib);
      case 'hsch':
        return this.signal(this.find(id), instruction.halt);
      case 'csch':
        return this.signal(this.find(id), instruction.clear);
      case 'rsch':
        return this.resume(this.find(id));
      case 'xsch':
        return this.cancel(this.find(id));
      case 'stcrw':
        return this.reports.queue.store(operand as Crw);
      case 'rchp':
        return this.resetPath(id >>> 8, id & 0xff);
      case 'chsc':
        channelSubsystemCall(this, operand as ChscBlock);
        return 0;
      case 'tpi': {
        const { iscMask, code } = operand as PendingInterruption;
        return this.interrupts.take(iscMask, code) ? 1 : 0;
      }
      case 'schm':
        this.measurement.control(operand as MeasurementControl);
        return 0;
      case 'sal':
      case 'stcps':
        return 0;
      default:
        return assertNever(kind);
    }
  }

  /** The trace event of an instruction that is executed, here or by the host. */
  traced(name: IoInstruction, id: SubchannelId): void {
    this.instructions.execute(name, id);
  }

  intercept(name: IoInstruction, register1: number): void {
    this.instructions.intercept(name, register1);
  }

  reportNotStored(): void {
    this.reports.queue.storeFailed();
  }

  image(cssid: number, multipleCss: number): VirtualImage | undefined {
    return this.devices.images[multipleCss === 0 && cssid === 0 ? this.devices.defaultCssid : cssid];
  }

  enableFacility(operation: number): void {
    this.trace.facilityEnabled(operation);
    this.facilities.enable(operation);
  }

  /** Adds a device; the reason when it cannot be added. */
  plug(specification: DeviceSpecification): VirtualSubchannel | PlugError {
    return plug(this, specification);
  }

  unplug(sch: VirtualSubchannel): void {
    unplug(this, sch);
  }

  /** Queues any channel-report word as it is. */
  injectReport(word: number): void {
    this.reports.add(word);
  }

  /** SET INTERRUPTION CONTROLS for adapter interruptions of a subclass; false: operand exception. */
  setInterruptionControls(mode: number, isc: number): boolean {
    return this.adapters.setMode(mode, isc);
  }

  /** TSCH without its effect on interruptions, which under KVM it has had in the kernel already. */
  storeStatus(id: SubchannelId, irb: Irb): Outcome {
    const sch = this.find(id);
    if (sch === undefined || sch.notOperational) return 3;
    if (!buildIrb(sch, irb)) return 1;
    clearStatus(sch);
    return 0;
  }

  unsolicited(sch: VirtualSubchannel): void {
    const { scsw, pmcw } = sch.schib;
    if (this.features.disabledStaysQuiet && pmcw.enabled === 0) return;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return;
    scsw.stctl = STCTL.ALERT | STCTL.PENDING;
    this.queueInterruption(sch, true);
  }

  adapter(isc: number): void {
    this.adapters.inject(ADAPTER.VIRTIO, isc);
  }

  /** A device came or went: the guest is told, and what was pending for the subchannel is gone. */
  subchannelChanged(sch: VirtualSubchannel): void {
    if (this.reports.subchannelChanged(sch)) this.interrupts.withdraw(this.presentedId(sch));
  }

  /**
   * Subsystem reset: devices and numbers stay, everything that a program has set or not yet fetched is gone. Only the
   * subchannels of passed-through devices are left as they are.
   */
  reset(): void {
    for (const sch of this.devices.subchannels()) if (!sch.device.passedThrough) resetSubchannel(sch);
    this.measurement.reset();
    this.reports.queue.reset();
    this.pciEvents.reset();
    this.facilities.reset();
    this.adapters.reset();
    this.interrupts.reset();
  }

  /** The subchannel that a program named, if there is one and the program may know of it (css_subch_visible). */
  find(id: SubchannelId): VirtualSubchannel | undefined {
    const { defaultCssid } = this.devices;
    const cssid = imageOf(id, defaultCssid);
    const ssid = ssidOf(id);
    if (ssid > this.facilities.highestSsid) return undefined;
    if (cssid !== defaultCssid && !this.facilities.multipleImages) return undefined;
    return this.devices.images[cssid]?.find(ssid, subchannelNumberOf(id));
  }

  private start(sch: VirtualSubchannel | undefined, orb: Orb): Outcome {
    if (sch === undefined) return 3;
    const decision = instruction.mayStart(sch);
    if (decision !== GO) return decision;
    this.measurement.count(sch);
    const { program } = orb;
    instruction.acceptStart(sch, orb, program === null ? orb.programAddress : DIRECT_PROGRAM);
    if (orb.transportMode === 1) {
      refuseTransport(sch);
      this.queueInterruption(sch, false);
      return 0;
    }
    clearTransportFields(sch.schib.scsw);
    return this.perform(sch);
  }

  private resume(sch: VirtualSubchannel | undefined): Outcome {
    if (sch === undefined) return 3;
    const decision = instruction.mayResume(sch);
    if (decision !== GO) return decision;
    this.measurement.count(sch);
    instruction.acceptResume(sch);
    return this.perform(sch);
  }

  private signal(
    sch: VirtualSubchannel | undefined,
    decide: (sch: VirtualSubchannel) => instruction.Decision,
  ): Outcome {
    if (sch === undefined) return 3;
    const decision = decide(sch);
    return decision === GO ? this.perform(sch) : decision;
  }

  private cancel(sch: VirtualSubchannel | undefined): Outcome {
    return sch === undefined ? 3 : instruction.cancel(sch, this.features.statusBeforeFunction);
  }

  private modify(sch: VirtualSubchannel | undefined, schib: Schib): Outcome {
    return sch === undefined ? 3 : instruction.modify(sch, schib);
  }

  /** A hole below the last subchannel of a set is stored as zeros. */
  private storeSubchannel(sch: VirtualSubchannel | undefined, id: SubchannelId, schib: Schib): Outcome {
    if (sch !== undefined) {
      copySchib(sch.schib, schib);
      return 0;
    }
    const image = this.devices.images[imageOf(id, this.devices.defaultCssid)];
    const number = subchannelNumberOf(id);
    const isHole = image !== undefined && image.find(ssidOf(id), number) === undefined;
    if (!isHole || image.isFinal(ssidOf(id), number)) return 3;
    copySchib(NO_DEVICE, schib);
    return 0;
  }

  /** RCHP of a channel path, which QEMU has no state of: only the report is made. */
  private resetPath(named: number, chpid: number): Outcome {
    const cssid = this.facilities.multipleImages ? named : this.devices.defaultCssid;
    const path = this.devices.images[cssid]?.path(chpid);
    if (path === undefined || !path.virtual) return 3;
    this.reports.pathReset(cssid, chpid);
    return 0;
  }

  private mayReset(cssid: number): boolean {
    if (cssid > this.facilities.highestCssid) return false;
    return (
      this.devices.images[this.facilities.multipleImages ? cssid : this.devices.defaultCssid] !== undefined
    );
  }

  /** Carries the function out. Whatever becomes of it, an interruption is queued. */
  private perform(sch: VirtualSubchannel): 0 {
    const { program } = sch.orb;
    if (program !== null) this.direct.open(program);
    this.functions.perform(sch, program === null ? this.stored : this.direct);
    this.queueInterruption(sch, false);
    return 0;
  }

  /** Queues an I/O interruption (css.c:css_inject_io_interrupt); whether there is status does not matter. */
  queueInterruption(sch: VirtualSubchannel, isUnsolicited: boolean): void {
    const { intparm, isc } = sch.schib.pmcw;
    this.trace.ioInterruption(sch.id, intparm, isc, isUnsolicited);
    this.interrupts.inject(this.presentedId(sch), isc, intparm);
  }

  private presentedId({ cssid, ssid, number }: VirtualSubchannel): SubchannelId {
    return presentedId(cssid, ssid, number, this.facilities.multipleImages);
  }
}

/** An option that the release does not know ends QEMU before it does anything else. */
const isSquashing = ({ squashMcss }: VirtualCssOptions, { squashOption }: QemuFeatures): boolean =>
  squashMcss === true && squashOption !== 'unknown';

const NO_DEVICE = new Schib();
