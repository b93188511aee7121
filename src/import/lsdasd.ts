import type { ScenarioError } from '../scenario/errors.ts';
import { BUS_ID_HINT, type BusId, parseBusId } from './bus-id.ts';
import type { DeviceFacts, MachineFacts } from './device-facts.ts';
import { type InputText, type PrintedLine, printedLines, readLines } from './printed-lines.ts';

/**
 * Reads what lsdasd prints (s390-tools, zconf/lsdasd), in all of its forms:
 *
 *   0.0.1000  active    dasda     94:0    ECKD         4096  7043MB    1803060      table; ids may be short
 *   0.0.1001  alias                       ECKD
 *   0.0.1000  dasda     IBM.750000000DX111.1234.00                                  -u
 *   0.0.1000(ECKD) at ( 94:  0) is dasda  : active at blocksize 4096, …             -c
 *   0.0.1000/dasda/94:0                                                             -l, attributes in further lines
 *     status:                               active
 *
 * The list of hosts of -H tells nothing about the device itself.
 */
export function readLsdasd(input: InputText, facts: MachineFacts): void {
  /** Device whose attributes follow, and what they have told. */
  let long: { readonly device: BusId; readonly line: PrintedLine } | null = null;
  readLines(printedLines(input), (line) => {
    if (TITLE.test(line.text)) return null;
    const attribute = ATTRIBUTE.exec(line.text);
    if (attribute !== null && long !== null) {
      return add(long.device, attributeFacts(attribute[1], attribute[2].trim()), line, facts);
    }
    const title = LONG_TITLE.exec(line.text);
    const device = title === null ? null : parseBusId(title[1]);
    if (title !== null && device !== null && (title[2] !== undefined || line.words.length === 1)) {
      long = { device, line };
      return add(device, title[2] === undefined ? {} : minorOf(title[2]), line, facts);
    }
    if (HOST_LIST.test(line.text)) return null;
    return readRow(line, facts);
  });
}

const TITLE = /^(=+|Bus-ID +(Status +Name +Device +Type +BlkSz +Size +Blocks|Name +UID))$/i;
const LONG_TITLE = /^([\w.]+)(?:\/[^/]*\/(\S*))?$/;
const ATTRIBUTE = /^\s+([a-z_]+):\s*(.*)$/;
const HOST_LIST =
  /^(Host information for |Path-Group-ID +LPAR|\S+: hosts access information not available| *[0-9a-f]{22} )/i;

const HINT = 'feed lsdasd output alone, in any of its forms';

function readRow(line: PrintedLine, facts: MachineFacts): ScenarioError | null {
  const compat = COMPAT.exec(line.text);
  const [id] = line.words;
  const device = parseBusId(compat?.[1] ?? id.text);
  if (device === null) return line.error(id, `"${compat?.[1] ?? id.text}" is not a device`, BUS_ID_HINT);
  const told = compat === null ? tableFacts(line) : compatFacts(compat);
  if (told === null) return line.error(line.words[1], 'is no row of lsdasd', HINT);
  return add(device, told, line, facts);
}

function add(
  { ssid, number }: BusId,
  told: DeviceFacts,
  line: PrintedLine,
  facts: MachineFacts,
): ScenarioError | null {
  const problem = facts.device(ssid, number, told, line);
  if (problem === null) return null;
  return line.error(line.words[0], problem, 'take all texts at one time, on one machine');
}

const TABLE = new RegExp(
  [
    /^\s*\S+\s+(?:active(?: *\(ro\))?|n\/f(?: *\(ro\))?)/,
    /(?:\s+(?<name>dasd[a-z]+))?(?:\s+\d+: *(?<minor>\d+))?\s+:?\s*(?<discipline>ECKD|FBA|DIAG)(?: \(ESE\))?/,
    /(?:\s+(?<blockSize>\d+|\?\?\?))?(?:\s+\d+MB\s+(?<blocks>\d+|\?\?\?))?$/,
  ]
    .map(({ source }) => source)
    .join(''),
);
const ALIAS = /^\s*\S+\s+alias(?:\s+(?<discipline>ECKD|FBA|DIAG))?$/;
const OFFLINE = /^\s*\S+\s+offline$/;
const UID = /^\s*\S+\s+(?<name>dasd[a-z]+|offline|alias)(?:\s+(?<uid>\S+\.\S+))?$/;
const COMPAT =
  /^([\w.]+)\((\w+) *\)(\S*) *(?:at \( *\d+: *(\d+)\) is dasd[a-z]+ *(?:\(ro\))? *)?: (offline|alias|n\/f|active(?: at blocksize (\S+), (\S+) blocks, \d+ MB)?)$/;

function tableFacts({ text }: PrintedLine): DeviceFacts | null {
  if (OFFLINE.test(text)) return { online: false };
  const alias = ALIAS.exec(text);
  if (alias !== null) return { online: true, alias: true, ...disciplineOf(alias.groups?.['discipline']) };
  const uid = UID.exec(text);
  if (uid !== null) return { ...stateOf(uid.groups!['name']), ...uidOf(uid.groups?.['uid']) };
  const row = TABLE.exec(text);
  if (row === null) return null;
  const { minor, discipline, blockSize, blocks } = row.groups!;
  return {
    online: true,
    alias: false,
    formatted: !/\sn\/f/.test(text),
    ...minorOf(minor),
    ...disciplineOf(discipline),
    ...sizeOf(blockSize, blocks),
  };
}

function compatFacts([, , discipline, uid, minor, state, blockSize, blocks]: RegExpExecArray): DeviceFacts {
  const known = { ...disciplineOf(discipline), ...uidOf(uid === '' ? undefined : uid) };
  if (state === 'offline') return { ...known, online: false };
  if (state === 'alias') return { ...known, online: true, alias: true };
  const formatted = state !== 'n/f';
  return { ...known, online: true, alias: false, formatted, ...minorOf(minor), ...sizeOf(blockSize, blocks) };
}

/** An attribute of the long form; those that say nothing about the machine add nothing. */
function attributeFacts(name: string, value: string): DeviceFacts {
  if (value === '') return {};
  switch (name) {
    case 'status':
      if (value === 'active') return { online: true, alias: false, formatted: true };
      if (value === 'n/f') return { online: true, alias: false, formatted: false };
      return stateOf(value);
    case 'type':
      return disciplineOf(value.replace(' (ESE)', ''));
    case 'blksz':
      return sizeOf(value, undefined);
    case 'blocks':
      return sizeOf(undefined, value);
    case 'uid':
      return uidOf(value);
    case 'paths_installed':
      return /^[0-9a-f]{2}( +[0-9a-f]{2})*$/i.test(value)
        ? { installed: value.toLowerCase().split(/ +/) }
        : {};
    default:
      return {};
  }
}

function stateOf(name: string): DeviceFacts {
  if (name === 'offline') return { online: false };
  return { online: true, alias: name === 'alias' };
}

const disciplineOf = (discipline: string | undefined): DeviceFacts =>
  discipline === undefined || discipline === 'none' ? {} : { discipline };
const uidOf = (uid: string | undefined): DeviceFacts => (uid === undefined ? {} : { uid });

/** `94:0` or `0`. */
const minorOf = (device: string | undefined): DeviceFacts =>
  device === undefined || device === '' ? {} : { minor: Number(device.split(':').at(-1)) };

function sizeOf(blockSize: string | undefined, blocks: string | undefined): DeviceFacts {
  return {
    ...(/^\d+$/.test(blockSize ?? '') && { blockSize: Number(blockSize) }),
    ...(/^\d+$/.test(blocks ?? '') && { blocks: Number(blocks) }),
  };
}
