import type { PathMask } from './path-mask.ts';
import { Scsw } from './scsw.ts';

/** Interruption-response block: SCSW, extended-status word, extended-control word. 64 bytes encoded. */
export class Irb {
  readonly scsw = new Scsw();
  /** Extended-status-word format: 0 (with logout), 1, 2 (with device-connect time) or 3. */
  eswFormat = 1;
  /** Path used by the operation that the status belongs to. */
  lpum: PathMask = 0;
  /** Subchannel logout flags of a format-0 word, bits 1–7 and 16–31 as stored; zero otherwise. */
  logout = 0;
  /** Device-connect time in 128 µs units (format 2). */
  connectTime = 0;
  /** Extended-report word: path verification required. */
  pathVerification = 0;
  /** Extended-report word: channel-path timeout. */
  pathTimeout = 0;
  /** Extended-report word: concurrent sense is in `sense`. */
  concurrentSense = 0;
  senseCount = 0;
  /** Extended-control word: 32 sense bytes when `concurrentSense` is one. */
  readonly sense = new Uint8Array(32);
}
