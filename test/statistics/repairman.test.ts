import { expect, test } from 'vitest';
import { repairman } from '../../src/statistics/queueing.ts';

/**
 * Balance equations of the chain of requests in the system, written as a matrix and solved by elimination: what flows into a
 * state is what flows out of it, and the probabilities sum to one.
 */
function balanced(customers: number, thinkMean: number, serviceMean: number, servers: number) {
  const size = customers + 1;
  const up = (state: number): number => (customers - state) / thinkMean;
  const down = (state: number): number => Math.min(state, servers) / serviceMean;
  const matrix = Array.from({ length: size }, (_, state) => {
    const row: number[] = new Array(size + 1).fill(0);
    row[state] = -up(state) - down(state);
    if (state > 0) row[state - 1] = up(state - 1);
    if (state < customers) row[state + 1] = down(state + 1);
    return row;
  });
  matrix[customers] = new Array(size + 1).fill(1);
  for (let pivot = 0; pivot < size; pivot++) {
    const best = matrix
      .slice(pivot)
      .reduce(
        (at, row, ahead) => (Math.abs(row[pivot]) > Math.abs(matrix[at][pivot]) ? pivot + ahead : at),
        pivot,
      );
    [matrix[pivot], matrix[best]] = [matrix[best], matrix[pivot]];
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = matrix[row][pivot] / matrix[pivot][pivot];
      for (let column = pivot; column <= size; column++)
        matrix[row][column] -= factor * matrix[pivot][column];
    }
  }
  const probability = matrix.map((row, state) => row[size] / row[state]);
  const throughput = probability.reduce((sum, p, state) => sum + p * down(state), 0);
  const inSystem = probability.reduce((sum, p, state) => sum + p * state, 0);
  return { throughput, response: inSystem / throughput };
}

test.each([
  [1, 5, 1, 1],
  [12, 5, 1, 1],
  [12, 5, 1, 3],
  [42, 5, 1, 8],
  [4, 0.1, 2, 9],
])(
  'the repairman of %i customers, %d thinking, %d service, %i servers',
  (customers, think, service, servers) => {
    const exact = balanced(customers, think, service, servers);
    const found = repairman(customers, think, service, servers);
    expect(found.throughput / exact.throughput).toBeCloseTo(1, 10);
    expect(found.response / exact.response).toBeCloseTo(1, 10);
  },
);

test('a single server agrees with exact mean value analysis', () => {
  let queue = 0;
  let throughput = 0;
  for (let population = 1; population <= 300; population++) {
    const response = 0.4 * (1 + queue);
    throughput = population / (50 + response);
    queue = throughput * response;
  }
  expect(repairman(300, 50, 0.4).throughput).toBeCloseTo(throughput, 9);
});

test('weights may grow beyond what a number holds, and nobody may think', () => {
  expect(repairman(20_000, 1, 1000, 1).throughput).toBeCloseTo(1 / 1000, 12);
  expect(repairman(20_000, 1, 1000, 1).response).toBeCloseTo(20_000 * 1000 - 1, 3);
  expect(repairman(6, 0, 2, 4)).toEqual({ throughput: 2, response: 3 });
  expect(repairman(3, 0, 2, 4)).toEqual({ throughput: 1.5, response: 2 });
});
