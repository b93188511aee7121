/**
 * Numbers of writes: every block written gets the next one, so that a read can tell which write it sees. One counter
 * per run keeps them ascending on every volume, also on one that several systems write.
 */
export class WriteVersions {
  last = 0;

  next(): number {
    return ++this.last;
  }
}
