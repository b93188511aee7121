import { describe, expect, it } from 'vitest';
import { Orb } from '../../src/zarch/orb.ts';
import { Schib } from '../../src/zarch/schib.ts';
import { CC, esw, P, PCI, SLI, StoredMachine, SUSPEND, status, type Word } from './stored-machine.ts';

const SUSPENDING: readonly Word[] = [
  ['nop', CC | SLI, 1],
  ['nop', SLI | SUSPEND, 1],
];

describe('suspend and resume', () => {
  function suspended(orb: Partial<Orb> = {}): StoredMachine {
    const test = new StoredMachine();
    test.write(P, SUSPENDING);
    test.start({ suspendControl: 1, ...orb });
    test.sim.run(1_000_000);
    return test;
  }

  it('suspends before the CCW with the flag, and says so by intermediate status', () => {
    const test = suspended();
    expect(status(test.test())).toBe('4029 P+10 0000 1');
    expect(test.schib().scsw).toMatchObject({ fctl: 4, actl: 1, stctl: 0 });
    expect(test.executed).toEqual(['+0/1 03']);
  });

  it('suspends without a word when that is suppressed', () => {
    const test = suspended({ suppressSuspended: 1 });
    expect(test.schib().scsw).toMatchObject({ fctl: 4, actl: 1, stctl: 0 });
  });

  it('gives the condition codes of a function in progress', () => {
    const test = suspended();
    const schib = test.schib();
    expect([test.issue('rsch', null), test.issue('xsch', null), test.start()]).toEqual([1, 1, 1]);
    expect(test.issue('msch', schib)).toBe(2);
    test.test();
    expect([test.start(), test.issue('msch', schib)]).toEqual([2, 2]);
  });

  it('goes on with the CCW as it is then, whatever was fetched ahead', () => {
    const test = suspended();
    test.test();
    test.write(P + 8, [['senseid', SLI, 16]]);
    expect(test.issue('rsch', null)).toBe(0);
    expect(test.schib().scsw).toMatchObject({ fctl: 4, actl: 0x41 });
    expect(test.issue('rsch', null)).toBe(2);
    test.wait();
    expect(status(test.test())).toBe('4007 P+10 0c00 0');
    expect(test.executed).toEqual(['+0/1 03', '+8/2 e4']);
  });

  it('suspends again when the flag is still on', () => {
    const test = suspended();
    for (let turn = 0; turn < 3; turn++) {
      expect(status(test.test())).toBe('4029 P+10 0000 1');
      expect(test.issue('rsch', null)).toBe(0);
      test.wait();
    }
  });

  it('can be cancelled', () => {
    const test = suspended();
    test.test();
    expect(test.issue('xsch', null)).toBe(0);
    expect(test.schib().scsw).toMatchObject({ fctl: 0, actl: 0, stctl: 0 });
    expect(test.run([['nop', SLI, 1]])).toMatch(/^4007/);
  });

  it('can be cancelled when it is about to go on', () => {
    const test = suspended();
    test.test();
    test.issue('rsch', null);
    expect(test.issue('xsch', null)).toBe(0);
    test.sim.run(2_000_000);
    expect(test.schib().scsw).toMatchObject({ fctl: 0, actl: 0, stctl: 0 });
  });

  it('is halted as it is: suspended, with intermediate status', () => {
    const test = suspended();
    test.test();
    expect(test.issue('hsch', null)).toBe(0);
    test.wait();
    expect(status(test.test())).toBe('6029 P+10 0000 1');
    expect(test.schib().scsw).toMatchObject({ fctl: 0, actl: 0, stctl: 0 });
  });

  it('is cleared like everything else', () => {
    const test = suspended();
    expect(test.issue('csch', null)).toBe(0);
    test.wait();
    const irb = test.test();
    expect([status(irb).slice(0, 4), esw(irb)]).toEqual(['1001', '00800000']);
  });

  it('can be resumed before it suspends itself, which uses the resumption up', () => {
    const test = new StoredMachine();
    test.write(P, [
      ['senseid', CC | SLI, 16],
      ['nop', CC | SLI | SUSPEND, 1],
      ['nop', SLI | SUSPEND, 1],
    ]);
    expect(test.start({ suspendControl: 1 })).toBe(0);
    expect([test.issue('rsch', null), test.issue('rsch', null)]).toEqual([0, 2]);
    test.write(P + 8, [['nop', CC | SLI, 1]]);
    test.wait();
    expect(status(test.test())).toBe('4029 P+18 0000 1');
    expect(test.executed).toEqual(['+0/1 e4', '+8/2 03']);
  });

  it('suspends itself all the same when the flag is still on', () => {
    const test = new StoredMachine();
    test.write(P, SUSPENDING);
    test.start({ suspendControl: 1 });
    test.issue('rsch', null);
    test.wait();
    expect(status(test.test())).toBe('4029 P+10 0000 1');
    expect(test.issue('rsch', null)).toBe(0);
  });

  it('shows a resumption as pending while the device works', () => {
    const test = new StoredMachine();
    test.write(P, [['senseid', SLI, 16]]);
    test.start({ suspendControl: 1 });
    while (test.schib().scsw.actl !== 6) test.sim.run(test.sim.now + 1_000);
    expect(test.issue('rsch', null)).toBe(0);
    expect(test.schib().scsw.actl).toBe(0x46);
    expect(test.issue('xsch', null)).toBe(2);
    test.wait();
    expect(status(test.test())).toBe('4007 P+8 0c00 0');
  });

  it('cannot be resumed when the ORB does not allow suspension', () => {
    const test = new StoredMachine();
    test.write(P, [['senseid', SLI, 16]]);
    test.start();
    expect(test.issue('rsch', null)).toBe(2);
  });

  it('tells of a program-controlled interruption even where suspension is not told', () => {
    const test = new StoredMachine();
    test.write(P, [['nop', SLI | SUSPEND | PCI, 1]]);
    test.start({ suspendControl: 1, suppressSuspended: 1 });
    expect(test.wait()).toBe(true);
    expect(status(test.test())).toBe('4029 P+8 0080 1');
  });

  it('names the path that it is going to use', () => {
    const test = new StoredMachine();
    test.write(P, [['nop', SLI | SUSPEND, 1]]);
    test.start({ suspendControl: 1 });
    test.wait();
    expect(test.schib().pmcw.lpum).toBe(0x80);
    expect(esw(test.test())).toBe('00800000');
  });

  it('leaves the device, so another host gets in between', () => {
    const test = new StoredMachine({ hosts: 2, facilities: '3990-3' });
    test.write(P, SUSPENDING);
    test.start({ suspendControl: 1 });
    test.sim.run(1_000_000);
    const { storage } = test.machine.images[1];
    storage.store(P, Uint8Array.of(0x03, SLI, 0, 1, 0, 0, 0, 0));
    test.start({}, 1);
    expect(test.wait(1)).toBe(true);
  });
});

