import { describe, expect, test } from 'vitest';
import { PRIORITY } from '../../src/kernel/priority.ts';
import { Processes, type Steps } from '../../src/kernel/process.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { Station } from '../../src/kernel/station.ts';
import { NEVER } from '../../src/kernel/time.ts';
import { type LoopJob, MainLoop } from '../../src/qemu/main-loop.ts';

/** One QEMU, or several on a host with some processors. */
class LoopRig {
  readonly sim = new Simulation();
  readonly cpus: Station;
  readonly story: string[] = [];
  readonly loops: MainLoop[];

  constructor({ loops = 1, cpus = 8 } = {}) {
    const processes = new Processes(this.sim);
    this.cpus = new Station(this.sim, 'host.cpus', cpus, PRIORITY.HOST);
    const host = { sim: this.sim, processes, cpus: this.cpus };
    this.loops = Array.from({ length: loops }, (_, at) => new MainLoop(`vm${at}`, host));
  }

  /** A job that works in user space, then in the kernel, and writes down when it begins and ends. */
  job(name: string, userNs: number, kernelNs = 0): LoopJob {
    const { sim, story } = this;
    return {
      costNs: userNs,
      *begin(self): Steps {
        story.push(`${sim.now} ${name}`);
        self.charge(kernelNs);
        yield* self.settle();
      },
      ended: () => story.push(`${sim.now} ${name} ended`),
    };
  }

  run(): string[] {
    this.sim.run(NEVER);
    return this.story;
  }
}

describe('the big lock', () => {
  test('is given to one job after the other, in the order in which they asked, with all that they cost', () => {
    const rig = new LoopRig();
    rig.loops[0].submit(rig.job('ssch', 10, 5));
    rig.loops[0].submit(rig.job('eventfd', 1, 2));
    rig.loops[0].submit(rig.job('stsch', 10));
    expect(rig.run()).toEqual([
      '10 ssch',
      '15 ssch ended',
      '16 eventfd',
      '18 eventfd ended',
      '28 stsch',
      '28 stsch ended',
    ]);
    expect(rig.loops[0].heldNs).toBe(28);
  });

  test('is one for each QEMU: two of them work at the same time', () => {
    const rig = new LoopRig({ loops: 2 });
    rig.loops[0].submit(rig.job('a', 10));
    rig.loops[1].submit(rig.job('b', 10));
    expect(rig.run()).toEqual(['10 a', '10 a ended', '10 b', '10 b ended']);
  });

  test('is held while its owner waits for a processor of the host', () => {
    const rig = new LoopRig({ loops: 2, cpus: 1 });
    rig.loops[0].submit(rig.job('a', 10));
    rig.loops[1].submit(rig.job('b', 10));
    expect(rig.run()).toEqual(['10 a', '10 a ended', '20 b', '20 b ended']);
    expect(rig.loops[1].heldNs).toBe(20);
  });

  test('keeps order however many ask', () => {
    const rig = new LoopRig();
    const names = Array.from({ length: 100 }, (_, at) => `job-${at}`);
    for (const name of names) rig.loops[0].submit(rig.job(name, 1));
    const begun = rig.run().filter((line) => !line.endsWith('ended'));
    expect(begun).toEqual(names.map((name, at) => `${at + 1} ${name}`));
  });
});

test('a timer is handled under the lock, at its last time only, unless it is taken back', () => {
  const rig = new LoopRig();
  const [loop] = rig.loops;
  const note = (text: string) =>
    loop.timer(function* (self) {
      yield* self.settle();
      rig.story.push(`${rig.sim.now} ${text}`);
    });
  const late = note('late');
  const never = note('never');
  late.arm(5);
  late.arm(20);
  never.arm(7);
  never.disarm();
  expect([late.armed, never.armed]).toEqual([true, false]);
  loop.submit(rig.job('exit', 30));
  expect(rig.run()).toEqual(['30 exit', '30 exit ended', '30 late']);
});
