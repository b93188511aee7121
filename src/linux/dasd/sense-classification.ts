import { MESSAGE, type Message, REQUEST_RETRIES } from './definitions.ts';

/** Which recovery sense data call for (dasd_3990_erp.c: dasd_3990_erp_inspect_24 and …_32); a pure decision. */

/** Positions and values of sense bytes. */
export const SENSE = {
  /** Byte 25: program action code; bit 0 makes it a compound one. */
  PROGRAM_ACTION: 25,
  COMPOUND: 0x80,
  ALTERNATE_PATH: 0x10,
  MESSAGE_CODE: 0x20,
  STATE_CHANGE_PENDING: 0x1d,
  BUSY: 0x1e,
  /** Byte 27, bit 0: the first 24 bytes have the older format. */
  FORMAT: 27,
  FORMAT_24: 0x80,
  /** Byte 28: message code. */
  CODE: 28,
  INHIBIT_WRITE: 0x17,
  WAIT_5_SECONDS: 0x25,
} as const;

const COMMAND_REJECT = 0x80;
const INTERVENTION_REQUIRED = 0x40;
const BUS_OUT_CHECK = 0x20;
const EQUIPMENT_CHECK = 0x10;
const DATA_CHECK = 0x08;
const OVERRUN = 0x04;
/** Byte 1. */
const PERMANENT_ERROR = 0x80;
const INVALID_TRACK_FORMAT = 0x40;
const END_OF_CYLINDER = 0x20;
const NO_RECORD_FOUND = 0x08;
const FILE_PROTECTED = 0x04;
const WRITE_INHIBITED = 0x02;
/** Byte 2. */
const ENVIRONMENTAL_DATA = 0x10;
/** Byte 7: format 0, message F. */
const DISABLED_INTERFACE = 0x0f;

export type RecoveryAction =
  | 'default'
  | 'fail'
  | 'limited'
  | 'alternate-path'
  | 'action-4'
  | 'action-5'
  | 'bus-out'
  | 'intervention'
  | 'compound';

export interface Recovery {
  readonly action: RecoveryAction;
  readonly retries: number;
  readonly message: Message | null;
}

const plan = (
  action: RecoveryAction,
  message: Message | null = null,
  retries = REQUEST_RETRIES,
): Recovery => ({
  action,
  retries,
  message,
});

export function classify(sense: Uint8Array): Recovery {
  return (sense[SENSE.FORMAT] & SENSE.FORMAT_24) !== 0 ? classify24(sense) : classify32(sense);
}

export const isNoRecordFound = (sense: Uint8Array): boolean => (sense[1] & NO_RECORD_FOUND) !== 0;
export const isCommandReject = (sense: Uint8Array): boolean => (sense[0] & COMMAND_REJECT) !== 0;

/** The bits in the order in which they are asked for; the first that is one decides. */
function classify24(sense: Uint8Array): Recovery {
  const [first, second, third] = sense;
  const environmental = (third & ENVIRONMENTAL_DATA) !== 0;
  if ((first & COMMAND_REJECT) !== 0) return rejected(second, environmental);
  if ((first & INTERVENTION_REQUIRED) !== 0) return plan('intervention');
  if ((first & BUS_OUT_CHECK) !== 0) return plan('bus-out');
  if ((first & EQUIPMENT_CHECK) !== 0) {
    if ((second & WRITE_INHIBITED) !== 0) return plan('alternate-path', MESSAGE.INTERNAL);
    return checked(second, environmental);
  }
  if ((first & DATA_CHECK) !== 0) return checked(second, environmental);
  if ((first & OVERRUN) !== 0) return plan('action-5', null, 10);
  if ((second & INVALID_TRACK_FORMAT) !== 0) {
    return environmental ? plan('action-4') : plan('fail', MESSAGE.INTERNAL);
  }
  if ((second & END_OF_CYLINDER) !== 0) return plan('fail', MESSAGE.INTERNAL);
  if (environmental) return plan(sense[7] === DISABLED_INTERFACE ? 'default' : 'action-4');
  if ((second & NO_RECORD_FOUND) !== 0) return plan('fail', MESSAGE.NO_RECORD);
  if ((second & FILE_PROTECTED) !== 0) return plan('fail', MESSAGE.INTERNAL);
  return plan('default');
}

function rejected(second: number, environmental: boolean): Recovery {
  if (environmental) return plan('limited', null, 5);
  return plan('fail', (second & WRITE_INHIBITED) !== 0 ? MESSAGE.WRITE_INHIBITED : MESSAGE.INTERNAL);
}

/** Equipment and data checks. A correctable data check cannot come: it needs PCI fetch mode. */
function checked(second: number, environmental: boolean): Recovery {
  if (environmental) return plan('action-4');
  return (second & PERMANENT_ERROR) !== 0 ? plan('alternate-path') : plan('action-5', null, 10);
}

/** Retries that a compound program action grants, by its last two bits; one at least. */
const COMPOUND_RETRIES = [1, 2, 10, 256];

/** Single action 1B (an interrupted write to be continued in the middle) is repeated from the start here. */
function classify32(sense: Uint8Array): Recovery {
  const action = sense[SENSE.PROGRAM_ACTION];
  if ((action & SENSE.COMPOUND) !== 0) return plan('compound', null, COMPOUND_RETRIES[action & 3]);
  switch (action) {
    case 0x01:
      return plan('fail', MESSAGE.ERP_FAILED);
    case 0x02:
    case 0x03:
      return plan('intervention');
    case 0x0f:
    case 0x15:
      return plan('fail', MESSAGE.INTERNAL);
    case 0x10:
      return plan('limited');
    case SENSE.STATE_CHANGE_PENDING:
    case SENSE.BUSY:
      return plan('action-4');
    default:
      return plan('default');
  }
}
