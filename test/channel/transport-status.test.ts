import { expect, test } from 'vitest';
import { encodeIrb } from '../../src/zarch/irb.ts';
import { Orb } from '../../src/zarch/orb.ts';
import { encodeSchib } from '../../src/zarch/schib.ts';
import { FCTL } from '../../src/zarch/scsw.ts';
import { NOTHING_TO_DO, TestMachine } from './test-machine.ts';

/* What TSCH and STSCH show of programs in transport mode, which the model's own systems give as a whole. */

const DONE_NS = 10_000_000;

function start(machine: TestMachine, transportMode: number): number {
  const orb = Object.assign(new Orb(), { lpm: 0xff, transportMode, programAddress: 0x44000 });
  orb.program = { ...NOTHING_TO_DO, transport: transportMode === 1 };
  return machine.issue('ssch', 0, orb);
}

/** The first three words of the IRB. */
const words = (machine: TestMachine): string[] => {
  const bytes = encodeIrb(machine.tsch(0).irb);
  return [0, 4, 8].map((at) => new DataView(bytes.buffer).getUint32(at).toString(16).padStart(8, '0'));
};

test('status has the form of transport mode until a start of the other mode', () => {
  const machine = new TestMachine();
  machine.enable(0);
  expect(start(machine, 1)).toBe(0);
  // X and start pending, as STSCH shows it.
  expect([...encodeSchib(machine.stsch(0)).subarray(28, 36)]).toEqual([0, 0x10, 0x44, 0, 0, 4, 0x40, 0]);
  machine.runFor(DONE_NS);
  expect(words(machine)).toEqual(['00104007', '00044000', '0c000100']);
  expect(start(machine, 0)).toBe(0);
  machine.runFor(DONE_NS);
  expect(words(machine)[0]).toBe('00c04007');
});

test('a program that is halted has no status block', () => {
  const machine = new TestMachine();
  machine.enable(0);
  start(machine, 1);
  machine.issue('hsch', 0, null);
  machine.runFor(DONE_NS);
  const { scsw } = machine.tsch(0).irb;
  expect(scsw).toMatchObject({ transport: 1, fctl: FCTL.START | FCTL.HALT, fcxStatus: 0 });
});

test('a path that is lost leaves none, either', () => {
  const machine = new TestMachine({ paths: 1, options: { lostOperation: 'ifcc', configureDelayNs: 0 } });
  machine.enable(0);
  start(machine, 1);
  machine.runFor(20_000);
  machine.machine.configuration.configureChpid(machine.machine.channelPaths[0], false);
  machine.runFor(DONE_NS);
  expect(words(machine)[2]).toBe('00020000');
});
