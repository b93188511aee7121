import { NS_PER_MS, NS_PER_S, type SimTime } from '../../kernel/time.ts';

/** Values of the driver's structures (drivers/s390/block/dasd_int.h, dasd_eckd.h). */

/** Status of a request (`DASD_CQR_*`). */
export const STATUS = {
  FILLED: 0x00,
  DONE: 0x01,
  NEED_ERP: 0x02,
  IN_ERP: 0x03,
  FAILED: 0x04,
  TERMINATED: 0x05,
  QUEUED: 0x80,
  IN_IO: 0x81,
  ERROR: 0x82,
  CLEAR_PENDING: 0x83,
  CLEARED: 0x84,
  SUCCESS: 0x85,
} as const;

/** Flags of a request (`DASD_CQR_FLAGS_*`). */
export const FLAG = {
  /** Errors go through the 3990 error recovery; without it the request is just started again. */
  USE_ERP: 1,
  /** A stopped device fails the request instead of keeping it. */
  FAILFAST: 2,
  /** The request names its paths itself and may pass a device that waits for a path. */
  VERIFY_PATH: 4,
  /** May be started although another system took the reservation. */
  ALLOW_SLOCK: 8,
  /** "No record found" is an answer, not an error. */
  SUPPRESS_NRF: 16,
  /** So is "command reject". */
  SUPPRESS_CR: 32,
} as const;

/** Why a device does not start requests (`DASD_STOPPED_*`). */
export const STOPPED = {
  NOT_ACC: 1,
  QUIESCE: 2,
  PENDING: 4,
  DC_WAIT: 8,
  SU: 16,
  PPRC: 32,
  NOSPC: 128,
} as const;

/** How far the driver has brought a device into use (`DASD_STATE_*`). */
export const STATE = { NEW: 0, KNOWN: 1, BASIC: 2, UNFMT: 3, READY: 4, ONLINE: 5 } as const;

/** Bytes of a block. */
export const BLOCK_SIZE = 4096;
/** Blocks of one request at the hardware (`DASD_ECKD_MAX_BLOCKS`); the block layer splits larger ones. */
export const MAX_BLOCKS = 190;
/** Requests built for one start device at a time (`DASD_ECKD_CHANQ_MAX_SIZE`). */
export const CHANNEL_QUEUE_SIZE = 4;
/** Requests that the block layer hands to the driver at most: four hardware queues of 32 tags. */
export const BLOCK_QUEUE_SIZE = 128;

/** Unit of the data that a program in transport mode may move (`FCX_MAX_DATA_FACTOR`). */
export const TRANSPORT_DATA_UNIT = 65_536;

export const REQUEST_RETRIES = 256;
export const ANALYSIS_RETRIES = 255;
export const VERIFICATION_RETRIES = 5;
/** Eight tries (a guess): each that fails lets the paths be verified, which costs a further one. */
export const PATH_TEST_RETRIES = 15;
export const RESERVATION_RETRIES = 2;

const JIFFY_NS: SimTime = 10 * NS_PER_MS;
/** Wait after a start that was not accepted: 50 jiffies of 10 ms. */
export const START_RETRY_NS: SimTime = 50 * JIFFY_NS;
export const FAILED_TERMINATION_NS: SimTime = 5 * NS_PER_S;
/** Driver's own expiry, when neither the administrator nor the configuration data say otherwise. */
export const EXPIRES_NS: SimTime = 300 * NS_PER_S;
export const EXPIRES_MAX_S = 40_000_000;
export const CONTROL_EXPIRES_NS: SimTime = 10 * NS_PER_S;
export const ANALYSIS_EXPIRES_NS: SimTime = 5 * NS_PER_S;
export const UNIT_CONFIGURATION_EXPIRES_NS: SimTime = 20 * NS_PER_S;
export const UNIT_CONFIGURATION_RETRY_NS: SimTime = 30 * NS_PER_S;
export const RESERVATION_EXPIRES_NS: SimTime = 2 * NS_PER_S;

