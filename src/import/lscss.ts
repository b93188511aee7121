import type { ScenarioError } from '../scenario/errors.ts';
import { BUS_ID_HINT, parseBusId } from './bus-id.ts';
import type { DeviceFacts, MachineFacts, SensedType } from './device-facts.ts';
import { type InputText, type PrintedLine, printedLines, readLines, type Word } from './printed-lines.ts';
import { repeatedChpid } from './repeated-chpid.ts';
import { DASD_TYPE } from './volumes.ts';

/**
 * Reads what lscss prints (s390-tools, zconf/css/lscss.c, and zconf/lscss before it was a C program):
 *
 *   Device   Subchan.  DevType CU Type Use  PIM PAM POM  CHPIDs
 *   ----------------------------------------------------------------------
 *   0.0.1000 0.0.24ac  3390/0c 2107/e8 yes  f0  f0  ff   40414243 00000000
 *   none     0.0.26aa                       f0  f0  ff   40414243 00000000
 *   0.0.2000 n/a       3390/0c 2107/e8
 *
 * with `--vpm` (a fourth mask), `--avail` (a word at the end), `-s` (ids without `0.0.`), `-u` (capitals), and the sections
 * of `-a` and `--vfio`. Rows are told apart by their words, so a table whose title was cut off reads the same.
 */
export function readLscss(input: InputText, facts: MachineFacts): void {
  let section = 'io';
  readLines(printedLines(input), (line) => {
    const title = TITLES.find(({ pattern }) => pattern.test(line.text));
    if (title === undefined) return readRow(line, section, facts);
    section = title.section ?? section;
    return null;
  });
}

const TITLES: readonly { readonly pattern: RegExp; readonly section?: string }[] = [
  { pattern: /^-+$/ },
  { pattern: /^Device +Subchan\.( +DevType +CU Type +Use +PIM +PAM +POM( +VPM)? +CHPIDs?( +Avail\.)?)?$/i },
  { pattern: /^MDEV +Subchan\. +PIM +PAM +POM( +VPM)? +CHPIDs$/i },
  { pattern: /^IO Subchannels and Devices:$/i, section: 'io' },
  { pattern: /^CHSC Subchannels:$/i, section: 'CHSC' },
  { pattern: /^EADM Subchannels:$/i, section: 'EADM' },
  { pattern: /^I\/O Subchannels used for VFIO:$/i, section: 'vfio' },
];

const HINT = 'feed lscss output alone: device, subchannel, types, use, masks, CHPIDs';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TYPE = /^([0-9a-f]{4})\/([0-9a-f]{2})$/i;

function readRow(line: PrintedLine, section: string, facts: MachineFacts): ScenarioError | null {
  const [first, second] = line.words;
  const device = parseBusId(first.text);
  const isNobody = /^(none|n\/a)$/i.test(first.text) || UUID.test(first.text);
  if (device === null && !isNobody) return line.error(first, `"${first.text}" is not a device`, BUS_ID_HINT);
  if (second === undefined) return line.error(second, 'the subchannel is missing', HINT);
  const subchannel = parseBusId(second.text);
  const isGone = /^n\/a$/i.test(second.text);
  if (subchannel === null && !isGone) {
    return line.error(second, `"${second.text}" is not a subchannel`, BUS_ID_HINT);
  }
  const columns = readColumns(line);
  if ('problem' in columns) return line.error(columns.at, columns.problem, HINT);
  if (device === null || subchannel === null) {
    facts.keepOut(nobody(first.text, section, isGone));
    return null;
  }
  if (device.ssid !== subchannel.ssid) {
    return line.error(second, 'the subchannel is in another set than its device', BUS_ID_HINT);
  }
  if (columns.facts.chpids === undefined) {
    return line.error(undefined, 'masks and CHPIDs are missing', HINT);
  }
  const told = { subchannel: subchannel.number, ...columns.facts };
  const problem = facts.device(device.ssid, device.number, told, line);
  return problem === null ? null : line.error(first, problem, 'take all texts at one time, on one machine');
}

/** What a row without both numbers is about. */
function nobody(device: string, section: string, isGone: boolean): string {
  if (UUID.test(device) || section === 'vfio')
    return 'subchannels used for VFIO, whose devices lscss does not tell';
  if (isGone) return 'defunct devices, which have no subchannel';
  if (section === 'CHSC' || section === 'EADM') return `${section} subchannels`;
  return 'subchannels without a device that Linux knows';
}

type Columns = { readonly facts: DeviceFacts } | { readonly problem: string; readonly at: Word | undefined };

/** Everything behind the two ids: types, use, three masks or four, CHPIDs, availability. */
function readColumns({ words }: PrintedLine): Columns {
  let at = 2;
  const types: SensedType[] = [];
  for (
    let match = TYPE.exec(words[at]?.text ?? '');
    match !== null;
    match = TYPE.exec(words[at]?.text ?? '')
  ) {
    types.push({ type: Number.parseInt(match[1], 16), model: Number.parseInt(match[2], 16) });
    at++;
  }
  if (types.length > 2) return { problem: 'there are more than two types', at: words[4] };
  const online = /^yes$/i.test(words[at]?.text ?? '');
  if (online) at++;
  const masks: number[] = [];
  for (; /^[0-9a-f]{2}$/i.test(words[at]?.text ?? ''); at++) masks.push(Number.parseInt(words[at].text, 16));
  const known = { ...typesOf(types), online: online };
  if (at === words.length && masks.length === 0) return { facts: known };
  const [left, right] = [words[at], words[at + 1]];
  if (masks.length !== 3 && masks.length !== 4) {
    return { problem: 'PIM, PAM and POM are expected, two hex digits each', at: left };
  }
  if (!isHalf(left) || !isHalf(right)) {
    return { problem: 'CHPIDs are expected, twice eight hex digits', at: isHalf(left) ? right : left };
  }
  const rest = words.slice(at + 2);
  if (rest.length > 0 && !AVAILABILITY.test(rest.map(({ text }) => text).join(' '))) {
    return { problem: `"${rest[0].text}" is no availability`, at: rest[0] };
  }
  const [pim, pam, pom] = masks;
  const chpids = `${left.text}${right.text}`.toLowerCase();
  const twice = known.devType?.type === DASD_TYPE ? repeatedChpid(pim, chpids) : null;
  if (twice !== null) return { problem: `CHPID ${twice} stands on two paths of PIM`, at: left };
  return { facts: { ...known, pim, pam, pom, chpids } };
}

/** `availability` of a ccw device (device.c:available_show). */
const AVAILABILITY = /^(good|boxed|no device|no path)$/i;

const isHalf = (word: Word | undefined): word is Word => /^[0-9a-f]{8}$/i.test(word?.text ?? '');

/** A lone type is that of the control unit: a device without a type of its own has none. */
function typesOf(types: readonly SensedType[]): DeviceFacts {
  if (types.length === 0) return {};
  if (types.length === 1) return { cuType: types[0] };
  return { devType: types[0], cuType: types[1] };
}