describe('initial-status interruption', () => {
  it('comes when the device has accepted the first command, with zero condition code', () => {
    const test = new StoredMachine();
    test.write(P, [['senseid', SLI, 16]]);
    test.start({ initialStatus: 1 });
    test.wait();
    expect(test.test().scsw).toMatchObject({
      fctl: 4,
      actl: 6,
      stctl: 9,
      zeroCc: 1,
      cstat: 0,
      initialStatus: 1,
    });
    test.wait();
    expect(test.test().scsw).toMatchObject({ fctl: 4, actl: 0, stctl: 7, zeroCc: 0, dstat: 0x0c });
  });
});

describe('intermediate status', () => {
  function initial(): StoredMachine {
    const test = new StoredMachine();
    test.run([['senseid', SLI, 20]]);
    test.write(P, [['senseid', SLI, 16]]);
    test.start({ initialStatus: 1 });
    test.wait();
    return test;
  }

  it('shows the path of this operation and no count of an earlier one', () => {
    const irb = initial().test();
    expect([irb.scsw.stctl, irb.scsw.count, irb.lpum]).toEqual([9, 0, 0x80]);
  });

  it.each([
    ['csch', 0x1001],
    ['hsch', 0x6007],
  ] as const)('is gone after %s, with its zero condition code', (instruction, control) => {
    const test = initial();
    expect(test.issue(instruction, null)).toBe(0);
    test.wait();
    const irb = test.test();
    expect(status(irb).slice(0, 4)).toBe(control.toString(16));
    expect(irb.scsw.zeroCc).toBe(0);
  });
});

describe('a program that is over with its initial status', () => {
  it('has no other interruption for that', () => {
    expect(new StoredMachine().run([['nop', SLI, 1]], { initialStatus: 1 })).toBe('4007 P+8 0c00 1');
  });
});

describe('stopping a program in storage', () => {
  const LONG: readonly Word[] = Array.from({ length: 200 }, (): Word => ['senseid', CC | SLI, 16]);

  function running(): StoredMachine {
    const test = new StoredMachine();
    test.write(P, [...LONG, ['nop', SLI, 1]]);
    test.start();
    test.sim.run(1_000_000);
    return test;
  }

  it('HSCH ends it where it is', () => {
    const test = running();
    const { ccwAddress } = test.schib().scsw;
    expect(test.issue('hsch', null)).toBe(0);
    test.wait();
    const { scsw } = test.test();
    expect(scsw).toMatchObject({ fctl: 6, actl: 0, stctl: 7, dstat: 0x0c, ccwAddress });
    expect(ccwAddress).toBeGreaterThan(P + 8);
    expect(test.run([['nop', SLI, 1]])).toBe('4007 P+8 0c00 1');
  });

  it('CSCH ends it without a trace', () => {
    const test = running();
    expect(test.issue('csch', null)).toBe(0);
    test.wait();
    expect(test.test().scsw).toMatchObject({ fctl: 1, actl: 0, stctl: 1, dstat: 0, cstat: 0 });
    test.executed.length = 0;
    test.sim.run(20_000_000);
    expect(test.executed).toEqual([]);
    expect(test.run([['nop', SLI, 1]])).toBe('4007 P+8 0c00 1');
  });

  it('a path that goes ends it with interface-control check', () => {
    const test = running();
    test.machine.configuration.configureChpid(test.machine.channelPaths[0], false);
    test.wait();
    const irb = test.test();
    expect(irb.scsw).toMatchObject({ fctl: 4, actl: 0, stctl: 0x17, cstat: 2, eswFormat: 1 });
    expect(esw(irb)).toBe('00804400');
  });
});

