import type { Issues } from './errors.ts';
import { parseName } from './fields.ts';
import type { ParsedScenario } from './schema.ts';
import type { ParsedSystems } from './schema-systems.ts';

/** The systems of some runs of a scenario: its own, or those of a variant. */
export interface SystemChoice {
  /** Empty for the scenario's own systems. */
  readonly variant: string;
  readonly systems: ParsedSystems;
}

/** The scenario's own systems first, where it has any of its own, and those of its variants in their order. */
export function choicesOf(
  { systems, variants }: Pick<Partial<ParsedScenario>, 'systems' | 'variants'>,
  issues: Issues,
): SystemChoice[] {
  const choices: SystemChoice[] =
    systems === undefined || systems === 'none' ? [] : [{ variant: '', systems }];
  if (systems === 'none' && Object.keys(variants ?? {}).length === 0) {
    issues.value(
      ['systems'],
      'leaves no run where there are no variants',
      'add variants, or define a system',
    );
  }
  for (const [variant, { systems: others }] of Object.entries(variants ?? {})) {
    const valid = parseName(variant);
    if (!valid.ok) issues.key(['variants', variant], valid.message, valid.hint);
    choices.push({ variant, systems: others });
  }
  return choices;
}

export const placeOfSystems = (variant: string): string[] =>
  variant === '' ? ['systems'] : ['variants', variant, 'systems'];
