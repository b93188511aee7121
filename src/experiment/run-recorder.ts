import type { IntervalRow } from '../observe/intervals.ts';
import type { ResponseInterval } from '../observe/response-intervals.ts';
import { EventsCsv } from '../output/events-csv.ts';
import { formatInterval, intervalHeader } from '../output/intervals-csv.ts';
import { IoCsv } from '../output/io-csv.ts';
import type { Names } from '../output/names.ts';
import type { OutFile } from '../output/out-file.ts';
import { PerfettoTrace } from '../output/perfetto-trace.ts';
import { ResponseLog } from '../output/response-log.ts';
import type { RunFolder } from '../output/run-folder.ts';
import { observedSystems } from '../scenario/observed-systems.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import type { BuiltRun } from './built-run.ts';
import type { RunSink } from './simulate.ts';
import { TraceTexts } from './trace-texts.ts';

/** Writes a run into its folder while it goes on: `intervals.csv`, `response.hlog` where it
 * is asked for and, of a traced run, tables and texts in the formats asked for. */
export class RunRecorder implements RunSink {
  private readonly folder: RunFolder;
  private names: Names;
  private readonly intervalFile: OutFile;
  private intervalRows = 0;
  private readonly eventFile: OutFile | null;
  private readonly eventTable: EventsCsv | null = null;
  private readonly ioFile: OutFile | null;
  private ioTable: IoCsv | null = null;
  private readonly textFiles = new Map<string, OutFile>();
  private readonly texts: TraceTexts;
  private readonly viewFile: OutFile | null;
  private readonly view: PerfettoTrace | null = null;
  private readonly responseFile: OutFile | null;
  private responseLog: ResponseLog | null = null;
  private readonly workloads: readonly string[];

  constructor(scenario: ResolvedScenario, folder: RunFolder) {
    this.folder = folder;
    const systems = observedSystems(scenario);
    this.names = {
      systems: systems.map(({ name }) => name),
      controlUnits: scenario.machine.controlUnits.map(({ name }) => name),
      device: () => '',
    };
    this.intervalFile = folder.file('intervals.csv');
    this.intervalFile.write(encoder.encode(intervalHeader()));
    this.responseFile = scenario.report.responseLog ? folder.file('response.hlog') : null;
    this.workloads = scenario.workloads.map(({ name }) => name);
    const { level, formats } = scenario.trace;
    this.texts = new TraceTexts(scenario, (name) => this.openText(name));
    this.viewFile = level !== 'none' && formats.includes('perfetto') ? folder.file('trace.pftrace') : null;
    if (this.viewFile !== null)
      this.view = new PerfettoTrace(systems, (bytes) => this.viewFile!.write(bytes));
    const traced = level !== 'none' && formats.includes('csv');
    this.eventFile = traced ? folder.file('events.csv') : null;
    this.ioFile = traced ? folder.file('io.csv') : null;
    if (this.eventFile === null) return;
    this.eventTable = new EventsCsv(systems, (bytes) => this.eventFile!.write(bytes));
  }

  begin(built: BuiltRun): void {
    this.texts.begin(built);
    this.view?.begin(built.subchannels);
    if (this.responseFile !== null) {
      const tags = new Map(built.workloads.map((owner, at) => [owner, this.workloads[at]]));
      this.responseLog = new ResponseLog(tags, (text) => this.responseFile!.write(encoder.encode(text)));
    }
    const devices = new Map(
      built.subchannels.map(({ system, subchannel, device }) => [`${system}/${subchannel}`, device]),
    );
    this.names = {
      ...this.names,
      device: (system, subchannel) => devices.get(`${system}/${subchannel}`) ?? '',
    };
    if (this.ioFile !== null) this.ioTable = new IoCsv(this.names, (bytes) => this.ioFile!.write(bytes));
  }

  events(records: Float64Array, count: number): void {
    this.eventTable?.add(records, count);
    this.texts.events(records, count);
    this.view?.addEvents(records, count);
  }

  requests(records: Float64Array, count: number): void {
    this.ioTable?.add(records, count);
    this.view?.addRequests(records, count);
  }

  interval(row: IntervalRow): void {
    this.intervalRows++;
    this.intervalFile.write(encoder.encode(formatInterval(row, this.names)));
  }

  responses(interval: ResponseInterval): void {
    this.responseLog?.add(interval);
  }

  /** Closes the files; the folder lists them. */
  finish(): void {
    this.folder.finish(this.intervalFile, this.intervalRows);
    if (this.eventTable !== null) {
      this.eventTable.flush();
      this.folder.finish(this.eventFile!, this.eventTable.rows);
    }
    if (this.ioTable !== null) {
      this.ioTable.flush();
      this.folder.finish(this.ioFile!, this.ioTable.rows);
    }
    if (this.responseLog !== null) this.folder.finish(this.responseFile!, this.responseLog.rows);
    if (this.view !== null) {
      this.view.flush();
      this.folder.finish(this.viewFile!, this.view.packets);
    }
    for (const { name, lines } of this.texts.finish()) this.folder.finish(this.textFiles.get(name)!, lines);
  }

  private openText(name: string): (bytes: Uint8Array) => void {
    const file = this.folder.file(name);
    this.textFiles.set(name, file);
    return (bytes) => file.write(bytes);
  }
}

const encoder = new TextEncoder();
