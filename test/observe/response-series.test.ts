import { expect, test } from 'vitest';
import { BlockRequest } from '../../src/observe/block-request.ts';
import { ResponseSeries } from '../../src/observe/response-series.ts';

const request = (arrivalNs: number, responseNs: number): BlockRequest =>
  Object.assign(new BlockRequest({ completed() {} }, 1), { arrivalNs, endNs: arrivalNs + responseNs });

test('response times become averages of batches, each with the end of its last request', () => {
  const series = new ResponseSeries(2, 4);
  for (const [at, response] of [10, 20, 30, 50, 1000].entries())
    series.completed(request(7 + at * 100, response));
  expect(series.firstArrivalNs).toBe(7);
  expect(series.length).toBe(2);
  expect([...series.means.subarray(0, 2)]).toEqual([15, 40]);
  expect([...series.ends.subarray(0, 2)]).toEqual([127, 357]);
});

test('when there is no room left, neighbours are joined and batches are twice as large', () => {
  const series = new ResponseSeries(2, 4);
  for (let at = 0; at < 12; at++) series.completed(request(at, at));
  // Eight requests fill four batches of two, which become two of four; four more make the third.
  expect(series.size).toBe(4);
  expect(series.length).toBe(3);
  expect([...series.means.subarray(0, 3)]).toEqual([1.5, 5.5, 9.5]);
  expect([...series.ends.subarray(0, 3)]).toEqual([6, 14, 22]);
});
