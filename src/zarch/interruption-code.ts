import { NONE, type SubchannelId } from './ids.ts';
import { decodeSubsystemId, encodeSubsystemId } from './subsystem-identification.ts';
import { fetchWord, storeWord, WordLayout } from './word-layout.ts';

/** Interruption code of an I/O interruption, as stored in low core and by TEST PENDING INTERRUPTION. */
export class IoInterruptionCode {
  subchannel: SubchannelId = NONE;
  intparm = 0;
  /** One for an adapter interruption; the two other words then have another meaning. */
  adapter = 0;
  directed = 0;
  isc = 0;
  adapterType = 0;
}

/** Bytes of the code; it begins at real address B8 hex. */
const IO_INTERRUPTION_CODE_BYTES = 12;

const IDENTIFICATION = new WordLayout({
  adapter: [0, 0],
  directed: [1, 1],
  isc: [2, 4],
  adapterType: [17, 19],
});

/** Stores the code of an interruption; `multipleCss` as in the subsystem-identification word. */
export function encodeIoInterruptionCode(
  code: IoInterruptionCode,
  multipleCss = false,
  bytes = new Uint8Array(IO_INTERRUPTION_CODE_BYTES),
): Uint8Array {
  storeWord(bytes, 0, code.adapter === 1 ? 0 : encodeSubsystemId(code.subchannel, multipleCss));
  storeWord(bytes, 4, code.intparm);
  storeWord(bytes, 8, IDENTIFICATION.pack(code));
  return bytes;
}

/** Fetches an interruption code into `code`. */
export function decodeIoInterruptionCode(
  bytes: Uint8Array,
  code = new IoInterruptionCode(),
): IoInterruptionCode {
  code.subchannel = decodeSubsystemId(fetchWord(bytes, 0));
  code.intparm = fetchWord(bytes, 4);
  IDENTIFICATION.unpack(fetchWord(bytes, 8), code);
  return code;
}
