/** Control-unit type of virtio devices; the control-unit model is the kind of device. */
export const VIRTIO_CU_TYPE = 0x3832;

/** Kinds of devices by their virtio number. */
export const VIRTIO_ID = { NET: 1, BLOCK: 2, ENTROPY: 4 } as const;

/** Bits of the device status. */
export const STATUS = {
  ACKNOWLEDGE: 0x01,
  DRIVER: 0x02,
  DRIVER_OK: 0x04,
  FEATURES_OK: 0x08,
  FAILED: 0x80,
} as const;
