import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawScenario } from './draw-scenario.ts';
import type { Mapping } from './json.ts';
import { type Finding, fileText, type Judge, judge } from './judge.ts';
import { shrink } from './shrink.ts';

/** Every so many scenarios are run twice more, in ways that must not make a difference. */
const REPEATED_EVERY = 8;

/** What became of one scenario of the swarm. */
export interface Outcome {
  readonly index: number;
  readonly taken: readonly string[];
  readonly events: number;
  readonly endNs: number;
  readonly finding: Finding | null;
}

export async function judgeDrawn(seed: string, index: number, further?: Judge): Promise<Outcome> {
  const { scenario, taken } = drawScenario(seed, index);
  const { finding, events, endNs } = await judge(scenario, index % REPEATED_EVERY === 0, further);
  return { index, taken, events, endNs, finding };
}

/** The smallest scenario found that breaks the same law in the same way. */
export function smallest(seed: string, index: number, finding: Finding, further?: Judge): Promise<Mapping> {
  const { scenario } = drawScenario(seed, index);
  return shrink(scenario, async (smaller) => {
    const found = (await judge(smaller, finding.law === 'repeatable', further)).finding;
    return found !== null && kindOf(found) === kindOf(finding);
  });
}

/** Numbers and identifiers differ between two scenarios that fail alike. */
export const kindOf = ({ law, message }: Finding): string =>
  law === 'defect' || law === 'valid' ? `${law}: ${message.replaceAll(/[0-9a-f]*\d[0-9a-f]*/g, '#')}` : law;

/** Writes a scenario that fails to `out/swarm/` and returns the name of the file. */
export function writeFailure(
  folder: string,
  seed: string,
  index: number,
  scenario: Mapping,
  finding: Finding,
): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${seed}-${index}.yaml`);
  writeFileSync(file, fileText(scenario, `${finding.law}: ${finding.message}`));
  return file;
}
