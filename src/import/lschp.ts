import type { ScenarioError } from '../scenario/errors.ts';
import type { MachineFacts } from './device-facts.ts';
import { type InputText, type PrintedLine, printedLines, readLines } from './printed-lines.ts';

/**
 * Reads what lschp prints (s390-tools, zconf/chp/lschp.c); older ones have no PCHID.
 *
 *   CHPID  Vary  Cfg.  Type  Cmg  Shared  PCHID
 *   ============================================
 *   0.40   1     1     1b    2    1       01c0
 *
 * A blank stands for nothing: what cannot be told is `-`.
 */
export function readLschp(input: InputText, facts: MachineFacts): void {
  readLines(printedLines(input), (line) => (TITLE.test(line.text) ? null : readRow(line, facts)));
}

const TITLE = /^(=+|CHPID +Vary +Cfg\. +Type +Cmg +Shared( +PCHID)?)$/i;
const HINT = 'feed lschp output alone: CHPID, Vary, Cfg., Type, Cmg, Shared, PCHID';

/** Configuration state as the support element gives it (sclp_chp): stand-by, configured, reserved, not recognized. */
const CONFIGURED: Readonly<Record<string, boolean | null>> = {
  '0': false,
  '1': true,
  '2': false,
  '3': false,
  '-': null,
};
const ONLINE: Readonly<Record<string, boolean | null>> = { '0': false, '1': true, '-': null };

function readRow(line: PrintedLine, facts: MachineFacts): ScenarioError | null {
  const [chpid, vary, configured, type] = line.words;
  const match = /^0\.([0-9a-f]{2})$/i.exec(chpid.text);
  if (match === null)
    return line.error(chpid, `"${chpid.text}" is not a CHPID of image 0`, 'write it like 0.40');
  if (ONLINE[vary?.text ?? ''] === undefined) return line.error(vary, 'Vary is 0, 1 or -', HINT);
  if (CONFIGURED[configured?.text ?? ''] === undefined)
    return line.error(configured, 'Cfg. is 0 to 3 or -', HINT);
  if (!/^([0-9a-f]{1,2}|-)$/i.test(type?.text ?? '')) {
    return line.error(type, 'Type is two hex digits or -', HINT);
  }
  const told = {
    online: ONLINE[vary.text],
    configured: CONFIGURED[configured.text],
    type: type.text === '-' ? null : Number.parseInt(type.text, 16),
  };
  const problem = facts.chpid(Number.parseInt(match[1], 16), told, line);
  return problem === null ? null : line.error(chpid, problem, 'take all texts at one time, on one machine');
}
