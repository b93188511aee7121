import { recordRun } from '../../src/experiment/recorded-run.ts';
import type { Manifest } from '../../src/output/manifest.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';
import { MemoryFiles } from './memory-files.ts';

export type CsvRow = Readonly<Record<string, string>>;

/** What a run leaves behind. */
export interface RecordedFiles {
  readonly manifest: Manifest;
  /** Rows of a table by its file name; none when the run did not write it. */
  rows(name: string): CsvRow[];
  text(name: string): string | null;
}

/** Runs a scenario and keeps its folder in memory. */
export async function recordedFiles(scenario: ResolvedScenario): Promise<RecordedFiles> {
  const files = new MemoryFiles();
  const program = { name: 'chpsim', version: '0', commit: null, build: null };
  const execution: Manifest['execution'] = {
    node: '',
    v8: '',
    platform: '',
    argv: [],
    started: '',
    wallSeconds: 0,
    eventsPerSecond: 0,
    peakMemoryBytes: 0,
  };
  const { folder, manifest } = await recordRun(
    { scenario, textSha256: '', overrides: [], untilNs: null, program },
    { files, outRoot: 'out', build: buildSimulation, isAlive: () => false, execution: () => execution },
  );
  const text = (name: string): string | null => {
    const bytes = files.files.get(`${folder}/${name}`);
    return bytes === undefined ? null : new TextDecoder().decode(bytes);
  };
  return { manifest, text, rows: (name) => parse(text(name) ?? '') };
}

/** Tables of runs without names that need quotes. */
function parse(text: string): CsvRow[] {
  const [header, ...lines] = text.split('\n').filter((line) => line !== '');
  const columns = header?.split(',') ?? [];
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, at) => [column, cells[at]]));
  });
}
