import { describe, expect, it } from 'vitest';
import { DEV_STATE } from '../../src/linux/device-state.ts';
import { E } from '../../src/linux/errno.ts';
import { type Answer, FakeChannelSubsystem, type FakeOptions } from './fake-css.ts';
import { nop, Rig, type RigOptions } from './rig.ts';

const SECOND = 1_000_000_000;

/** One device online on four paths; I/O of the driver from now on gets `answer`. */
function online(options: RigOptions = {}, css: FakeOptions = {}) {
  const device = { deviceNumber: 0x1000, chpids: [0x40, 0x41, 0x42, 0x43], answer: (): Answer => 'end' };
  const rig = new Rig((sim) => new FakeChannelSubsystem(sim, [device], css), {
    online: true,
    ...options,
  }).boot();
  rig.recorder.clear();
  rig.driver.log.length = 0;
  const cdev = rig.linux.device(0x1000)!;
  const start = (intparm = 1, lpm = 0) => cdev.start(nop(), intparm, lpm, 0, 0);
  return { rig, device, cdev, start };
}

const ended = (intparm: number) => `handler ${intparm} cc=0 dstat=c error=0`;
const faked = (intparm: number) => `handler ${intparm} cc=1 dstat=0 error=0`;

describe('starting I/O', () => {
  it('offers all usable paths when the driver names none, and those that it names otherwise', () => {
    const { rig, start } = online();
    expect(start(1)).toBe(E.OK);
    rig.runFor(SECOND);
    expect(start(2, 0x60)).toBe(E.OK);
    rig.runFor(SECOND);
    expect(rig.recorder.commands.map(({ lpm }) => lpm)).toEqual([0xf0, 0x60]);
    expect(rig.driver.log).toEqual([ended(1), ended(2)]);
  });

  it('paths that are not usable: −EACCES without an instruction', () => {
    const { rig, start } = online();
    expect(start(1, 0x0f)).toBe(E.ACCES);
    expect(rig.recorder.count('ssch')).toBe(0);
  });

  it('busy subchannel: −EBUSY', () => {
    const { rig, start } = online({}, { deviceNs: 1_000_000 });
    expect(start()).toBe(E.OK);
    expect(start(2)).toBe(E.BUSY);
    rig.runFor(SECOND);
    expect(rig.driver.log).toEqual([ended(1)]);
  });

  it('a starter may go on from its own completion', () => {
    const { rig, start } = online();
    let left = 3;
    rig.driver.onInterruption = () => {
      if (left-- > 0) expect(start(10 + left)).toBe(E.OK);
    };
    start(1);
    rig.runFor(SECOND);
    expect(rig.driver.log).toEqual([ended(1), ended(12), ended(11), ended(10)]);
  });

  it('condition code 3 takes away the whole mask, verifies, and answers later starts with a fake IRB', () => {
    const { rig, cdev, start } = online({}, { deviceNs: 1_000 });
    rig.css.setPath(0x40, false);
    expect(start(1, 0x80)).toBe(E.ACCES);
    expect(cdev.pathMask).toBe(0x70);
    expect(cdev.state).toBe(DEV_STATE.VERIFY);
    expect(start(2)).toBe(E.OK);
    expect(start(3)).toBe(E.BUSY);
    rig.runFor(SECOND);
    expect(rig.driver.log).toEqual([faked(2), 'path 00000000']);
  });

  it('a path that fails during an operation leaves the mask, and verification waits for the end of it', () => {
    const { rig, device, cdev, start } = online();
    let broken = true;
    device.answer = (...[path]: unknown[]): Answer => (path === 0 && broken ? 'not-operational' : 'end');
    expect(start()).toBe(E.OK);
    rig.driver.onInterruption = () => {
      broken = false;
      expect(cdev.pathMask).toBe(0x70);
    };
    rig.runFor(SECOND);
    expect(cdev.pathMask).toBe(0xf0);
    expect(rig.recorder.count('verify.start')).toBe(1);
  });

  it.each([
    ['6.16', E.OK, [ended(1), faked(2)]],
    ['5.10', E.BUSY, [ended(1)]],
  ] as const)('while a verification is owed (%s)', (kernel, rc, log) => {
    const { rig, start } = online({ kernel }, { deviceNs: 1_000_000 });
    const results: number[] = [];
    rig.driver.onInterruption = (_device, irb) => {
      if (irb.scsw.cc === 0) results.push(start(2));
    };
    expect(start(1)).toBe(E.OK);
    rig.act((self) => rig.linux.rescan(self), 100_000);
    rig.runFor(SECOND);
    expect(results).toEqual([rc]);
    expect(rig.driver.log.filter((line) => line.startsWith('handler'))).toEqual(log);
  });

  it('a path goes under a running operation: it is stopped, and the driver gets −EIO', () => {
    const { rig, device, start } = online();
    device.answer = () => 'silent';
    expect(start(7)).toBe(E.OK);
    device.answer = () => 'end';
    rig.act((self) => rig.linux.varyChpid(self, 0x40, false));
    expect(rig.recorder.trace().filter((line) => /^[xhc]sch/.test(line))).toEqual([
      'xsch 0.0.0000 cc=2',
      'hsch 0.0.0000 cc=0',
    ]);
    expect(rig.driver.log).toEqual([`handler 7 cc=0 dstat=0 error=${E.IO}`, 'path 10000000']);
    expect(rig.linux.pathMasks(0)).toEqual({ lpm: 0x70, vpm: 0x70, opm: 0x7f });
  });

  it('a path goes while the operation runs on another one: it is left alone', () => {
    const { rig, start } = online();
    rig.css.deviceNs = 500_000_000;
    start(7);
    rig.act((self) => rig.linux.varyChpid(self, 0x41, false), 100_000_000);
    expect(rig.recorder.count('verify.start')).toBe(0);
    rig.css.deviceNs = 0;
    rig.runFor(SECOND);
    expect(rig.driver.log).toEqual([ended(7), 'path 01000000']);
  });

  it('clear and halt come back with their own parameter', () => {
    const { rig, device, cdev, start } = online();
    device.answer = () => 'silent';
    start(1);
    expect(cdev.clear(2)).toBe(E.OK);
    rig.runFor(SECOND);
    start(3);
    expect(cdev.halt(4)).toBe(E.OK);
    rig.runFor(SECOND);
    expect(rig.driver.log.map((line) => line.slice(0, 9))).toEqual(['handler 2', 'handler 4']);
  });

  it('unit check with concurrent sense goes to the driver as it is; without, a basic sense fetches the data first', () => {
    const { rig, device, cdev, start } = online();
    device.answer = () => ({ sense: 0x40 });
    start(1);
    rig.runFor(SECOND);
    expect(rig.driver.log).toEqual(['handler 1 cc=0 dstat=e error=0']);
    rig.css.at(0)!.schib.pmcw.concurrentSense = 0;
    start(2);
    device.answer = () => 'end';
    rig.runFor(SECOND);
    expect(rig.driver.log).toEqual(['handler 1 cc=0 dstat=e error=0', 'handler 2 cc=0 dstat=e error=0']);
    expect(rig.recorder.commands.map(({ command }) => command)).toEqual([3, 3, 4]);
    expect(cdev.state).toBe(DEV_STATE.ONLINE);
  });
});

