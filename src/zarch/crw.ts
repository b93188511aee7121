/** Channel-report word (Principles of Operation, "Channel-Report Word"). */
export const RSC = {
  MONITORING: 2,
  SUBCHANNEL: 3,
  CHANNEL_PATH: 4,
  CONFIGURATION_ALERT: 9,
  CHANNEL_SUBSYSTEM: 0xb,
} as const;
export const ERC = {
  EVENT: 0,
  AVAILABLE: 1,
  INITIALIZED: 2,
  TEMPORARY_ERROR: 3,
  PARAMETERS_INITIALIZED: 4,
  TERMINAL: 5,
  PERMANENT_NOT_INITIALIZED: 6,
  PERMANENT_INITIALIZED: 7,
  PARAMETERS_MODIFIED: 8,
} as const;

export class Crw {
  solicited = 0;
  overflow = 0;
  chained = 0;
  rsc = 0;
  ancillary = 0;
  erc = 0;
  rsid = 0;
}
