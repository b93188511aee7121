/**
 * The bytes of a recorded trace. Whoever owns the file system hands them in. Nothing stays open between two reads, so a
 * run that ends in the middle of a trace has nothing to close.
 */
export interface TraceBytes {
  /** Fills `into` from `position` on; the number of bytes that there were, 0 only at the end. */
  read(position: number, into: Uint8Array): number;
}
