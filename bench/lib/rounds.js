import { execFileSync } from 'node:child_process';

/**
 * @typedef {object} Row
 * @property {string} contender
 * @property {number[]} rates per CPU second, one per round
 * @property {number} median
 * @property {number | null} wallMedian per second of wall time; null of programs that do not tell
 * @property {Record<string, number | string>} facts what the program found besides its speed; medians of numbers
 * @property {string} [missing]
 */

/** Runs every contender once per round, in turn; returns the rows of one benchmark. */
export function measure(benchmark, rounds, options) {
  const contenders = benchmark.contenders(options);
  const samples = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    contenders.forEach((contender, index) => {
      if (contender.missing === undefined) samples[index].push(sample(contender));
    });
  }
  const rows = contenders.map(({ name, missing }, index) => rowOf(name, missing, samples[index]));
  return { benchmark: benchmark.name, unit: benchmark.unit, rows };
}

/** A program prints `{ "count": …, "cpuSeconds": …, "wallSeconds": …, "facts": { … } }` on one line. */
function sample({ command, args }) {
  const text = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const { count, cpuSeconds, wallSeconds, facts } = JSON.parse(text);
  return { rate: count / cpuSeconds, wallRate: count / wallSeconds, facts };
}

function rowOf(contender, missing, samples) {
  const rates = samples.map(({ rate }) => rate);
  const wallRates = samples.map(({ wallRate }) => wallRate);
  return {
    contender,
    rates,
    median: median(rates),
    wallMedian: wallRates.some(Number.isNaN) ? null : median(wallRates),
    facts: medianFacts(samples.map(({ facts }) => facts)),
    missing,
  };
}

/** Numbers are measured in every round; texts say the same in all of them. */
function medianFacts(facts) {
  const last = facts.at(-1) ?? {};
  return Object.fromEntries(
    Object.entries(last).map(([key, value]) => [
      key,
      typeof value === 'number' ? median(facts.map((of) => of[key])) : value,
    ]),
  );
}

export function median(values) {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
