import { DASD_MAJOR, type ShownDasd } from '../linux/dasd/sysfs.ts';
import type { ShownSubchannel, ShownType } from '../linux/sysfs.ts';
import type { SystemState } from '../scenario/system-state.ts';
import { formatChpid } from '../zarch/ids.ts';

/** What `chpsim show` prints, in the columns of the tools of s390-tools. */

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const lines = (rows: readonly string[]): string => rows.map((row) => `${row.trimEnd()}\n`).join('');

/** Columns of fixed width with a blank between them, under a title that is ruled off. */
function ruled(columns: readonly (readonly [title: string, width: number])[], rule: string) {
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => cell.padEnd(columns[at][1])).join(' ');
  const width = columns.reduce((sum, [, cells]) => sum + cells + 1, -1);
  const head = [line(columns.map(([title]) => title)), rule.repeat(width)];
  return (rows: readonly (readonly string[])[]): string => lines([...head, ...rows.map(line)]);
}

const LSCHP = ruled(
  [
    ['CHPID', 6],
    ['Vary', 5],
    ['Cfg.', 5],
    ['Type', 5],
    ['Cmg', 4],
    ['Shared', 6],
    [' PCHID', 6],
  ],
  '=',
);

/** `lschp`. What is not modelled (measurement, sharing, physical channel) cannot be read, as in most guests. */
export function lschpText({ channelPaths }: SystemState): string {
  return LSCHP(
    channelPaths.map(({ chpid, online, configured, type }) => [
      formatChpid(chpid),
      online ? '1' : '0',
      configured === null ? '-' : configured ? '1' : '0',
      type === null ? '-' : hex(type, 2),
      '-',
      '-',
      ' -',
    ]),
  );
}

const LSCSS_COLUMNS = [
  ['Device', 8],
  ['Subchan.', 9],
  ['DevType', 7],
  ['CU Type', 7],
  ['Use', 4],
  ['PIM', 3],
  ['PAM', 3],
] as const;
const CHPIDS = ['CHPIDs', 17] as const;
const LSCSS = ruled([...LSCSS_COLUMNS, ['POM', 4], CHPIDS], '-');
const LSCSS_VPM = ruled([...LSCSS_COLUMNS, ['POM', 3], ['VPM', 3], CHPIDS], '-');

/** `lscss`, or `lscss --vpm`, with the mask of the paths that passed verification. */
export function lscssText({ subchannels }: SystemState, withVpm: boolean): string {
  const table = withVpm ? LSCSS_VPM : LSCSS;
  return table(subchannels.map((shown) => lscssRow(shown, withVpm)));
}

function lscssRow(shown: ShownSubchannel, withVpm: boolean): string[] {
  const chpids = shown.chpids.map((chpid) => hex(chpid, 2));
  return [
    shown.device,
    shown.subchannel,
    typeText(shown.devType),
    typeText(shown.cuType),
    shown.online ? 'yes' : '',
    hex(shown.pim, 2),
    hex(shown.pam, 2),
    hex(shown.pom, 2),
    ...(withVpm ? [hex(shown.vpm, 2)] : []),
    `${chpids.slice(0, 4).join('')} ${chpids.slice(4).join('')}`,
  ];
}

const typeText = (shown: ShownType | null): string =>
  shown === null ? '' : `${hex(shown.type, 4)}/${hex(shown.model, 2)}`;

const LSDASD_HEAD = 'Bus-ID    Status    Name      Device  Type         BlkSz  Size      Blocks';
/** Width of the rule below, and of the column that ends with what a device without a disk is. */
const LSDASD_RULE = 80;
const WITHOUT_DISK = 26;

/** `lsdasd -a`: devices that are not in use as well. */
export const lsdasdText = ({ dasd }: SystemState): string =>
  lines([LSDASD_HEAD, '='.repeat(LSDASD_RULE), ...dasd.map(lsdasdRow)]);

function lsdasdRow({ device, status, name, minor, blockBytes, blocks }: ShownDasd): string {
  if (status === 'offline' || status === 'alias')
    return device + status.padStart(WITHOUT_DISK - device.length);
  const megabytes = Math.floor((blocks * blockBytes) / BYTES_PER_MB);
  const number = `${String(DASD_MAJOR).padEnd(2)}:${String(minor).padEnd(2)}`;
  return [
    `${device.padEnd(8)}  ${statusText(status).padEnd(6)}    ${name.padEnd(8)}  ${number}   ${'ECKD'.padEnd(11)}`,
    String(blockBytes).padEnd(5),
    `${megabytes}MB`.padEnd(8),
    blocks,
  ].join('  ');
}

const BYTES_PER_MB = 1024 * 1024;

/** Words of lsdasd for two of the kernel's. */
function statusText(status: ShownDasd['status']): string {
  if (status === 'online') return 'active';
  return status === 'unformatted' ? 'n/f' : status;
}
