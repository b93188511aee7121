import { describe, expect, it } from 'vitest';
import { errorsOf, resolve } from './load.ts';

describe('explore', () => {
  it('is nothing unless a window is given', () => {
    expect(resolve('name: x').explore).toBeUndefined();
  });

  it('has defaults for everything else', () => {
    expect(resolve('explore: { window: [1s, 2s] }').explore).toEqual({
      fromNs: 1e9,
      toNs: 2e9,
      events: ['*'],
      fixed: ['workload.*'],
      settled: false,
      outcome: ['counts', 'requests', 'masks', 'subchannels', 'program'],
      limit: 1000,
      order: [],
    });
  });

  it('takes an order as event and rank', () => {
    expect(resolve('explore: { window: [1s, 1s], order: [[3, 1], [17, 2]] }').explore?.order).toEqual([
      { event: 3, rank: 1 },
      { event: 17, rank: 2 },
    ]);
  });

  it.each([
    ['window: [2s, 1s]', 'explore.window: ends before it begins; write [from, to]'],
    ['window: [1s, 1min]', 'explore.window: ends after the run; lengthen the duration'],
    [
      'window: [1s, 2s], order: [[3, 1], [3, 2]]',
      'explore.order[1]: event 3 does not follow the one before it; each event of the window stands once, in ascending order',
    ],
    ['window: [1s, 2s], limit: 0', 'explore.limit: 0 is less than 1'],
    ['events: ["*"]', 'explore.window: is missing'],
  ])('refuses { %s }', (text, message) => {
    const errors = errorsOf(`explore: { ${text} }`);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(message.split(';')[0]);
  });

  it('belongs to a script as well', () => {
    expect(resolve('program: { steps: [{ stsch: TD }] }\nexplore: { window: [0s, 1ms] }').explore?.toNs).toBe(
      1e6,
    );
  });
});
