import { describe, expect, it } from 'vitest';
import { expandFaults } from '../../src/faults/expand.ts';
import type { Fault } from '../../src/faults/fault.ts';
import { FaultSchedule, type FaultTarget } from '../../src/faults/fault-schedule.ts';
import { PRIORITY } from '../../src/kernel/priority.ts';
import { RandomStreams } from '../../src/kernel/random.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { EVENT } from '../../src/observe/event-table.ts';
import { BLIND, type Observer } from '../../src/observe/observer.ts';

const link = (chpid: number, controlUnit: number) => ({ links: [{ chpid, controlUnit }], part: '' });
const STEADY = { initial: 0, rampNs: 0, steps: 0 };

/** Lets faults happen to a machine that only writes down what was done to it. */
function play(faults: readonly Fault[]): string[] {
  const sim = new Simulation();
  const story: string[] = [];
  const note = (text: string): void => {
    story.push(`${sim.now} ${text}`);
  };
  const target: FaultTarget = {
    configureChpid: (chpid, on, reported) =>
      note(`configure ${chpid.toString(16)} ${on ? 'on' : 'off'}${reported ? '' : ' silently'}`),
    setLink: ({ chpid, controlUnit }, up) =>
      note(`link ${chpid.toString(16)}-${controlUnit} ${up ? 'up' : 'down'}`),
    setGray: ({ chpid }, gray, inForce) =>
      note(`${gray.kind} ${chpid.toString(16)} ${inForce ? 'begins' : 'ends'}`),
    resetControlUnit: (controlUnit) => note(`reset ${controlUnit}`),
    varyChpid: (system, chpid, on) => note(`vary ${system} ${chpid.toString(16)} ${on ? 'on' : 'off'}`),
    loseReports: (system, probability) => note(`lose ${system} ${probability}`),
    configureDevice: ({ ssid, deviceNumber }, attached) =>
      note(`${attached ? 'attach' : 'detach'} ${ssid}.${deviceNumber.toString(16)}`),
    killGuest: (system) => note(`kill ${system}`),
  };
  const observer: Observer = {
    ...BLIND,
    emit: (event, system, _subchannel, chpid, _lpm, _cc, index, what, on) =>
      note(
        `event ${event === EVENT.fault ? 'fault' : event} ${index} (${what}, ${on}) system ${system} chpid ${chpid}`,
      ),
  };
  const machine = sim.defineEvent('machine', () => note('machine acts'));
  sim.at(10, PRIORITY.MACHINE, machine, 0, 0);
  new FaultSchedule(sim, expandFaults(faults, new RandomStreams('7')), target, observer).start();
  sim.run(100);
  return story;
}

describe('a fault schedule', () => {
  it('does what the faults say, when they say it, and records it', () => {
    const story = play([
      { kind: 'configure', name: 'loss', atNs: 20, chpids: [0x40], on: false },
      { kind: 'vary', name: '', atNs: 30, chpids: [0x41], on: false, system: 1 },
      { kind: 'link', name: '', atNs: 40, ...link(0x42, 3), on: true },
      { kind: 'reset', name: '', atNs: 50, controlUnit: 2 },
      { kind: 'error-rate', name: '', atNs: 60, untilNs: 70, ...link(0x40, 0), ...STEADY, probability: 0.5 },
    ]);
    expect(story).toEqual([
      '10 machine acts',
      '20 event fault 0 (0, 0) system -1 chpid 64',
      '20 configure 40 off',
      '30 event fault 1 (1, 0) system 1 chpid 65',
      '30 vary 1 41 off',
      '40 event fault 2 (2, 1) system -1 chpid 66',
      '40 link 42-3 up',
      '50 event fault 3 (4, 0) system -1 chpid -1',
      '50 reset 2',
      '60 event fault 4 (3, 0) system -1 chpid 64',
      '60 error-rate 40 begins',
      '70 event fault 4 (3, 1) system -1 chpid 64',
      '70 error-rate 40 ends',
    ]);
  });

  it('acts before the machine at the same time, all steps of that time together', () => {
    const story = play([{ kind: 'configure', name: '', atNs: 10, chpids: [0x40, 0x41], on: false }]);
    expect(story.filter((line) => !line.includes('event'))).toEqual([
      '10 configure 40 off',
      '10 configure 41 off',
      '10 machine acts',
    ]);
  });

  it('a link works when everything on its way does', () => {
    const { links } = link(0x40, 0);
    const both = [...links, ...link(0x41, 0).links];
    const story = play([
      { kind: 'link', name: '', atNs: 20, links: both, part: 'director sw1', on: false },
      { kind: 'link', name: '', atNs: 30, links, part: '', on: false },
      { kind: 'link', name: '', atNs: 40, links: both, part: 'director sw1', on: true },
      { kind: 'link', name: '', atNs: 50, links, part: '', on: true },
    ]);
    expect(story.filter((line) => line.includes('link'))).toEqual([
      '20 link 40-0 down',
      '20 link 41-0 down',
      '30 link 40-0 down',
      '40 link 40-0 down',
      '40 link 41-0 up',
      '50 link 40-0 up',
    ]);
  });

  it('of no faults leaves the machine alone', () => {
    expect(play([])).toEqual(['10 machine acts']);
  });

  it('does not go on after the end of the run', () => {
    expect(play([{ kind: 'reset', name: '', atNs: 101, controlUnit: 0 }])).toEqual(['10 machine acts']);
  });
});
