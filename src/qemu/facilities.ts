import { FACILITY_MULTIPLE_IMAGES } from '../zarch/chsc.ts';

const HIGHEST_SSID = 3;
const HIGHEST_CSSID = 255;

/** What the guest has enabled: more than one subchannel set, more than one image. Only a reset disables it. */
export class Facilities {
  /** Highest subchannel set and image that a program may name. */
  highestSsid = 0;
  highestCssid = 0;

  get multipleSets(): boolean {
    return this.highestSsid > 0;
  }

  get multipleImages(): boolean {
    return this.highestCssid > 0;
  }

  enable(operation: number): void {
    if (operation === FACILITY_MULTIPLE_IMAGES) this.highestCssid = HIGHEST_CSSID;
    else this.highestSsid = HIGHEST_SSID;
  }

  reset(): void {
    this.highestSsid = 0;
    this.highestCssid = 0;
  }
}
