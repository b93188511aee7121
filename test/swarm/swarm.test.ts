import { expect, test } from 'vitest';
import { judgeDrawn } from './campaign.ts';

const RUNS = 40;

/** `npm run swarm` looks at more of them. */
test(`the first ${RUNS} scenarios of a seed break no law`, async () => {
  const failures: string[] = [];
  for (let index = 0; index < RUNS; index++) {
    const { finding } = await judgeDrawn('test', index);
    if (finding === null) continue;
    failures.push(
      `npm run swarm -- --seed test --from ${index} --runs 1   ${finding.law}: ${finding.message}`,
    );
  }
  expect(failures).toEqual([]);
});
