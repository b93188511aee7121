import { readFileSync } from 'node:fs';

/** One request of the recorded user-space program, and what came of it. */
export interface RecordedStart {
  readonly name: string;
  /** The three words of the ORB. */
  readonly orb: readonly number[];
  /** What pwrite returned, or its error number. */
  readonly written: number;
  readonly retCode: number;
  /** Value of the eventfd for I/O interruptions afterwards. */
  readonly irqs: number;
  /** First words of the IRB area of the region. */
  readonly irb: readonly string[];
  /** First words of the data area, where they were printed. */
  readonly data: readonly string[];
}

const linesOf = (name: string): string[] =>
  readFileSync(new URL(`../../fixtures/recordings/vfio-ccw/${name}`, import.meta.url), 'utf8').split('\n');
const LINES = linesOf('qemu-virtio-rng.out');

const words = (line: string | undefined, name: string): string[] =>
  line?.startsWith(`  ${name}=`) ? line.slice(name.length + 3).split(' ') : [];

const REQUEST = /^START (.*?) +orb=(.*) write_r=(-?\d+) errno=(\d+)\(.*\) ret_code=(-?\d+) irqs=(\d+)$/;

/** The line that begins with `text`. */
export const recordedLine = (text: string): string => LINES.find((line) => line.startsWith(text)) ?? '';

/** All starts, in their order. */
export function recordedStarts(): RecordedStart[] {
  const starts: RecordedStart[] = [];
  LINES.forEach((line, at) => {
    const found = REQUEST.exec(line);
    if (found === null) return;
    const [, name, orb, result, errno, retCode, irqs] = found;
    starts.push({
      name,
      orb: orb.split(' ').map((word) => Number.parseInt(word, 16)),
      written: result === '-1' ? -Number(errno) : Number(result),
      retCode: Number(retCode),
      irqs: Number(irqs),
      irb: words(LINES[at + 1], 'irb'),
      data: words(LINES[at + 2], 'data'),
    });
  });
  return starts;
}

/** What the state machine and the instructions that it caused traced, without names of systems and subchannels. */
export const recordedTrace = (): string[] =>
  linesOf('vfioccw.trace')
    .map((line) => /: (?:vfio_ccw|s390_cio)_(\w+): schid=0\.0\.0000 (.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, event, fields]) => `${event} ${fields}`)
    .filter((line) => /^(fsm_(event|io)|ssch|tsch)/.test(line));
