import { closedNetwork } from './closed-network.js';
import { hold } from './hold.js';
import { timers } from './timers.js';

/**
 * @typedef {object} Benchmark
 * @property {string} name
 * @property {string} unit what is counted, per CPU second
 * @property {(quick: boolean) => import('./lib/contenders.js').Contender[]} contenders the first is the one that the
 *   others are compared with
 */

/** @type {readonly Benchmark[]} */
export const BENCHMARKS = [hold(100), hold(10_000), hold(1_000_000), timers(1_000), closedNetwork];
