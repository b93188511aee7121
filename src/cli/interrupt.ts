import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** The first signal asks the run to stop at the next event boundary, the second leaves at once. */
export class Interrupt {
  /** Exit code of the signal that came; null while none did. */
  code: ExitCode | null = null;
  private readonly stopListening: () => void;

  /** `onFirst` is called at once when the first signal comes, for work that cannot ask `came`. */
  constructor(terminal: Terminal, onFirst: () => void = () => {}) {
    this.stopListening = terminal.onSignal((signal) => {
      const code = signal === 'SIGINT' ? EXIT.INTERRUPTED : EXIT.TERMINATED;
      if (this.code !== null) {
        terminal.leave(code);
        return;
      }
      this.code = code;
      onFirst();
      terminal.err('\nstopping at the next event; once more leaves at once\n');
    });
  }

  readonly came = (): boolean => this.code !== null;

  end(): void {
    this.stopListening();
  }
}
