/**
 * Command codes of channel-command words: those that all devices know and those of ECKD devices, under the short names
 * by which commands are counted. The `_mt` forms of data commands go on over the end of a track (multitrack).
 */
export const COMMAND = {
  read_ipl: 0x02,
  nop: 0x03,
  sense: 0x04,
  write: 0x05,
  read: 0x06,
  seek: 0x07,
  tic: 0x08,
  write_ha: 0x09,
  read_ha: 0x0a,
  seek_cylinder: 0x0b,
  write_kd: 0x0d,
  read_kd: 0x0e,
  erase: 0x11,
  read_count: 0x12,
  unconditional_reserve: 0x14,
  write_r0: 0x15,
  read_r0: 0x16,
  seek_head: 0x1b,
  write_ckd: 0x1d,
  read_ckd: 0x1e,
  set_file_mask: 0x1f,
  set_sector: 0x23,
  psf: 0x27,
  search_key_equal: 0x29,
  search_id_equal: 0x31,
  snid: 0x34,
  search_ha_equal: 0x39,
  rssd: 0x3e,
  reset_allegiance: 0x44,
  locate_record: 0x47,
  search_key_high: 0x49,
  locate_record_extended: 0x4b,
  search_id_high: 0x51,
  snss: 0x54,
  suspend_multipath: 0x5b,
  read_multiple_ckd: 0x5e,
  define_extent: 0x63,
  rdc: 0x64,
  search_key_equal_or_high: 0x69,
  search_id_equal_or_high: 0x71,
  write_mt: 0x85,
  read_mt: 0x86,
  write_kd_mt: 0x8d,
  read_kd_mt: 0x8e,
  read_count_mt: 0x92,
  release: 0x94,
  write_full_track: 0x95,
  write_ckd_mt: 0x9d,
  read_ckd_mt: 0x9e,
  write_track_data: 0xa5,
  read_track_data: 0xa6,
  spid: 0xaf,
  search_id_equal_mt: 0xb1,
  reserve: 0xb4,
  read_track: 0xde,
  senseid: 0xe4,
  prefix: 0xe7,
  prefix_read: 0xea,
  diagnostic_control: 0xf3,
  define_subsystem_operation: 0xf7,
  rsck: 0xf9,
  rcd: 0xfa,
} as const;
export type CommandName = keyof typeof COMMAND;

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

/** What a command code means depends on the device: commands are counted by code plus the number of their set. */
export const COMMAND_SET = { COMMON_AND_DASD: 0, VIRTIO: 256 } as const;
const COMMAND_SETS = 2;

/**
 * Name of each command, by set and code: the 256 codes of the first set come first. Those without a meaning here are
 * called by their digits: `command_2b`.
 */
export const COMMAND_NAMES: readonly string[] = nameAll();

function nameAll(): string[] {
  const names = Array.from(
    { length: 256 * COMMAND_SETS },
    (_, at) => `command_${(at & 0xff).toString(16).padStart(2, '0')}`,
  );
  for (const [name, code] of Object.entries(COMMAND)) names[code] = name;
  for (const [name, code] of Object.entries(VIRTIO_COMMAND)) {
    names[COMMAND_SET.VIRTIO + code] = `virtio_${name.toLowerCase()}`;
  }
  return names;
}
