import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DOCUMENTS } from '../../src/reference/documents.ts';

/** Nobody edits these; `npm run reference` writes them. */
describe('generated documents', () => {
  test.each(Object.entries(DOCUMENTS))(
    '%s is what npm run reference writes',
    (file, text) => {
      expect(readFileSync(file, 'utf8')).toBe(text());
    },
    60_000,
  );
});
