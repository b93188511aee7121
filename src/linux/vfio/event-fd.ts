/**
 * A counter in the kernel that a process waits for (eventfd.c). Reading it sets it back to zero: however often it was
 * signalled before, that is one.
 */
export class EventFd {
  /** Signals since it was read last. */
  value = 0;
  private readonly onReadable: () => void;

  /** `onReadable` is called when the counter leaves zero, by whoever signals: it only has the reader woken. */
  constructor(onReadable: () => void = () => {}) {
    this.onReadable = onReadable;
  }

  signal(): void {
    if (this.value++ === 0) this.onReadable();
  }

  /** How often it was signalled; zero: there was nothing. */
  read(): number {
    const { value } = this;
    this.value = 0;
    return value;
  }
}
