/** Channel commands of virtio devices (virtio specification, "Virtio Over Channel I/O"; virtio_ccw.c). */
export const VIRTIO_COMMAND = {
  WRITE_FEATURES: 0x11,
  READ_FEATURES: 0x12,
  SET_QUEUE: 0x13,
  WRITE_CONFIG: 0x21,
  READ_CONFIG: 0x22,
  WRITE_STATUS: 0x31,
  READ_QUEUE_CONFIG: 0x32,
  RESET: 0x33,
  SET_INDICATORS: 0x43,
  SET_CONFIG_INDICATORS: 0x53,
  READ_STATUS: 0x72,
  SET_ADAPTER_INDICATORS: 0x73,
  SET_REVISION: 0x83,
} as const;

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
