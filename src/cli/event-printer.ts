import type { RunSink } from '../experiment/simulate.ts';
import { EventsCsv } from '../output/events-csv.ts';
import { observedSystems } from '../scenario/observed-systems.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import type { Terminal } from './terminal.ts';

/** Prints the events of a run on stdout while it goes on, with the bytes of `events.csv`. */
export class EventPrinter implements RunSink {
  private readonly table: EventsCsv;
  /** Keeps a character whose bytes come in two pieces. */
  private readonly decoder = new TextDecoder();

  constructor(terminal: Terminal, scenario: ResolvedScenario) {
    const systems = observedSystems(scenario);
    this.table = new EventsCsv(systems, (bytes) =>
      terminal.out(this.decoder.decode(bytes, { stream: true })),
    );
  }

  events(records: Float64Array, count: number): void {
    this.table.add(records, count);
  }

  /** Prints what is left. */
  finish(): void {
    this.table.flush();
  }

  begin(): void {}
  requests(): void {}
  interval(): void {}
}
