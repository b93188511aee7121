/** Channel-command words and channel programs (Principles of Operation, "Channel-Command Word"). */
export const CCW_FLAG = {
  CHAIN_DATA: 0x80,
  CHAIN_COMMAND: 0x40,
  SUPPRESS_LENGTH: 0x20,
  SKIP: 0x10,
  PCI: 0x08,
  INDIRECT: 0x04,
  SUSPEND: 0x02,
  MODIFIED_INDIRECT: 0x01,
} as const;

/**
 * One command with its data area. Main storage is not modelled here: a CCW refers to its area directly. Control data
 * and sense-like data are real bytes; of a data block only its version is carried (see `dasd/`), in `versions`.
 */
export interface Ccw {
  command: number;
  flags: number;
  /** Byte count of the data area. */
  count: number;
  /** Control or response bytes; shorter than `count` when the rest is zero, null for pure data blocks. */
  data: Uint8Array | null;
  /** For commands that move 4 KiB blocks: the version of each block, read or written. */
  versions: Float64Array | null;
}

/** A format-1 channel program: CCWs in storage order, chained as their flags say. */
export interface ChannelProgram {
  readonly ccws: Ccw[];
  /** CCWs of `ccws` that belong to the program, from the first. */
  length: number;
}
