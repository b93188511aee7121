import { boot } from './boot.js';
import { closedNetwork } from './closed-network.js';
import { compare } from './compare.js';
import { fortyTwoLoad } from './forty-two-load.js';
import { hold } from './hold.js';
import { installation } from './installation.js';
import { memory } from './memory.js';
import { passthrough, storm } from './passthrough.js';
import { timers } from './timers.js';
import { writers } from './writers.js';

/**
 * @typedef {object} Options
 * @property {boolean} quick shorter runs
 * @property {boolean} full also the runs that take minutes
 */

/**
 * @typedef {object} Benchmark
 * @property {string} name
 * @property {string} unit what is counted, per CPU second
 * @property {(options: Options) => import('./lib/contenders.js').Contender[]} contenders the first is the one that the
 *   others are compared with
 */

/** The whole model first, then the simulation kernel beside its peers. @type {readonly Benchmark[]} */
export const BENCHMARKS = [
  fortyTwoLoad,
  passthrough,
  storm,
  installation,
  memory,
  boot,
  ...writers,
  compare,
  hold(100),
  hold(10_000),
  hold(1_000_000),
  timers(1_000),
  closedNetwork,
];
