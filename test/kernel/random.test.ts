import { describe, expect, it } from 'vitest';
import { SimulationDefect } from '../../src/kernel/assert.ts';
import { exponential, RandomStreams } from '../../src/kernel/random.ts';

describe('a random stream', () => {
  it('gives the same numbers for the same seed and name, on every platform', () => {
    const stream = new RandomStreams('42').stream('arrivals');
    expect([stream.uniform(), stream.uniform(), stream.uniform()]).toEqual([
      0.0966915604909585, 0.9512710102925289, 0.5279200369362581,
    ]);
    expect(exponential(stream.uniform(), 1e9)).toBe(573_925_765);
  });

  it('is not moved by what others draw, nor by when it is created', () => {
    const alone = new RandomStreams('1').stream('b');
    const streams = new RandomStreams('1');
    const other = streams.stream('a');
    for (let draws = 0; draws < 10; draws++) other.uniform();
    for (let draws = 0; draws < 10; draws++) expect(streams.stream('b').uniform()).toBe(alone.uniform());
    expect(streams.drawCounts()).toEqual({ a: 10, b: 10 });
  });

  it('differs from those of other names and other seeds', () => {
    const firsts = ['1', '2', '11'].flatMap((seed) =>
      ['a', 'b', 'ab', '1/a'].map((name) => new RandomStreams(seed).stream(name).uniform()),
    );
    expect(new Set(firsts).size).toBe(12);
  });

  it('needs a seed', () => {
    expect(() => new RandomStreams('')).toThrow(SimulationDefect);
  });

  it('is uniform: mean, variance and serial correlation', () => {
    const stream = new RandomStreams('moments').stream('uniform');
    const count = 200_000;
    let [sum, squares, products, previous] = [0, 0, 0, 0.5];
    for (let draw = 0; draw < count; draw++) {
      const value = stream.uniform();
      sum += value;
      squares += (value - 0.5) * (value - 0.5);
      products += (value - 0.5) * (previous - 0.5);
      previous = value;
    }
    // Five standard errors of each estimate.
    expect(Math.abs(sum / count - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(squares / count - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / count));
    expect(Math.abs(products / count)).toBeLessThan(5 * (1 / 12 / Math.sqrt(count)));
  });
});

describe('an exponential time', () => {
  it('is a whole number of nanoseconds from zero on', () => {
    expect([0, 0.5, 1 - 2 ** -53].map((uniform) => exponential(uniform, 1e6))).toEqual([0, 693147, 36736801]);
  });

  it('has its mean and a standard deviation as large', () => {
    const stream = new RandomStreams('moments').stream('exponential');
    const count = 200_000;
    let [sum, squares] = [0, 0];
    for (let draw = 0; draw < count; draw++) {
      const value = exponential(stream.uniform(), 1e6) / 1e6;
      sum += value;
      squares += value * value;
    }
    expect(Math.abs(sum / count - 1)).toBeLessThan(5 * Math.sqrt(1 / count));
    expect(Math.abs(squares / count - 2)).toBeLessThan(5 * Math.sqrt(20 / count));
  });
});
