import type { DasdDevice } from '../linux/dasd/dasd-device.ts';
import type { DasdDriver } from '../linux/dasd/dasd-driver.ts';
import type { BlockDevice, BlockRequest } from '../observe/block-request.ts';

/**
 * A volume as applications see it: what they ask before the device is online for the first time waits, as a program
 * does that opens a block device which is not there yet.
 */
export class OnlineGate implements BlockDevice {
  private readonly early: BlockRequest[] = [];
  private driver: DasdDriver | null = null;
  private device: DasdDevice | null = null;

  submit(request: BlockRequest): void {
    if (this.device === null) this.early.push(request);
    else this.driver!.submit(this.device, request);
  }

  /** The device is online, for the first time or as another one than before: it gets what has waited, in order. */
  open(driver: DasdDriver, deviceNumber: number, ssid: number): void {
    this.driver = driver;
    this.device = driver.dasd(deviceNumber, ssid) ?? null;
    if (this.device === null) return;
    for (const request of this.early) driver.submit(this.device, request);
    this.early.length = 0;
  }
}