describe('a channel subsystem that answers later', () => {
  const late = { answerNs: 20_000 };

  it('gives the same instructions in boot, online and path loss', () => {
    const run = (css: FakeOptions) => {
      const { rig } = online({}, css);
      rig.recorder.clear();
      rig.css.setPath(0x40, false);
      rig.css.report({ rsc: 4, erc: 6, rsid: 0x40 });
      rig.runFor(SECOND);
      return rig.recorder.trace().sort();
    };
    expect(run(late)).toEqual(run({}));
  });

  it('accepts a start, and tells the handler when it was refused after all', () => {
    const { rig, start } = online({}, late);
    rig.css.setPath(0x40, false);
    expect(start(1, 0x80)).toBe(E.OK);
    expect(start(2)).toBe(E.BUSY);
    rig.runFor(SECOND);
    expect(rig.driver.log[0]).toBe(`handler 1 cc=0 dstat=0 error=${E.ACCES}`);
    expect(rig.linux.pathMasks(0)!.vpm).toBe(0x70);
  });

  it('carries on a stream of I/O that starts from its completions', () => {
    const { rig, start } = online({}, late);
    let left = 100;
    rig.driver.onInterruption = () => {
      if (left-- > 0) expect(start(left)).toBe(E.OK);
    };
    start(100);
    rig.runFor(SECOND);
    expect(rig.driver.log).toHaveLength(101);
    expect(new Set(rig.driver.log.map((line) => line.slice(-20))).size).toBe(1);
  });
});
