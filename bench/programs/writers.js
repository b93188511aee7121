/** Usage: writers.js events.csv|io.csv fast|csv-stringify <rows> */
import { simulate } from '../../dist/experiment/simulate.js';
import { EVENT_WORDS, REQUEST_WORDS } from '../../dist/observe/trace-buffer.js';
import { formatCsv } from '../../dist/output/csv.js';
import { EVENT_COLUMNS, EventsCsv } from '../../dist/output/events-csv.js';
import { IO_COLUMNS, IoCsv } from '../../dist/output/io-csv.js';
import { buildSimulation } from '../../dist/scenario/build.js';
import { namedRun } from '../lib/model.js';
import { report } from '../lib/report.js';

const [file, writer, rows] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const SYSTEMS = [{ name: 'lpar1', layer: 'host' }];
const NAMES = { systems: ['lpar1'], device: () => '0.0.1000' };
/** Records of a real run that are written again and again. */
const SAMPLE = 10_000;

/** The first records of forty-two-load under load, each a group of numbers. */
async function sampleOf(kind, words) {
  const sample = new Float64Array(SAMPLE * words);
  let taken = 0;
  const take = (records, count) => {
    const wanted = Math.min(count, SAMPLE - taken);
    sample.set(records.subarray(0, wanted * words), taken * words);
    taken += wanted;
  };
  const sink = { begin() {}, interval() {}, events() {}, requests() {}, [kind]: take };
  const scenario = namedRun('forty-two-load', ['trace.level=all']);
  await simulate(scenario, buildSimulation, { sink, shouldStop: () => taken === SAMPLE });
  return sample;
}

const isEvents = file === 'events.csv';
const columns = isEvents ? EVENT_COLUMNS : IO_COLUMNS;
const sample = await sampleOf(isEvents ? 'events' : 'requests', isEvents ? EVENT_WORDS : REQUEST_WORDS);
const table = (flushTo) => (isEvents ? new EventsCsv(SYSTEMS, flushTo) : new IoCsv(NAMES, flushTo));

let bytes = 0;
const counting = table((chunk) => {
  bytes += chunk.length;
});
function writeFast(wanted) {
  for (let done = 0; done < wanted; done += SAMPLE) counting.add(sample, SAMPLE);
  counting.flush();
}

/** What csv-stringify gets: the same rows with their values ready, so that it formats nothing but CSV. */
function readyRows() {
  let text = '';
  const decoder = new TextDecoder();
  const once = table((chunk) => {
    text += decoder.decode(chunk);
  });
  once.add(sample, SAMPLE);
  once.flush();
  const lines = text.trimEnd().split('\n').slice(1);
  return {
    text,
    rows: lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [columns[at], cell]))),
  };
}

const ready = writer === 'fast' ? null : readyRows();
function writeCsvStringify(wanted) {
  for (let done = 0; done < wanted; done += SAMPLE) {
    const text = formatCsv({ columns, rows: ready.rows });
    if (text !== ready.text) throw new Error('the two writers do not give the same bytes');
    bytes += text.length;
  }
}

const write = writer === 'fast' ? writeFast : writeCsvStringify;
write(SAMPLE);
bytes = 0;
await report(
  rows,
  () => write(rows),
  () => ({ 'bytes per row': bytes / rows }),
);
