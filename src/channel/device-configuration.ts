import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { ERC } from '../zarch/crw.ts';
import { NONE, ssidOf } from '../zarch/ids.ts';
import { initializeSchib } from '../zarch/initialized-schib.ts';
import type { MachineChannelSubsystem } from './image.ts';
import type { StartFunctions } from './start-function.ts';
import { clearStatus } from './status.ts';
import type { Subchannel } from './subchannel.ts';

/**
 * Devices that come and go while programs run. Each change is reported as "installed parameters initialized" or
 * "modified"; what became of the device, a program learns from STORE SUBCHANNEL. Subchannels of sets that the program
 * has not enabled change silently.
 */
export class DeviceConfiguration {
  private readonly starts: StartFunctions;
  private readonly observer: Observer;

  constructor(starts: StartFunctions, observer: Observer) {
    this.starts = starts;
    this.observer = observer;
  }

  /** The device is taken away: what it is doing ends without status, and its number is valid no more. */
  detach(image: MachineChannelSubsystem, sch: Subchannel): void {
    if (sch.schib.pmcw.deviceNumberValid === 0) return;
    this.initialize(image, sch);
    sch.schib.pmcw.deviceNumberValid = 0;
    this.tell(EVENT['device.detached'], sch);
    report(image, sch, ERC.PARAMETERS_INITIALIZED);
  }

  /** The device is there again, on the same subchannel, as after a system reset. */
  attach(image: MachineChannelSubsystem, sch: Subchannel): void {
    if (sch.schib.pmcw.deviceNumberValid === 1) return;
    this.initialize(image, sch);
    sch.schib.pmcw.deviceNumberValid = 1;
    this.tell(EVENT['device.attached'], sch);
    report(image, sch, ERC.PARAMETERS_INITIALIZED);
  }

  /** Parameters of an installed device changed, for instance the address at which its control unit is reached. */
  modify(image: MachineChannelSubsystem, sch: Subchannel): void {
    report(image, sch, ERC.PARAMETERS_MODIFIED);
  }

  private tell(event: number, sch: Subchannel): void {
    this.observer.emit(event, sch.host, sch.id, NONE, NONE, NONE, 0, 0, 0);
  }

  /** The subchannel is as a system reset leaves it; only installed and available paths and its device stay. */
  private initialize(image: MachineChannelSubsystem, sch: Subchannel): void {
    this.starts.abandon(sch);
    sch.stackedStatus = 0;
    image.interrupts.withdraw(sch.id);
    clearStatus(sch);
    initializeSchib(sch.schib);
    image.measurement.modified(sch);
  }
}

function report(image: MachineChannelSubsystem, sch: Subchannel, erc: number): void {
  if (ssidOf(sch.id) < image.enabledSets) image.reportSubchannel(sch, erc);
}
