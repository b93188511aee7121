import { generations } from './generations.ts';
import { reference } from './reference.ts';
import { whoExecutesWhat } from './who-executes-what.ts';

/** Generated documents by their file, seen from the root of the repository. */
export const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/generations.md': generations,
  'docs/reference.md': reference,
  'docs/who-executes-what.md': whoExecutesWhat,
};
