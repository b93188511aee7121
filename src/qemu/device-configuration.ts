import { assert } from '../kernel/assert.ts';
import { VirtualImage } from './image.ts';
import type { QemuFeatures } from './qemu-features.ts';
import { type VirtualDevice, VirtualSubchannel } from './subchannel.ts';
import type { QemuTrace } from './trace.ts';

/** Image of virtual devices (css.h:VIRTUAL_CSSID), which is the default one unless devices are squashed. */
export const VIRTUAL_CSSID = 0xfe;
/** The default image where devices are squashed. */
const SQUASHED_CSSID = 0;
/** Image numbers that a device may be given a place in; ff can be written, and is the end of QEMU. */
const IMAGES = 255;
const SETS = 4;
const LAST_SET = SETS - 1;

/** A device's bus id: image, subchannel set and device number. */
export interface BusId {
  readonly cssid: number;
  readonly ssid: number;
  readonly deviceNumber: number;
}

/**
 * Why a device cannot be plugged, in the words of QEMU's messages without the numbers in them. `Aborted` is no message: an
 * assertion fails.
 */
export type PlugError =
  | 'Invalid cssid or ssid'
  | 'cssid not valid for virtual devices'
  | 'cssid not valid for non-virtual devices'
  | 'Device already exists'
  | 'Virtual channel subsystem is full!'
  | 'Multiple 3270 terminals are not supported.'
  | 'No available chpid to use.'
  | 'Aborted';

/** Where a device is going to be. */
interface Place extends BusId {
  readonly number: number;
}

/**
 * Images, and which subchannel and device number a device gets (css.c:css_create_sch). Numbers belong to nobody: whoever
 * comes gets the lowest subchannel that is free. A program without the multiple-image facility sees the default image
 * only, as image 0.
 */
export class DeviceConfiguration {
  readonly images: (VirtualImage | undefined)[] = new Array(IMAGES + 1);
  /** Subchannels in the order in which their devices came. */
  readonly realized: VirtualSubchannel[] = [];
  readonly defaultCssid: number;
  private readonly features: QemuFeatures;
  private readonly squash: boolean;
  private readonly trace: QemuTrace;

  /** `squash`: s390-squash-mcss. */
  constructor(features: QemuFeatures, squash: boolean, trace: QemuTrace) {
    this.features = features;
    this.squash = squash;
    this.trace = trace;
    this.defaultCssid = squash ? SQUASHED_CSSID : VIRTUAL_CSSID;
    this.createImage(this.defaultCssid);
  }

  /** A subchannel for the device; with a bus id the one asked for, without one the first that is free. */
  assign(device: VirtualDevice, wanted: BusId | null): VirtualSubchannel | PlugError {
    const { passedThrough } = device;
    const place = wanted === null ? this.freePlace(passedThrough) : this.wantedPlace(wanted, passedThrough);
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

  /** Whether the subchannel is still that of its device. */
  has(sch: VirtualSubchannel): boolean {
    return this.images[sch.cssid]?.find(sch.ssid, sch.number) === sch;
  }

  /** Every subchannel there is, by image, set and number. */
  subchannels(): VirtualSubchannel[] {
    return this.images.flatMap((image) => image?.subchannels() ?? []);
  }

  /** What the image may be is decided before devices are squashed: also then it must be the right one. */
  private wantedPlace({ cssid, ssid, deviceNumber }: BusId, passedThrough: boolean): Place | PlugError {
    if (ssid > LAST_SET || cssid > IMAGES) return 'Invalid cssid or ssid';
    if (!this.features.imagesUnrestricted && passedThrough === (cssid === VIRTUAL_CSSID)) {
      return passedThrough
        ? 'cssid not valid for non-virtual devices'
        : 'cssid not valid for virtual devices';
    }
    const place = this.squash ? this.defaultCssid : cssid;
    if (place === IMAGES) return 'Aborted';
    const image = this.images[place] ?? this.createImage(place);
    if (image.hasDeviceNumber(ssid, deviceNumber)) return 'Device already exists';
    const number = image.freeNumber(ssid);
    assert(number >= 0, 'a set in which a device number is free has a subchannel for it');
    return { cssid: place, ssid, deviceNumber, number };
  }

  private freePlace(passedThrough: boolean): Place | PlugError {
    for (const cssid of this.imagesInOrder(passedThrough)) {
      const place = this.freePlaceIn(cssid);
      if (place !== null) return place;
    }
    return 'Virtual channel subsystem is full!';
  }

  /**
   * The images in which a device without a bus id is given a place: all of them, from the default one on. Where images are
   * restricted, virtual devices and squashed ones have that one only, and devices of the host all but that of virtual ones.
   */
  private *imagesInOrder(passedThrough: boolean): Generator<number> {
    const { features, squash, defaultCssid } = this;
    if (!features.imagesUnrestricted && (squash || !passedThrough)) return yield defaultCssid;
    const first = features.imagesUnrestricted ? defaultCssid : 0;
    for (let count = 0; count < IMAGES; count++) {
      const cssid = (first + count) % IMAGES;
      if (features.imagesUnrestricted || cssid !== VIRTUAL_CSSID) yield cssid;
    }
  }

  /** The device number is looked for from the subchannel number on, so that both are the same while they can be. */
  private freePlaceIn(cssid: number): Place | null {
    const image = this.images[cssid] ?? this.createImage(cssid);
    for (let ssid = 0; ssid < SETS; ssid++) {
      const number = image.freeNumber(ssid);
      const deviceNumber = number < 0 ? -1 : image.freeDeviceNumber(ssid, number);
      if (deviceNumber >= 0) return { cssid, ssid, deviceNumber, number };
    }
    return null;
  }

  private createImage(cssid: number): VirtualImage {
    const image = new VirtualImage();
    this.images[cssid] = image;
    this.trace.newImage(cssid, cssid === this.defaultCssid);
    return image;
  }
}
