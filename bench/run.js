#!/usr/bin/env node
/**
 * Measures the model and, beside its peers, the simulation kernel:
 * `npm run bench -- [--only hold] [--quick | --full] [--json] [--rounds 5]`.
 *
 * Every contender is a program of its own that prints one line of JSON. Rounds go round-robin over the contenders of a
 * benchmark, so that a disturbance of the machine hits all of them alike, and the median of the rounds counts.
 */
import { parseArgs } from 'node:util';
import { measure } from './lib/rounds.js';
import { formatTable } from './lib/table.js';
import { BENCHMARKS } from './registry.js';

const USAGE = `usage: npm run bench -- [--only NAME] [--quick | --full] [--json] [--rounds N]
benchmarks: ${BENCHMARKS.map(({ name }) => name).join(', ')}`;

const { values } = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
const chosen = BENCHMARKS.filter(({ name }) => name.includes(values.only));
if (chosen.length === 0 || !(rounds >= 1)) {
  console.error(`no such benchmark or number of rounds\n${USAGE}`);
  process.exit(2);
}

const results = [];
for (const benchmark of chosen) {
  const result = measure(benchmark, rounds, { quick: values.quick, full: values.full });
  results.push(result);
  if (!values.json) console.log(formatTable(result));
}
if (values.json) console.log(JSON.stringify(results, null, 2));

function readArguments() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', default: '' },
        quick: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(2);
  }
}
