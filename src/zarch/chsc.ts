/**
 * CHANNEL SUBSYSTEM CALL: request and response of the commands that are known, as decoded fields (architecture reference
 * A.13). A program that works with storage gives the block itself (`bytes`); `chsc-codec.ts` knows its layout.
 */
export const CHSC = {
  STORE_CHANNEL_PATH_DESCRIPTION: 0x0002,
  STORE_SUBCHANNEL_DESCRIPTION: 0x0004,
  STORE_EVENT_INFORMATION: 0x000e,
  STORE_CHARACTERISTICS: 0x0010,
  SET_CHANNEL_MONITOR: 0x0016,
  STORE_CHANNEL_MEASUREMENT_CHARACTERISTICS: 0x0022,
  ENABLE_FACILITY: 0x0031,
  STORE_DOMAIN_ATTRIBUTES: 0x0033,
  STORE_IMAGE_IDS: 0x0034,
  STORE_CONTROL_UNIT_DESCRIPTION: 0x004b,
  STORE_STORAGE_CLASS_MEMORY: 0x004c,
} as const;

export const CHSC_RESPONSE = {
  OK: 0x0001,
  INVALID_COMMAND: 0x0002,
  INVALID_REQUEST: 0x0003,
  NOT_SUPPORTED: 0x0004,
  NO_EVENTS: 0x0005,
  INVALID_FORMAT: 0x0007,
  INVALID_IMAGE: 0x0008,
  /** ENABLE_FACILITY: the facility is not provided (Linux chsc.c:__chsc_enable_facility). */
  FACILITY_NOT_PROVIDED: 0x0101,
} as const;

/** Bytes of the block that holds a request and, behind it, the response. */
export const CHSC_BLOCK_BYTES = 4096;

/** One entry of "store channel-path description", formats 0 and 1. */
export interface ChannelPathDescription {
  readonly valid: boolean;
  readonly chpid: number;
  /** Channel-path type: 0x1b FICON switched, 0x05 ESCON, 0x32 virtual I/O … */
  readonly type: number;
  /** Format 1: maximum data count in 64 KiB units, zero when unknown. */
  readonly mdc: number;
}

/** "Store subchannel description" of one subchannel. */
export interface SubchannelDescription {
  readonly valid: boolean;
  readonly subchannel: number;
  readonly subchannelType: number;
  readonly unitAddress: number;
  readonly deviceNumber: number;
  readonly pathMask: number;
  readonly flaValidMask: number;
  /** CHPID and full link address of each path, eight entries. */
  readonly chpids: Uint8Array;
  readonly fullLinkAddresses: Uint16Array;
}

/** Content codes of event information, notification type 0. */
export const SEI_CONTENT = {
  LINK_INCIDENT: 1,
  RESOURCE_ACCESSIBILITY: 2,
  PATH_AVAILABILITY: 7,
  PATH_CONFIGURATION: 8,
} as const;

/** "Store event information": one event. */
export interface EventInformation {
  /** More events are waiting (flag 0x80); set when the event is read. */
  more: boolean;
  /** Events were lost (flag 0x40); set when the event is read. */
  overflow: boolean;
  readonly notificationType: 0 | 2;
  readonly contentCode: number;
  /** Reporting source: 4 channel path. */
  readonly reportingSource: number;
  /** Reporting-source id: the CHPID for source 4. */
  readonly rsid: number;
  /** Validity flags 0xc0: 0 no link address, 0x80 link address only, 0xc0 full link address. */
  readonly validity: number;
  readonly fla: number;
  /** Link incident: 1 degraded, 2 not operational, 0 information. */
  readonly incidentClass: number;
  /** Path availability and configuration: the CHPIDs concerned, and 0 configure, 1 deconfigure, 2 cancel. */
  readonly chpids: readonly number[];
  readonly operation: number;
  /** Notification type 2: what a PCI function tells. */
  readonly pci?: PciEvent;
}

/** Notification type 2 has none of the fields of channel paths. */
export const NO_PATH_EVENT = {
  notificationType: 2,
  reportingSource: 0,
  rsid: 0,
  validity: 0,
  fla: 0,
  incidentClass: 0,
  chpids: [],
  operation: 0,
} as const satisfies Partial<EventInformation>;

/** Content codes of event information, notification type 2. */
export const SEI_PCI_CONTENT = { ERROR: 1, AVAILABILITY: 2 } as const;

/** Event of a PCI function (Linux arch/s390/pci/pci_event.c). */
export interface PciEvent {
  readonly functionHandle: number;
  readonly functionId: number;
  /** PCI event code, for instance 0x0301 for a function that became configured. */
  readonly code: number;
  /** Error events: the error word and the failing address, below 2^53; zero otherwise. */
  readonly error: number;
  readonly failingAddress: number;
}

/** Notification types in the mask of STORE_EVENT_INFORMATION: left half of the 64-bit mask. */
export const NOTIFICATION = { TYPE_0: 0x80000000, TYPE_2: 0x20000000 } as const;

export const notificationBit = (type: EventInformation['notificationType']): number =>
  type === 0 ? NOTIFICATION.TYPE_0 : NOTIFICATION.TYPE_2;

/** "Store characteristics": general and CHSC characteristics as bit numbers that are one. */
export interface Characteristics {
  readonly general: readonly number[];
  readonly chsc: readonly number[];
}

/** Operation codes of ENABLE_FACILITY. */
export const FACILITY_MULTIPLE_IMAGES = 0;
export const FACILITY_MULTIPLE_SUBCHANNEL_SETS = 2;

export class ChscBlock {
  /**
   * The block as a program stored it, request first; the response is stored behind the request. Null for a program that
   * gives and takes decoded fields.
   */
  bytes: Uint8Array | null = null;
  command = 0;
  /** Request: CHPIDs or subchannel numbers from … to, in subchannel set `ssid`. */
  first = 0;
  last = 0;
  ssid = 0;
  /** Request: image that is meant, when the m bit says that one is given. */
  cssid = 0;
  multipleCss = 0;
  /** Request: description format (STORE_CHANNEL_PATH_DESCRIPTION), and the C bit beside formats above 0. */
  format = 0;
  cBit = 0;
  /** Request: format of the request itself, zero for all that are known. */
  requestFormat = 0;
  /** Request: operation code (ENABLE_FACILITY, SET_CHANNEL_MONITOR). */
  operation = 0;
  /** Request: notification types that STORE_EVENT_INFORMATION may return, bits of NOTIFICATION; none means type 0. */
  notifications: number = NOTIFICATION.TYPE_0 + NOTIFICATION.TYPE_2;
  /** Response code, and the word after it. */
  response = 0;
  parameter = 0;
  /** Response data of the command just executed; the others keep their old value. */
  pathDescriptions: readonly ChannelPathDescription[] = [];
  subchannelDescriptions: readonly SubchannelDescription[] = [];
  event: EventInformation | null = null;
  characteristics: Characteristics = { general: [], chsc: [] };
}
