/** Features of virtio devices: sets of bit numbers, exchanged as two 32-bit words, least significant byte first. */
export type Features = ReadonlySet<number>;

export const FEATURE = { VERSION_1: 32 } as const;

/** Bits that concern the transport and the rings, not the kind of device. */
const FIRST_TRANSPORT_FEATURE = 28;
const LAST_TRANSPORT_FEATURE = 41;
/** Those of them that the rings know: indirect descriptors, event index, version 1, platform access, packed, platform order. */
const RING_FEATURES: Features = new Set([28, 29, FEATURE.VERSION_1, 33, 34, 36]);

/** Bytes of a feature word with its index. */
export const FEATURE_DESCRIPTOR_BYTES = 5;

/** What is negotiated: what device and driver both have, and what the transport can do (virtio_dev_probe, vring_transport_features). */
export function commonFeatures(device: Features, driver: Features): Features {
  return new Set([...device].filter((bit) => (isTransportFeature(bit) ? RING_FEATURES : driver).has(bit)));
}

/** Adds the features in a descriptor's word, `index` 0 for bits 0 … 31, 1 for 32 … 63. */
export function addFeatures(features: Set<number>, descriptor: Uint8Array, index: number): void {
  for (let bit = 0; bit < 32; bit++) {
    if ((descriptor[bit >> 3] & (1 << (bit & 7))) !== 0) features.add(index * 32 + bit);
  }
}

/** The descriptor of one word of features. */
export function featureDescriptor(features: Features, index: number): Uint8Array {
  const descriptor = new Uint8Array(FEATURE_DESCRIPTOR_BYTES);
  for (const feature of features) {
    const bit = feature - index * 32;
    if (bit >= 0 && bit < 32) descriptor[bit >> 3] |= 1 << (bit & 7);
  }
  descriptor[FEATURE_DESCRIPTOR_BYTES - 1] = index;
  return descriptor;
}

const isTransportFeature = (bit: number): boolean =>
  bit >= FIRST_TRANSPORT_FEATURE && bit <= LAST_TRANSPORT_FEATURE;
