import { readFtrace, type TracedEvents } from './ftrace-events.ts';
import { type ImportedMachine, importMachine, readTools, type ToolOutput } from './machine-import.ts';
import { ImportError, type InputText } from './printed-lines.ts';
import { addTraced, tracedDevices } from './traced-machine.ts';
import { type ReportedChange, reportedChanges } from './traced-reports.ts';
import { tracedSubchannels } from './traced-subchannels.ts';
import { type TracedRequest, type TracedWorkload, tracedWorkload } from './traced-workload.ts';

/** A scenario, and the requests that it replays: DiskSim's format, one line each; null where there are none. */
export interface ImportedTrace {
  readonly scenario: string;
  readonly requests: string | null;
}

/** Time for the simulated kernel to boot, before the trace begins. */
const LEAD_US = 1_000_000;
/** What follows the last event of the trace may go on for so long. */
const REST_US = 1_000_000;
/** A CHPID is configured so long before the report of it (`machine.detect.configure`). */
const DETECT_US = 5_000;

/**
 * A workload and faults, with the machine that they need, from a trace of the common I/O layer. `requestsFile` is how the
 * scenario names the file of its requests. Throws an ImportError.
 */
export function traceScenario(
  name: string,
  requestsFile: string,
  trace: InputText,
  tools: ToolOutput,
): ImportedTrace {
  const traced = readFtrace(trace);
  const { events } = traced;
  if (events.length === 0) {
    throw ImportError.of(trace.file, 'has no event of the common I/O layer', 'record with trace-cmd -e s390');
  }
  const notes: string[] = [];
  const facts = readTools(tools);
  const devices = tracedDevices(tracedSubchannels(events), facts, notes);
  const numbers = new Map(
    devices.map(({ ssid, number, deviceNumber }) => [keyOf(ssid, number), deviceNumber]),
  );
  const changes = reportedChanges(events, (ssid, number) => numbers.get(keyOf(ssid, number)));
  addTraced(devices, changes, facts, notes);
  const machine = importMachine(facts);
  if (machine.volumes.length === 0) {
    const found = machine.keptOut.length === 0 ? 'no subchannel with paths' : machine.keptOut.join('; ');
    throw ImportError.of(
      trace.file,
      `has no device that a scenario could have, but ${found}`,
      'add lscss: --lscss',
    );
  }
  const bases = new Set(
    machine.volumes
      .filter(({ facts: { alias } }) => alias !== true)
      .map(({ ssid, deviceNumber }) => keyOf(ssid, deviceNumber)),
  );
  const volumes = devices.filter(({ ssid, deviceNumber }) => bases.has(keyOf(ssid, deviceNumber)));
  const workload = tracedWorkload(volumes, events, facts);
  const keptOut = [...facts.keptOut].map(([what, count]) => `${what}: ${count}`);
  const firstUs = events[0].timeUs;
  const at = (timeUs: number): number => timeUs - firstUs + LEAD_US;
  const lastUs = events.reduce((last, { timeUs }) => Math.max(last, timeUs), firstUs);
  return {
    scenario: `${[
      ...headOf(trace.file, traced, workload, keptOut, notes),
      `name: ${name}`,
      `about: What ${machine.volumes.length} ${machine.volumes.length === 1 ? 'device' : 'devices'} of a real machine went through.`,
      `duration: ${at(lastUs) + REST_US}us`,
      '',
      ...typesNote(tools),
      ...machine.machine,
      '',
      'systems:',
      `  linux: { online: ${machine.online} }`,
      '',
      ...workloadLines(workload, requestsFile, at),
      ...storyLines('faults', changes.changes, at, machine),
      ...storyLines('actions', changes.changes, at, machine),
    ].join('\n')}\n`,
    requests: workload.requests.length === 0 ? null : requestsText(trace.file, workload.requests, at),
  };
}

/** One number for a subchannel or a device in its set. */
const keyOf = (ssid: number, number: number): number => ssid * 0x10000 + number;

function headOf(
  file: string,
  { others, lost }: TracedEvents,
  { requests, verification, bringUp, cancelled }: TracedWorkload,
  keptOut: readonly string[],
  notes: readonly string[],
): string[] {
  const beside = [...others.values()].reduce((sum, count) => sum + count, 0);
  return [
    `# Workload, faults and machine of ${file === '-' ? 'standard input' : file}.`,
    '# What could not be known is marked "assumed". The first event of the trace is at 1s.',
    `# Requests: ${requests.length}. Not replayed, as the simulated kernel has its own: ${verification} starts of recognition and`,
    `# path verification, ${bringUp} of bringing devices up, ${cancelled} that were taken back.`,
    ...keptOut.map((line) => `# Kept out: ${line}.`),
    ...(beside === 0 ? [] : [`# Kept out: events of other parts of the kernel: ${beside}.`]),
    ...(lost === 0 ? [] : [`# Lost while tracing: ${lost} events.`]),
    ...notes.map((note) => `# ${note}`),
  ];
}

const typesNote = ({ lscss }: ToolOutput): string[] =>
  lscss.length > 0 ? [] : ['# Types of devices: not in a trace; assumed 3390 on 2107. --lscss would tell.'];

function workloadLines(
  { requests, devices, fromBlocks }: TracedWorkload,
  file: string,
  at: (timeUs: number) => number,
): string[] {
  if (requests.length === 0) return ['workload: none # no requests in the trace', ''];
  const guessed = devices.length - fromBlocks;
  const note =
    guessed > 0
      ? [
          `  # ${guessed} of ${devices.length} devices have no block events: direction, size and place of their requests are not known,`,
          '  # assumed reads of 4 KiB one behind the other. Each start is taken for a request.',
        ]
      : [];
  return [
    'workload:',
    ...note,
    '  traced:',
    `    from: ${at(requests[0].timeUs)}us`,
    '    replay:',
    `      file: ${file}`,
    '      format: disksim',
    '      map:',
    ...devices.map((device) => `        "${device}": ${device}`),
    '',
  ];
}

function storyLines(
  list: ReportedChange['list'],
  changes: readonly ReportedChange[],
  at: (timeUs: number) => number,
  { varied }: ImportedMachine,
): string[] {
  const own = changes.filter((change) => change.list === list);
  const begin =
    list === 'faults' && varied.length > 0
      ? [`  - { at: 0s, do: vary-off, chpid: [${varied.join(', ')}] }`]
      : [];
  if (own.length === 0 && begin.length === 0) return [];
  const lines = own.map(({ timeUs, keys, note }) => {
    const ahead = keys.startsWith('do: configure-') ? DETECT_US : 0;
    return `  - { at: ${at(timeUs) - ahead}us, ${keys} }${note === undefined ? '' : ` # ${note}`}`;
  });
  return [`${list}:`, ...begin, ...lines, ''];
}

/** Milliseconds, device, first sector, sectors, 1 for a read. */
function requestsText(
  file: string,
  requests: readonly TracedRequest[],
  at: (timeUs: number) => number,
): string {
  const rows = requests.map(({ timeUs, device, sector, sectors, write }) => {
    const us = at(timeUs);
    const ms = `${Math.floor(us / 1000)}.${String(us % 1000).padStart(3, '0')}`;
    return `${ms} ${device} ${sector} ${sectors} ${write ? 0 : 1}\n`;
  });
  return `# Requests of ${file === '-' ? 'standard input' : file}: ms, device, sector, sectors, 1: read\n${rows.join('')}`;
}
