import { writeFileSync } from 'node:fs';
import { DOCUMENTS } from './documents.ts';

/** `npm run reference`: writes the documents that nobody edits. */
for (const [file, text] of Object.entries(DOCUMENTS)) writeFileSync(file, text());
