import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponential, RandomStreams } from '../../src/kernel/random.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { Station } from '../../src/kernel/station.ts';
import { NEVER } from '../../src/kernel/time.ts';

/** A station whose finished jobs are written down as "time: job". */
function recorded(servers: number): { sim: Simulation; station: Station; story: string[]; done: number } {
  const sim = new Simulation();
  const station = new Station(sim, 'cpus', servers, 0);
  const story: string[] = [];
  const done = sim.defineEvent('done', (job) => story.push(`${sim.now}: ${job}`));
  return { sim, station, story, done };
}

describe('a station', () => {
  it('serves at once while a server is free, then first come, first served', () => {
    const { sim, station, story, done } = recorded(2);
    for (let job = 1; job <= 4; job++) station.submit(10 * job, 0, done, job, 0);
    expect(station.queueLength).toBe(2);
    sim.run(NEVER);
    expect(story).toEqual(['10: 1', '20: 2', '40: 3', '60: 4']);
    expect([station.jobs, station.busyNs, station.waitNs]).toEqual([4, 100, 10 + 20]);
  });

  it('takes the lower level first, but takes no server away', () => {
    const { sim, station, story, done } = recorded(1);
    station.submit(10, 2, done, 1, 0);
    station.submit(10, 2, done, 2, 0);
    station.submit(10, 1, done, 3, 0);
    station.submit(10, 0, done, 4, 0);
    sim.run(NEVER);
    expect(story).toEqual(['10: 1', '20: 4', '30: 3', '40: 2']);
  });

  it('keeps a server busy with what the handler of its job charges', () => {
    const sim = new Simulation();
    const station = new Station(sim, 'cpus', 1, 0);
    const story: string[] = [];
    const done = sim.defineEvent('done', (job, extra) => {
      story.push(`${sim.now}: ${job}`);
      station.charge(extra);
    });
    const late = sim.defineEvent('late', () => station.submit(5, 0, done, 3, 0));
    station.submit(10, 0, done, 1, 100);
    station.submit(10, 0, done, 2, 50);
    sim.at(130, 0, late, 0, 0);
    sim.run(NEVER);
    expect(story).toEqual(['10: 1', '120: 2', '175: 3']);
    expect(station.busyNs).toBe(175);
  });

  it('tells how much of its work is done and how long its queue has been', () => {
    const { sim, station, done } = recorded(1);
    for (let job = 1; job <= 3; job++) station.submit(100, 0, done, job, 0);
    sim.run(150);
    expect([station.doneNs, station.busyNs]).toEqual([150, 200]);
    expect(station.queueNs).toBe(2 * 100 + 1 * 50);
    sim.run(1_000);
    expect([station.doneNs, station.queueNs]).toEqual([300, 300]);
  });

  it('obeys the definitions of Little and of utilisation exactly, whatever arrives', () => {
    const job = fc.record({ gap: fc.nat(30), cost: fc.nat(40), level: fc.nat(2), charge: fc.nat(15) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.array(job, { maxLength: 60, size: 'max' }),
        (servers, jobs) => {
          const sim = new Simulation();
          const station = new Station(sim, 'cpus', servers, 0);
          let done = 0;
          const ended = sim.defineEvent('ended', (index) => {
            done++;
            station.charge(jobs[index].charge);
          });
          const arrive = sim.defineEvent('arrive', (index) =>
            station.submit(jobs[index].cost, jobs[index].level, ended, index, 0),
          );
          let at = 0;
          for (const [index, { gap }] of jobs.entries()) {
            at += gap;
            sim.at(at, 0, arrive, index, 0);
          }
          sim.run(10_000);
          const work = jobs.reduce((sum, { cost, charge }) => sum + cost + charge, 0);
          expect([done, station.jobs, station.queueLength]).toEqual([jobs.length, jobs.length, 0]);
          expect([station.busyNs, station.doneNs]).toEqual([work, work]);
          expect(station.queueNs).toBe(station.waitNs);
        },
      ),
    );
  });

  it.each([
    { servers: 1, load: 0.7 },
    { servers: 3, load: 0.8 },
  ])('waits as long as the Erlang C formula says: $servers servers, load $load', ({ servers, load }) => {
    const batches = 30;
    const perBatch = 6_000;
    const meanService = 1e6;
    const sim = new Simulation();
    const station = new Station(sim, 'servers', servers, 0);
    const streams = new RandomStreams('erlang');
    const [gaps, services] = [streams.stream('gaps'), streams.stream('services')];
    const leave = sim.defineEvent('leave', () => {});
    const arrive = sim.defineEvent('arrive', () => {
      station.submit(exponential(services.uniform(), meanService), 0, leave, 0, 0);
      sim.after(exponential(gaps.uniform(), meanService / (servers * load)), 0, arrive, 0, 0);
    });
    sim.at(0, 0, arrive, 0, 0);
    const runUntil = (jobs: number): number => {
      while (station.jobs < jobs) sim.run(NEVER, 100);
      return station.waitNs / station.jobs;
    };
    runUntil(perBatch);
    const means: number[] = [];
    for (let batch = 0; batch < batches; batch++) {
      const [waited, jobs] = [station.waitNs, station.jobs];
      runUntil(jobs + perBatch);
      means.push((station.waitNs - waited) / (station.jobs - jobs));
    }
    const mean = means.reduce((sum, each) => sum + each) / batches;
    const variance = means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (batches - 1);
    // Student's t for 29 degrees of freedom, 99 %.
    const halfWidth = 2.756 * Math.sqrt(variance / batches);
    const expected = (erlangC(servers, load) * meanService) / (servers * (1 - load));
    expect(Math.abs(mean - expected)).toBeLessThan(halfWidth);
    expect(halfWidth).toBeLessThan(0.1 * expected);
    expect(station.doneNs / (servers * sim.now)).toBeCloseTo(load, 1);
  });
});

/** Probability that an arrival waits in M/M/c. */
function erlangC(servers: number, load: number): number {
  const offered = servers * load;
  let term = 1;
  let sum = 0;
  for (let busy = 0; busy < servers; busy++) {
    sum += term;
    term *= offered / (busy + 1);
  }
  return term / (1 - load) / (sum + term / (1 - load));
}
