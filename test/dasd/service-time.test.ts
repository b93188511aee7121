import { describe, expect, it } from 'vitest';
import { DiskArm, SeekCurve } from '../../src/dasd/mechanics.ts';
import {
  drawServiceTime,
  meanServiceTime,
  type ServiceTime,
  secondUniform,
} from '../../src/dasd/service-time.ts';
import { MECHANICS } from './rig.ts';

/** Sample mean and second moment over an even grid of the unit interval: what integration over all draws gives. */
function moments(time: ServiceTime): [mean: number, squareCoefficient: number] {
  const points = 20_000;
  let sum = 0;
  let squares = 0;
  for (let point = 0; point < points; point++) {
    const drawn = drawServiceTime(time, (point + 0.5) / points);
    expect(Number.isInteger(drawn)).toBe(true);
    sum += drawn;
    squares += drawn * drawn;
  }
  const mean = sum / points;
  return [mean, squares / points / (mean * mean) - 1];
}

describe('a service time', () => {
  const cases: [ServiceTime, squareCoefficient: number][] = [
    [{ kind: 'deterministic', meanNs: 300_000 }, 0],
    [{ kind: 'exponential', meanNs: 300_000 }, 1],
    [{ kind: 'uniform', lowNs: 100_000, highNs: 300_000 }, 1 / 12],
    [{ kind: 'erlang', stages: 4, meanNs: 300_000 }, 1 / 4],
    [{ kind: 'hyperexponential', share: 0.25, firstNs: 700_000, secondNs: 100_000 }, 3.0816],
  ];
  it.each(cases)('$kind has its mean and variation', (time, squareCoefficient) => {
    const [mean, found] = moments(time);
    expect(mean / meanServiceTime(time)).toBeCloseTo(1, 2);
    expect(Math.abs(found - squareCoefficient)).toBeLessThan(0.02 * (1 + squareCoefficient));
  });

  it('grows with its draw', () => {
    const time: ServiceTime = { kind: 'erlang', stages: 3, meanNs: 1_000_000 };
    const drawn = Array.from({ length: 100 }, (_, at) => drawServiceTime(time, at / 100));
    expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
    expect(drawn[0]).toBe(0);
  });

  it('of one request can be two, from the high and the low bits of its draw', () => {
    const low = [0.1, 0.2, 0.3, 0.100001].map(secondUniform);
    expect(low.every((uniform) => uniform >= 0 && uniform < 1)).toBe(true);
    expect(new Set(low).size).toBe(4);
  });
});

describe('the seek curve', () => {
  const curve = new SeekCurve(MECHANICS, 3_339);

  it('goes through the neighbour, the average and the full stroke', () => {
    expect(curve.seekNs(0)).toBe(0);
    expect(curve.seekNs(1)).toBe(MECHANICS.seekMinNs);
    expect(curve.seekNs(1_113)).toBe(MECHANICS.seekAverageNs);
    expect(curve.seekNs(3_338)).toBe(2 * MECHANICS.seekAverageNs);
  });

  it('never falls with the distance', () => {
    for (let distance = 1; distance < 3_339; distance++) {
      expect(curve.seekNs(distance)).toBeGreaterThanOrEqual(curve.seekNs(distance - 1));
    }
  });
});

describe('a disk arm', () => {
  it('waits less than a revolution on the cylinder where it stands, half of one on average', () => {
    let sum = 0;
    for (let draw = 0; draw < 1_000; draw++) {
      const delay = new DiskArm(MECHANICS, 3_339).access(1_000_000, 3, 50, draw / 1_000, 0);
      expect(delay).toBeLessThanOrEqual(MECHANICS.revolutionNs);
      sum += delay;
    }
    expect(sum / 1_000 / MECHANICS.revolutionNs).toBeCloseTo(0.5, 2);
  });

  it('comes to a sector when the platter brings it', () => {
    const arm = new DiskArm(MECHANICS, 3_339);
    // Half a revolution has passed: sector 168 of 224 is a quarter of a revolution away.
    expect(arm.access(MECHANICS.revolutionNs / 2, 0, 168, 0, 0)).toBe(MECHANICS.revolutionNs / 4);
  });

  it('finishes one access before it begins the next', () => {
    const arm = new DiskArm(MECHANICS, 3_339);
    const first = arm.access(0, 15 * 1_113, 0xff, 0, 5_000);
    expect(first).toBe(MECHANICS.seekAverageNs);
    expect(arm.access(0, 15 * 1_113, 0xff, 0, 0)).toBe(first + 5_000);
  });
});