describe('unit check', () => {
  const REFUSED: readonly Word[] = [[0xff, SLI, 1]];
  const SENSE: readonly Word[] = [['sense', SLI, 32]];

  it('leaves the sense data at the device when the program did not ask for concurrent sense', () => {
    const test = new StoredMachine();
    expect(test.run(REFUSED)).toBe('4017 P+8 0e00 0');
    expect(test.run(SENSE)).toBe('4007 P+8 0c00 0');
    expect(test.load(0x45000, 8)).toBe('8000000000000001');
    expect(test.run(SENSE)).toBe('4007 P+8 0c00 0');
    expect(test.load(0x45000, 8)).toBe('0000000000000000');
  });

  it('brings them along when it did', () => {
    const test = new StoredMachine();
    test.enable({ concurrentSense: 1 });
    test.write(P, REFUSED);
    test.start();
    test.wait();
    const irb = test.test();
    expect(irb).toMatchObject({ concurrentSense: 1, senseCount: 32 });
    expect(irb.scsw.extendedControl).toBe(1);
    expect(irb.sense[0]).toBe(0x80);
  });

  it('makes the next start use the same path, and only the next', () => {
    const test = new StoredMachine({ paths: 4 });
    test.run([['nop', SLI, 1]]);
    test.run(REFUSED);
    const { lpum } = test.schib().pmcw;
    test.run(SENSE);
    expect(test.schib().pmcw.lpum).toBe(lpum);
    test.run([['nop', SLI, 1]]);
    expect(test.schib().pmcw.lpum).toBe(lpum >> 1);
  });

  it('finds no path when the program does not allow that one', () => {
    const test = new StoredMachine({ paths: 2 });
    test.run(REFUSED);
    const { lpum } = test.schib().pmcw;
    test.start({ lpm: 0xff & ~lpum });
    test.wait();
    expect(test.test().scsw).toMatchObject({ cc: 3, stctl: 0x17 });
    test.issue('csch', null);
    test.wait();
    test.test();
    expect(test.run([['nop', SLI, 1]], { lpm: 0xff & ~lpum })).toMatch(/^4007/);
  });

  it('keeps the device from other hosts until the sense data have been asked for', () => {
    const test = new StoredMachine({ hosts: 2 });
    test.run(REFUSED);
    test.machine.images[1].storage.store(P, Uint8Array.of(0x03, SLI, 0, 1, 0, 0, 0, 0));
    test.start({}, 1);
    test.sim.run(test.sim.now + 10_000_000);
    expect(test.schib(1).scsw).toMatchObject({ fctl: 4, actl: 0x20, stctl: 0 });
    expect(test.run([['nop', SLI, 1]])).toMatch(/^4007/);
    expect(test.schib(1).scsw.actl).toBe(0x20);
    test.run(SENSE);
    expect(test.wait(1)).toBe(true);
    expect(test.test(1).scsw).toMatchObject({ stctl: 7, dstat: 0x0c });
  });

  it('comes first to a path that was reset', () => {
    const test = new StoredMachine();
    test.run([['nop', SLI, 1]]);
    test.unit.systemReset(0, 0);
    test.write(P, [
      ['nop', CC | SLI | PCI, 1],
      ['nop', SLI, 1],
    ]);
    test.start();
    test.sim.run(10_000_000);
    expect(status(test.test())).toBe('401f P+8 0e80 0');
    test.run(SENSE);
    expect(test.load(0x45007, 1)).toBe('08');
  });
});

describe('a program that comes as a whole', () => {
  it('may follow one in storage on the same subchannel', () => {
    const test = new StoredMachine();
    test.run([['nop', SLI, 1]]);
    const orb = Object.assign(new Orb(), { lpm: 0xff });
    orb.program = {
      ccws: [{ command: 0xe4, flags: SLI, count: 7, data: new Uint8Array(7), versions: null }],
      length: 1,
    };
    expect(test.issue('ssch', orb)).toBe(0);
    test.wait();
    expect(test.test().scsw).toMatchObject({ stctl: 7, ccwAddress: 0 });
    expect(orb.program.ccws[0].data![0]).toBe(0xff);
    expect(new Schib().scsw.ccwAddress).toBe(0);
  });
});
