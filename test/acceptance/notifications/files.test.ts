import { describe, expect, test } from 'vitest';
import { runScenario } from '../../../src/index.ts';
import { fileRuns } from './hosted.ts';

/* Each experiment says in its file what must come of it. */
const EXPERIMENTS = [
  'e10-clash-00',
  'e11-host-cancel',
  'e11-xsch-race',
  'e12-hsch-csch',
  'e13-crw-list-race',
  'e14-vary-leak',
  'e17-compat',
  'e17-regions',
  'e18-vhol',
];

describe.each(EXPERIMENTS)('%s', (name) => {
  test.each(fileRuns(name, ['trace.level=none']).map((run) => [run.run, run] as const))(
    '%s is as expected',
    async (_name, run) => {
      expect((await runScenario(run)).passed).toBe(true);
    },
  );
});
