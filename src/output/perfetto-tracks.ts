import type { PerfettoEncoder } from './perfetto-encoder.ts';

/** The processes and tracks of a trace. Each is described when something happens on it first. */
export class PerfettoTracks {
  private readonly encoder: PerfettoEncoder;
  private readonly ids = new Map<string, number>();
  private processes = 0;
  private last = 0;

  constructor(encoder: PerfettoEncoder) {
    this.encoder = encoder;
  }

  process(name: string): number {
    return this.known(`process ${name}`, (id) => this.encoder.process(id, ++this.processes, name));
  }

  /** A track of slices and instants in a process. */
  slices(process: string, name: string): number {
    return this.known(`slices ${process}\n${name}`, (id) =>
      this.encoder.track(id, this.process(process), name, false),
    );
  }

  /** A counter in a process, or with the track that it belongs to. */
  counter(process: string, of: string, name: string): number {
    return this.known(`counter ${process}\n${of}\n${name}`, (id) => {
      const parent = of === '' ? this.process(process) : this.slices(process, of);
      this.encoder.track(id, parent, name, true);
    });
  }

  private known(key: string, describe: (id: number) => void): number {
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = ++this.last;
    this.ids.set(key, id);
    describe(id);
    return id;
  }
}

/** Slices that are open on tracks where one follows or encloses the other. */
export class OpenSlices {
  private readonly encoder: PerfettoEncoder;
  private readonly depths = new Map<number, number>();

  constructor(encoder: PerfettoEncoder) {
    this.encoder = encoder;
  }

  begin(tNs: number, track: number, name: string, flow = 0): void {
    this.depths.set(track, this.depth(track) + 1);
    this.encoder.begin(tNs, track, name, flow);
  }

  depth(track: number): number {
    return this.depths.get(track) ?? 0;
  }

  /** Ends the innermost slices until `depth` are left. */
  endTo(depth: number, tNs: number, track: number): void {
    for (let open = this.depth(track); open > depth; open--) this.encoder.end(tNs, track);
    if (this.depth(track) > depth) this.depths.set(track, depth);
  }
}
