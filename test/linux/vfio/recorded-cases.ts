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

const LINES = readFileSync(
  new URL('../../fixtures/recordings/vfio-ccw/qemu-virtio-rng.out', import.meta.url),
  'utf8',
).split('\n');

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
