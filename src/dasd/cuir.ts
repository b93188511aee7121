/**
 * Control-unit initiated reconfiguration (CUIR) as bytes: the message that a host reads when it has got attention (PERFORM
 * SUBSYSTEM FUNCTION order 18 suborder 03, READ SUBSYSTEM DATA), and its answer (order 1A). Linux dasd_eckd.h: struct
 * dasd_cuir_message, dasd_psf_cuir_response; architecture reference B.12.
 */
export const CUIR = { QUIESCE: 1, RESUME: 2 } as const;
export type CuirCode = (typeof CUIR)[keyof typeof CUIR];

/** What a host answers. */
export const CUIR_RESPONSE = {
  NONE: 0,
  COMPLETED: 1,
  NOT_SUPPORTED: 2,
  ERROR_IN_REQUEST: 3,
  DENIED: 4,
  LAST_PATH: 5,
  DEVICE_ONLINE: 6,
  VARY_FAILURE: 7,
  SOFTWARE_FAILURE: 8,
  NOT_RECOGNIZED: 9,
} as const;

export const CUIR_MESSAGE_BYTES = 14;
export const CUIR_RESPONSE_BYTES = 22;
const FORMAT_CUIR = 1;

/** Header of the message buffer when nothing is in it: a message of no length. */
export const NO_MESSAGE: Readonly<Uint8Array> = new Uint8Array(9);

/**
 * Which paths a request is about, by comparison with the configuration data of the path on which attention came: the same
 * node-element descriptor, and the same bytes of the general qualifier.
 */
export interface CuirScope {
  /** Bit n from the left: descriptor n must be equal. */
  readonly nedMap: number;
  /** 24 bits from the left: bytes 8 to 31 of the general qualifier that must be equal. */
  readonly neqMap: number;
}

/** All paths to the same storage server through the same interface: byte 14 of the general qualifier. */
export const SAME_INTERFACE: CuirScope = { nedMap: 0x10, neqMap: 1 << (31 - 14) };

export function cuirMessage(code: CuirCode, id: number, scope: CuirScope): Uint8Array {
  const bytes = new Uint8Array(CUIR_MESSAGE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, CUIR_MESSAGE_BYTES);
  bytes[2] = FORMAT_CUIR;
  bytes[3] = code;
  view.setUint32(4, id);
  bytes[9] = scope.neqMap >>> 16;
  bytes[10] = scope.neqMap >>> 8;
  bytes[11] = scope.neqMap;
  bytes[12] = scope.nedMap;
  return bytes;
}

/** Message and code of an answer; null when the order is too short for one. */
export function decodeCuirResponse(order: Uint8Array): { id: number; response: number } | null {
  if (order.length < CUIR_RESPONSE_BYTES) return null;
  const view = new DataView(order.buffer, order.byteOffset);
  return { id: view.getUint32(8), response: order[2] };
}