/** What an administrator can set per device; equal for all devices of a system here. */
export interface DasdTunables {
  /** Time after which a request without interruption is cleared; 0: from the configuration data, else 300 s. */
  readonly expiresNs: SimTime;
  readonly retries: number;
  /** Interface- and channel-control checks after which a path is disabled; 0: not counted. */
  readonly pathThreshold: number;
  /** Span without such a check after which the count begins anew. */
  readonly pathIntervalNs: SimTime;
  readonly pathAutodisable: boolean;
  /** Requests fail at once while the device is stopped. */
  readonly failfast: boolean;
  /** What a lost reservation means: nothing, or that every further request is refused. */
  readonly reservationPolicy: 'ignore' | 'fail';
  /** Transport mode is used where everybody knows it (without kernel parameter `dasd=nofcx`). */
  readonly zhpf: boolean;
}

/** Differences between kernels that the driver shows; the names are those of the system's kernel features. */
export interface DasdKernelFeatures {
  /** Endpoint security of the paths is asked when a device goes online. */
  readonly endpointSecurity: boolean;
  /** Paths whose verification a stop bit held up are looked at again after half a second. */
  readonly dasdVerifyRetryTimer: boolean;
  /** Configuration data of paths that appear while a device is online are kept, too. */
  readonly dasdPathConfigurationKept: boolean;
  /** Volume storage query and logical configuration query are asked when a device goes online. */
  readonly dasdExtentPools: boolean;
  /** Device characteristics are read before the storage server is validated, not at the end. */
  readonly dasdCharacteristicsFirst: boolean;
}

const TEXTS = {
  NO_PATH_GROUP: 'A channel path group could not be established',
  NO_MULTIPATH: 'The DASD is not operating in multipath mode',
  CABLING: 'Not all channel paths lead to the same device',
  NEW_PATH_CABLING: 'The newly added channel path will not be used because it leads to a different device',
  NEW_PATH_FAILED: 'Reading device feature codes failed for new path',
  NO_VERIFIED_PATH: 'No verified channel paths remain for the device',
  LAST_PATH_GONE: 'No operational channel path is left for the device',
  PATH_OPERATIONAL: 'A channel path to the device has become operational',
  TIMED_OUT: 'timed out, retries remaining',
  CANNOT_BE_ENDED: 'timed out but cannot be ended, retrying in 5 s',
  DESPITE_IFCC: 'is operational despite excessive IFCCs',
  LAST_DESPITE_IFCC: 'Last path is operational despite excessive IFCCs',
  PATH_DISABLED: 'Path is disabled - IFCC threshold exceeded',
  NOT_REACHED: 'The DASD cannot be reached on any path',
  INTERVENTION: 'is offline or not installed - INTERVENTION REQUIRED!!',
  OUT_OF_RETRIES: 'ERP has run out of retries and failed',
  NO_RECORD: 'The specified record was not found',
  RESERVATION_LOST: 'The device reservation was lost',
  NOT_FORMATTED: 'The DASD is not formatted',
  LAYOUT_ERROR: 'Detecting the DASD disk layout failed because of an I/O error',
  LAYOUT_UNSUPPORTED: 'The disk layout of the DASD is not supported',
  ONLINE: 'DASD is online',
  WRITE_INHIBITED: 'An I/O request was rejected because writing is inhibited',
  INTERNAL: 'An error occurred in the DASD device driver',
  ERP_FAILED: 'ERP failed for the DASD',
  SERVICE_OFFLINE: 'Service on the storage server caused path to go offline',
  SERVICE_ONLINE: 'Path is back online after service on the storage server',
  TRANSPORT_LIMIT: 'The maximum data size for zHPF requests on a new path is below the active maximum',
  TRANSPORT_LIMIT_UNKNOWN: 'Detecting the maximum data size for zHPF requests failed for a new path',
  TRANSPORT_PATH_DISABLED: 'A channel path lost HPF functionality and is disabled',
  TRANSPORT_DISABLED: 'High Performance FICON disabled',
} as const;

/** What the driver prints, without the parts that vary. `dasd.message` carries the position. */
export const MESSAGES: readonly string[] = Object.values(TEXTS);
/** Position of a message in `MESSAGES`. */
export type Message = number & { readonly message?: true };
export const MESSAGE = Object.fromEntries(
  Object.keys(TEXTS).map((name, position) => [name, position]),
) as Record<keyof typeof TEXTS, Message>;
