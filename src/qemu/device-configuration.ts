import { VirtualImage } from './image.ts';
import type { QemuFeatures } from './qemu-features.ts';
import { type VirtualDevice, VirtualSubchannel } from './subchannel.ts';
import type { QemuTrace } from './trace.ts';

/** Image of a machine's own devices, which programs without the multiple-image facility see as image 0. */
export const DEFAULT_CSSID = 0xfe;
const IMAGES = 255;
const SETS = 4;
const LAST_SET = SETS - 1;

/** A device's bus id: image, subchannel set and device number. */
export interface BusId {
  readonly cssid: number;
  readonly ssid: number;
  readonly deviceNumber: number;
}

/** Why a device cannot be plugged, in the words of QEMU's messages. */
export type PlugError =
  | 'Invalid cssid or ssid'
  | 'Device already exists'
  | 'Virtual channel subsystem is full!'
  | 'Multiple 3270 terminals are not supported.'
  | 'No free chpid';

/** Where a device is going to be. */
interface Place extends BusId {
  readonly number: number;
}

/**
 * Images, and which subchannel and device number a device gets (css.c:css_create_sch). Numbers belong to nobody: whoever
 * comes gets the lowest subchannel that is free.
 */
export class DeviceConfiguration {
  readonly images: (VirtualImage | undefined)[] = new Array(IMAGES + 1);
  /** Subchannels in the order in which their devices came. */
  readonly realized: VirtualSubchannel[] = [];
  private readonly features: QemuFeatures;
  private readonly trace: QemuTrace;

  constructor(features: QemuFeatures, trace: QemuTrace) {
    this.features = features;
    this.trace = trace;
    this.createImage(DEFAULT_CSSID);
  }

  /** A subchannel for the device; with a bus id the one asked for, without one the first that is free. */
  assign(device: VirtualDevice, wanted: BusId | null): VirtualSubchannel | PlugError {
    const place = wanted === null ? this.freePlace() : this.wantedPlace(wanted);
    if (typeof place === 'string') return place;
    const sch = new VirtualSubchannel(place.cssid, place.ssid, place.number, place.deviceNumber, device);
    this.images[place.cssid]!.put(sch);
    this.realized.push(sch);
    this.trace.assigned(sch.id, sch.deviceNumber, true);
    return sch;
  }

  release(sch: VirtualSubchannel): void {
    this.images[sch.cssid]!.remove(sch);
    this.realized.splice(this.realized.indexOf(sch), 1);
    this.trace.assigned(sch.id, sch.deviceNumber, false);
  }

  /** A migration gives a device the subchannel number that it had elsewhere (css.c:subch_dev_post_load). */
  renumber(sch: VirtualSubchannel, number: number): void {
    this.images[sch.cssid]!.renumber(sch, number);
    this.trace.assigned(sch.id, sch.deviceNumber, true);
  }

  /** Every subchannel there is, by image, set and number. */
  subchannels(): VirtualSubchannel[] {
    return this.images.flatMap((image) => image?.subchannels() ?? []);
  }

  private wantedPlace({ cssid, ssid, deviceNumber }: BusId): Place | PlugError {
    if (ssid > LAST_SET || cssid >= IMAGES) return 'Invalid cssid or ssid';
    if (!this.features.imagesUnrestricted && cssid !== DEFAULT_CSSID) return 'Invalid cssid or ssid';
    const image = this.images[cssid] ?? this.createImage(cssid);
    if (image.hasDeviceNumber(ssid, deviceNumber)) return 'Device already exists';
    const number = image.freeNumber(ssid);
    if (number < 0) return 'Virtual channel subsystem is full!';
    return { cssid, ssid, deviceNumber, number };
  }

  /** The device number is looked for from the subchannel number on, so that both are the same while they can be. */
  private freePlace(): Place | PlugError {
    let cssid = DEFAULT_CSSID;
    do {
      const image = this.images[cssid] ?? this.createImage(cssid);
      for (let ssid = 0; ssid < SETS; ssid++) {
        const number = image.freeNumber(ssid);
        const deviceNumber = number < 0 ? -1 : image.freeDeviceNumber(ssid, number);
        if (deviceNumber >= 0) return { cssid, ssid, deviceNumber, number };
      }
      cssid = (cssid + 1) % IMAGES;
    } while (cssid !== DEFAULT_CSSID);
    return 'Virtual channel subsystem is full!';
  }

  private createImage(cssid: number): VirtualImage {
    const image = new VirtualImage();
    this.images[cssid] = image;
    this.trace.newImage(cssid, cssid === DEFAULT_CSSID);
    return image;
  }
}
