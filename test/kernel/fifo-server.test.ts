import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FifoServer } from '../../src/kernel/fifo-server.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { Station } from '../../src/kernel/station.ts';

describe('a FIFO server', () => {
  it('starts a job when the one before is done', () => {
    const server = new FifoServer();
    expect(server.enter(100, 50)).toBe(150);
    expect(server.startTime(120)).toBe(150);
    expect(server.enter(120, 10)).toBe(160);
    expect(server.enter(500, 10)).toBe(510);
    expect([server.jobs, server.busyNs, server.waitNs]).toEqual([3, 70, 30]);
    expect([server.busyBy(505), server.busyBy(600)]).toEqual([65, 70]);
  });

  it('forgets the work that a reset throws away', () => {
    const server = new FifoServer();
    server.enter(0, 100);
    server.enter(0, 100);
    server.reset(30);
    expect([server.busyNs, server.startTime(30)]).toEqual([30, 30]);
    expect(server.enter(40, 5)).toBe(45);
    server.reset(1_000);
    expect([server.busyNs, server.busyUntil]).toEqual([35, 45]);
  });

  it('ends each job when a station with one server does', () => {
    const job = fc.record({ gap: fc.nat(30), cost: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(job, { maxLength: 60, size: 'max' }), (jobs) => {
        const sim = new Simulation();
        const station = new Station(sim, 'station', 1, 0);
        const server = new FifoServer();
        const expected: number[] = [];
        const ends: number[] = [];
        const leave = sim.defineEvent('leave', () => expected.push(sim.now));
        const arrive = sim.defineEvent('arrive', (index) => {
          station.submit(jobs[index].cost, 0, leave, 0, 0);
          ends.push(server.enter(sim.now, jobs[index].cost));
          expect(server.busyBy(sim.now)).toBe(station.doneNs);
          expect(server.busyPeriodsBy(sim.now)).toBe(station.doneNs);
        });
        let at = 0;
        for (const [index, { gap }] of jobs.entries()) {
          at += gap;
          sim.at(at, 1, arrive, index, 0);
        }
        sim.run(10_000);
        expect(ends).toEqual(expected);
        expect([server.jobs, server.busyNs, server.waitNs]).toEqual([
          station.jobs,
          station.busyNs,
          station.waitNs,
        ]);
      }),
    );
  });
});
