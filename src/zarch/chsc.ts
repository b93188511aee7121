/** Channel-subsystem-call block: request and response of one CHSC, as decoded fields. */
export const CHSC = {
  STORE_CHANNEL_PATH_DESCRIPTION: 0x0002,
  STORE_SUBCHANNEL_DESCRIPTION: 0x0004,
  STORE_EVENT_INFORMATION: 0x000e,
  STORE_CHARACTERISTICS: 0x0010,
  STORE_CHANNEL_MEASUREMENT_CHARACTERISTICS: 0x0022,
  ENABLE_FACILITY: 0x0031,
  STORE_DOMAIN_ATTRIBUTES: 0x0033,
  STORE_DOMAIN_CONFIGURATION: 0x0034,
  STORE_SCM: 0x004c,
  STORE_CONTROL_UNIT_DESCRIPTION: 0x004b,
} as const;

export const CHSC_RESPONSE = {
  OK: 0x0001,
  INVALID_COMMAND: 0x0002,
  INVALID_REQUEST: 0x0003,
  NOT_SUPPORTED: 0x0004,
  NO_EVENTS: 0x0005,
} as const;

export class ChscBlock {
  command = 0;
  /** Request parameters by meaning of the command: subchannel or CHPID range, format, operation code. */
  first = 0;
  last = 0;
  format = 0;
  operation = 0;
  /** Response code. */
  response = 0;
  /** Response data by command; see each command's type. */
  reply: unknown = null;
}
