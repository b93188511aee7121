import { readFileSync } from 'node:fs';
import type { ChannelProgram } from '../../../src/zarch/ccw.ts';
import { formatBusId } from '../../../src/zarch/ids.ts';
import type { Irb } from '../../../src/zarch/irb.ts';
import { DSTAT, encodeScsw, SCSW_BYTES } from '../../../src/zarch/scsw.ts';

/**
 * Writes one START SUBCHANNEL as the recordings of Linux on Hercules do: device, path mask, the commands that were
 * executed with the first 16 bytes of their areas, and the status that came back.
 *
 *   0:0120 LPM=80 B4 fl=20 cnt=0020 [00000000 …] => scsw=00C04007 stat=0C00 resid=0000
 */
export function sschLine(
  deviceNumber: number,
  lpm: number,
  program: ChannelProgram,
  executed: number,
  irb: Irb,
): string {
  const device = formatBusId(0, 0, deviceNumber).slice(2).replace('.', ':').toUpperCase();
  const commands = program.ccws.slice(0, executed).map((ccw) => {
    const area = new Uint8Array(Math.min(16, ccw.count));
    if (ccw.data !== null) area.set(ccw.data.subarray(0, area.length));
    return `${hex(ccw.command, 2)} fl=${hex(ccw.flags, 2)} cnt=${hex(ccw.count, 4)} [${words(area)}]`;
  });
  const scsw = encodeScsw(irb.scsw, new Uint8Array(SCSW_BYTES), 0);
  const status = `scsw=${words(scsw.subarray(0, 4))} stat=${hex(irb.scsw.dstat, 2)}${hex(irb.scsw.cstat, 2)}`;
  const sense = (irb.scsw.dstat & DSTAT.UNIT_CHECK) !== 0 ? ` sense=${words(irb.sense)}` : '';
  return `${device} LPM=${hex(lpm, 2)} ${commands.join(' ; ')} => ${status} resid=${hex(irb.scsw.count, 4)}${sense}`;
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

function words(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes).toString('hex').toUpperCase();
  return digits.match(/.{1,8}/g)?.join(' ') ?? '';
}

const RECORDING = new URL('../../fixtures/recordings/hercules-linux/1path.ccw-summary.txt', import.meta.url);

/** The START SUBCHANNEL lines of one section of the recording. */
export function recordedLines(section: string): string[] {
  const text = readFileSync(RECORDING, 'utf8');
  const body = text.split('\n## ').find((part) => part.replace('## ', '').startsWith(`${section} `));
  if (body === undefined) throw new Error(`the recording has no section ${section}`);
  return body.split('\n').filter((line) => line.includes(' LPM='));
}

/** Those of the driver: path grouping, recognition and disbanding belong to the common I/O layer. */
export const withoutPathGrouping = (lines: readonly string[]): string[] =>
  lines.filter((line) => !/ LPM=.. (34|AF|E4) /.test(line));
