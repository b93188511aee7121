import { execFileSync } from 'node:child_process';

/**
 * @typedef {object} Row
 * @property {string} contender
 * @property {number[]} rates per CPU second, one per round
 * @property {number} median
 * @property {Record<string, number | string>} facts what the program found besides its speed
 * @property {string} [missing]
 */

/** Runs every contender once per round, in turn; returns the rows of one benchmark. */
export function measure(benchmark, rounds, quick) {
  const contenders = benchmark.contenders(quick);
  const rows = contenders.map(({ name, missing }) => ({
    contender: name,
    rates: [],
    median: 0,
    facts: {},
    missing,
  }));
  for (let round = 0; round < rounds; round++) {
    contenders.forEach((contender, index) => {
      if (contender.missing === undefined) addSample(rows[index], contender);
    });
  }
  for (const row of rows) row.median = median(row.rates);
  return { benchmark: benchmark.name, unit: benchmark.unit, rows };
}

/** A program prints `{ "count": …, "cpuSeconds": …, "facts": { … } }` on one line. */
function addSample(row, { command, args }) {
  const text = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const { count, cpuSeconds, facts } = JSON.parse(text);
  row.rates.push(count / cpuSeconds);
  row.facts = facts;
}

export function median(values) {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
