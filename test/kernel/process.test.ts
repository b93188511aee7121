import { describe, expect, it } from 'vitest';
import { Processes, type Steps, WaitQueue } from '../../src/kernel/process.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { Station } from '../../src/kernel/station.ts';
import { NEVER } from '../../src/kernel/time.ts';

function stage(): { sim: Simulation; processes: Processes; story: string[]; say: (what: string) => void } {
  const sim = new Simulation();
  const story: string[] = [];
  const say = (what: string): void => {
    story.push(`${sim.now}: ${what}`);
  };
  return { sim, processes: new Processes(sim), story, say };
}

describe('a process', () => {
  it('reads like the sequential code it stands for', () => {
    const { sim, processes, story, say } = stage();
    const process = processes.spawn('sleeper', 0, null, 0, function* (self) {
      say('begins');
      yield* self.sleep(10);
      say('slept');
      yield* self.work(5);
      say('worked');
    });
    sim.run(12);
    expect(process.ended).toBe(false);
    sim.run(NEVER);
    expect(story).toEqual(['0: begins', '10: slept', '15: worked']);
    expect(process.ended).toBe(true);
  });

  it('gets the answer that is posted to it', () => {
    const { sim, processes, story, say } = stage();
    const asker = processes.spawn('asker', 0, null, 0, function* (self) {
      say(`cc ${yield* self.wait()}`);
    });
    const answer = sim.defineEvent('answer', () => sim.after(0, asker.priority, asker.kind, asker.target, 3));
    sim.at(70, 0, answer, 0, 0);
    sim.run(NEVER);
    expect(story).toEqual(['70: cc 3']);
  });

  it('pays for its instructions on a processor, behind others that were there before', () => {
    const { sim, processes, story, say } = stage();
    const cpu = new Station(sim, 'cpu', 1, 0);
    const worker = (name: string, costNs: number) =>
      processes.spawn(name, 0, cpu, 1, function* (self) {
        self.charge(costNs);
        self.charge(costNs);
        say(`${name} issued`);
        yield* self.settle();
        say(`${name} settled`);
        yield* self.settle();
        say(`${name} owes ${self.owedNs}`);
      });
    worker('a', 10);
    worker('b', 20);
    sim.run(NEVER);
    expect(story).toEqual([
      '0: a issued',
      '0: b issued',
      '20: a settled',
      '20: a owes 0',
      '60: b settled',
      '60: b owes 0',
    ]);
    expect([cpu.busyNs, cpu.waitNs]).toEqual([60, 20]);
  });

  it('must not be resumed after its end', () => {
    const { sim, processes } = stage();
    const process = processes.spawn('done', 0, null, 0, function* (): Steps {});
    sim.at(5, 0, process.kind, process.target, 0);
    expect(() => sim.run(NEVER)).toThrow(
      'event 2 (resume, target 0) at 5 ns: process done was resumed after its end',
    );
  });
});

describe('a wait queue', () => {
  it('wakes all who wait, in waiting order, and each looks at its own condition again', () => {
    const { sim, processes, story, say } = stage();
    const changed = new WaitQueue(sim);
    let level = 0;
    for (const wanted of [2, 1, 2, 0]) {
      processes.spawn(`waits for ${wanted}`, 0, null, 0, function* (self) {
        yield* changed.until(self, () => level >= wanted);
        say(self.name);
      });
    }
    const raise = sim.defineEvent('raise', () => {
      level++;
      changed.wake();
    });
    sim.at(10, 0, raise, 0, 0);
    sim.at(20, 0, raise, 0, 0);
    sim.run(NEVER);
    expect(story).toEqual(['0: waits for 0', '10: waits for 1', '20: waits for 2', '20: waits for 2']);
  });
});
