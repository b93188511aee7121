import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CCW_FLAG, type Ccw } from '../../src/zarch/ccw.ts';
import { BenchExchange, fromHex, hex, Rig, volume } from './rig.ts';

/**
 * A Linux that uses 3390 volumes on the Hercules emulator, recorded start by start: the control unit, with the
 * emulator's facilities, is given the same channel programs in the same order and must answer the same.
 */
const RECORDING = new URL('../fixtures/recordings/hercules-linux/1path.ccw-summary.txt', import.meta.url);

interface RecordedCcw {
  readonly command: number;
  readonly flags: number;
  readonly count: number;
  /** The first sixteen bytes of the area, sent or received. */
  readonly bytes: Uint8Array;
}

interface RecordedStart {
  readonly line: string;
  readonly unitAddress: number;
  readonly ccws: RecordedCcw[];
  readonly stat: string;
  readonly residual: number;
  readonly sense: string;
}

function parse(line: string): RecordedStart {
  const [ask, reply] = line.split(' => ');
  const ccws = ask.split(' ; ').map((text): RecordedCcw => {
    const [, command, flags, count, bytes] = /([0-9A-F]{2}) fl=(..) cnt=(....) \[(.*)\]/.exec(text)!;
    return {
      command: Number.parseInt(command, 16),
      flags: Number.parseInt(flags, 16),
      count: Number.parseInt(count, 16),
      bytes: fromHex(bytes),
    };
  });
  return {
    line,
    unitAddress: Number.parseInt(line.slice(4, 6), 16),
    ccws,
    stat: /stat=(....)/.exec(reply)![1],
    residual: Number.parseInt(/resid=(....)/.exec(reply)![1], 16),
    sense: (/sense=(.*)/.exec(reply)?.[1] ?? '').replaceAll(' ', '').toLowerCase(),
  };
}

/** Write and control commands bring data, all others fetch them. */
const sends = (ccw: RecordedCcw): boolean => (ccw.command & 1) === 1;

function replay(rig: Rig, recorded: RecordedStart): void {
  const ccws = recorded.ccws.map((it): Ccw => {
    const data = new Uint8Array(it.count);
    if (sends(it)) data.set(it.bytes.subarray(0, it.count));
    return { command: it.command, flags: it.flags, count: it.count, data, versions: null };
  });
  const exchange = new BenchExchange(0, recorded.unitAddress, 0, { ccws, length: ccws.length });
  expect(rig.unit.initialSelection(exchange)).toBe(0);
  rig.unit.execute(exchange);
  const stat = exchange.dstat * 256 + exchange.cstat;
  expect(stat.toString(16).toUpperCase().padStart(4, '0'), recorded.line).toBe(recorded.stat);
  expect(exchange.residual, recorded.line).toBe(recorded.residual);
  expect(exchange.senseCount === 0 ? '' : hex(exchange.sense), recorded.line).toBe(recorded.sense);
  recorded.ccws.slice(0, exchange.lastCcw + 1).forEach((it, at) => {
    const shown = Math.min(it.bytes.length, it.count);
    if (!sends(it))
      expect(hex(ccws[at].data!.subarray(0, shown)), recorded.line).toBe(hex(it.bytes.subarray(0, shown)));
  });
}

const small = { cylinders: 30, volumeSerial: 'LIN120' } as const;

describe('the recorded channel programs', () => {
  const lines = readFileSync(RECORDING, 'utf8').split('\n');
  const starts = lines.filter((line) => line.includes(' LPM=')).map(parse);

  it('are all there', () => {
    expect(starts).toHaveLength(63);
  });

  it('get the recorded answers', () => {
    const rig = new Rig({
      facilities: 'hercules',
      hosts: 1,
      ports: 1,
      devices: [
        volume(0x20, small),
        volume(0x21, small),
        volume(0x22, small),
        volume(0x23, { ...small, format: 'unformatted' }),
      ],
    });
    for (const start of starts) replay(rig, start);
  });

  it('are recorded with every word of the chain flags in place', () => {
    for (const start of starts) {
      const chained = start.ccws.slice(0, -1).every((it) => (it.flags & CCW_FLAG.CHAIN_COMMAND) !== 0);
      expect(chained, start.line).toBe(true);
    }
  });
});
