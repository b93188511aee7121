import { describe, expect, test } from 'vitest';
import { EVENT_NAMES, EVENT_TABLE } from '../../src/observe/event-table.ts';
import { COUNT_NAMES, findMetric, METRIC_NAMES, METRICS } from '../../src/scenario/metrics.ts';
import { nearest, suggest } from '../../src/scenario/nearest.ts';

describe('metrics', () => {
  test('have distinct names', () => {
    expect(new Set(METRIC_NAMES).size).toBe(METRICS.length);
  });

  test('every counted event is a count of its layer', () => {
    for (const name of EVENT_NAMES) {
      const { layer, count } = EVENT_TABLE[name];
      if (count === '') continue;
      expect(COUNT_NAMES).toContain(`${layer === 'system' ? 'host' : layer}.${count}`);
    }
  });

  test.each(['machine.crw', 'host.machine_check', 'host.stsch', 'host.snid', 'host.rcd', 'io.lost'])(
    '%s is a count',
    (name) => {
      expect(findMetric(name)?.kind).toBe('count');
    },
  );

  test('times have statistics and nanoseconds', () => {
    expect(findMetric('io.response.p999')).toMatchObject({
      kind: 'time',
      unit: 'ns',
      labels: ['system', 'workload'],
    });
    expect(findMetric('path.detect.max')).toMatchObject({
      kind: 'time',
      unit: 'ns',
      labels: ['system', 'chpid'],
    });
    expect(findMetric('io.response')).toBeUndefined();
  });
});

describe('the nearest name', () => {
  test.each([
    ['rotaton', ['rotation', 'pooled'], 'rotation'],
    ['ficon-expres8s', ['ficon-express', 'ficon-express8s'], 'ficon-express8s'],
    ['5.1', ['5.7', '5.10'], '5.10'],
    ['chip', ['system', 'chpid'], 'chpid'],
    ['SEED', ['seed'], 'seed'],
  ])('to %s', (word, names, name) => {
    expect(nearest(word, names)).toBe(name);
  });

  test('is none when nothing is near; then the names are listed', () => {
    expect(nearest('oltp', ['none'])).toBeUndefined();
    expect(suggest('oltp', ['none', 'all'])).toBe('known: none, all');
    expect(suggest('oltp', [])).toBe('none is defined');
  });
});
