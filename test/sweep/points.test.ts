import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointsOf } from '../../src/experiment/sweep/points.ts';
import { planOfFile, planOfScenario, type SweepPlan } from '../../src/scenario/sweep-plan.ts';

function plan(text: string): SweepPlan {
  const result = planOfFile('axes.yaml', text);
  if (!result.ok) throw result.errors[0];
  return result.plan;
}
const textsOf = (text: string): string[] =>
  pointsOf(plan(text)).map(({ values }) => values.map((value) => value.text).join(' '));
const errorsOf = (text: string): string[] => {
  const result = planOfFile('axes.yaml', text);
  return result.ok ? [] : result.errors.map(({ message }) => message);
};

describe('points', () => {
  it('are every value with every other, the last axis fastest', () => {
    expect(textsOf('axes: { a: [1, 2], b: [x, y, z] }')).toEqual(['1 x', '1 y', '1 z', '2 x', '2 y', '2 z']);
  });

  it('take zipped axes by the hand', () => {
    expect(textsOf('{ axes: { a: [1, 2] }, zip: [{ b: [x, y], c: [p, q] }] }')).toEqual([
      '1 x p',
      '1 y q',
      '2 x p',
      '2 y q',
    ]);
  });

  it('meet constraints, which read quantities as such', () => {
    expect(textsOf('{ axes: { a: [900us, 2ms], b: [1ms, 3ms] }, where: [a <= b] }')).toEqual([
      '900us 1ms',
      '900us 3ms',
      '2ms 3ms',
    ]);
    expect(textsOf('{ axes: { a: [2, 10] }, where: [a > 9] }')).toEqual(['10']);
    expect(textsOf('{ axes: { a: [on, off] }, where: [a != off] }')).toEqual(['on']);
  });

  it('are one when nothing is varied', () => {
    expect(pointsOf(plan('repetitions: 3'))).toHaveLength(1);
  });

  it('are numbered from 1 in the order of the grid, as many as it has cells', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lengths, (sizes) => {
        const axes = sizes.map((size, at) => `a${at}: [${Array.from({ length: size }, (_, i) => i)}]`);
        const points = pointsOf(plan(`axes: { ${axes.join(', ')} }`));
        const texts = points.map(({ values }) => values.map(({ text }) => text).join(' '));
        expect(points.map(({ number }) => number)).toEqual(points.map((_, at) => at + 1));
        expect(new Set(texts).size).toBe(sizes.reduce((product, size) => product * size, 1));
        expect(texts).toEqual([...texts].sort());
      }),
    );
  });
});

describe('axes', () => {
  it('write values so that --set reads them back', () => {
    const [axis] = plan('axes: { p: [1ms, "a, b", [1, 2], { x: 1 }, ""] }').dimensions.flat();
    expect(axis.values.map(({ assignment }) => assignment)).toEqual([
      'p=1ms',
      'p="a, b"',
      'p=["1","2"]',
      'p={"x":"1"}',
      'p=""',
    ]);
  });

  it('may stand in the scenario', () => {
    const result = planOfScenario('s.yaml', 'name: x\nsweep: { axes: { duration: [1s, 2s] } }\n');
    expect(result.ok && pointsOf(result.plan)).toHaveLength(2);
  });

  it.each([
    ['name: x', 'axes.yaml:1:1: name: unknown key; '],
    ['axes: { a: 1 }', 'axes.yaml:1:12: axes.a: expected a list, found "1"'],
    [
      'axes:\n  seed: [1, 2]',
      'axes.yaml:2:3: axes.seed: the seed is no axis; write repetitions: 10 for ten seeds',
    ],
    [
      'zip:\n  - { a: [1, 2], b: [1] }',
      'axes.yaml:2:5: zip[0]: holds axes of 2, 1 values; axes that go together have equally many',
    ],
    [
      'axes: { depth: [1] }\nwhere: [deph < 3]',
      'axes.yaml:2:9: where[0]: "deph < 3" names no axis; did you mean "depth"?',
    ],
    [
      'axes: { a: [x, y] }\nwhere: [a < z]',
      'axes.yaml:2:9: where[0]: "a < z" compares what has no order; texts can only be == or !=',
    ],
  ])('are refused with their place: %j', (text, message) => {
    expect(errorsOf(text).map((error) => error.replace(/known: .*/, ''))).toContain(message);
  });
});
