import { readFileSync } from 'node:fs';
import { lschpText, lscssText, lsdasdText } from '../../src/cli/show-text.ts';
import type { ToolOutput } from '../../src/import/machine-import.ts';
import { machineScenario } from '../../src/import/machine-scenario.ts';
import { ImportError, type InputText } from '../../src/import/printed-lines.ts';
import { resolve } from '../scenario/load.ts';
import { stateAt } from '../scenario/state-at.ts';

/** Everything has booted, and nothing has been asked of it. */
const SETTLED_NS = 2e9;

export const fixture = (file: string): InputText => ({
  file,
  text: readFileSync(`test/fixtures/s390-tools/${file}`, 'utf8'),
});

export const tools = (given: Partial<ToolOutput>): ToolOutput => ({
  lscss: [],
  lschp: [],
  lsdasd: [],
  ...given,
});

/** The scenario of what the tools have printed. */
export const imported = (given: Partial<ToolOutput>): string => machineScenario('imported', tools(given));

/** What is wrong with it, one line for each mistake. */
export function mistakes(given: Partial<ToolOutput>): string[] {
  try {
    imported(given);
    return [];
  } catch (error) {
    if (error instanceof ImportError) return error.lines();
    throw error;
  }
}

/** What the tools would show on the machine of a scenario. */
export async function shown(scenario: string): Promise<{ lscss: string; lschp: string; lsdasd: string }> {
  const state = await stateAt(resolve(scenario), SETTLED_NS);
  return { lscss: lscssText(state, false), lschp: lschpText(state), lsdasd: lsdasdText(state) };
}

/** Device, subchannel, types, use, masks and CHPIDs of each 3390 in a table of lscss, in lower case and without the rest. */
export function volumeRows(table: string, ...columns: readonly string[]): string[] {
  return table
    .toLowerCase()
    .split('\n')
    .filter(
      (row) => / 3390\//.test(row) && !/ n\/a /.test(row) && columns.every((text) => row.includes(text)),
    )
    .map((row) => {
      const words = row.trim().split(/ +/);
      const id = (word: string): string => (word.includes('.') ? word : `0.0.${word}`);
      const chpids = words.findIndex((word) => word.length === 8 && /^[0-9a-f]{8}$/.test(word));
      const masks = words.filter((word) => /^[0-9a-f]{2}$/.test(word)).slice(0, 3);
      const use = words.includes('yes') ? 'yes' : '-';
      return [
        id(words[0]),
        id(words[1]),
        words[2],
        words[3],
        use,
        ...masks,
        words[chpids],
        words[chpids + 1],
      ].join(' ');
    });
}
