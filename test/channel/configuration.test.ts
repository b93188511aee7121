import { describe, expect, it } from 'vitest';
import { REPORT_PROFILES } from '../../src/channel/machine-model.ts';
import { ChscBlock } from '../../src/zarch/chsc.ts';
import { Crw, crwWord } from '../../src/zarch/crw.ts';
import { TestMachine } from './test-machine.ts';

const SECOND = 1_000_000_000;

function reports(test: TestMachine): string[] {
  const words: string[] = [];
  const crw = new Crw();
  while (test.issue('stcrw', 0, crw) === 0) words.push(crwWord(crw).toString(16).padStart(8, '0'));
  return words;
}

function configure(test: TestMachine, path: number, on: boolean): void {
  test.machine.configuration.configureChpid(test.machine.channelPaths[path], on);
  test.runFor(SECOND);
}

describe('a CHPID leaves and enters the configuration', () => {
  it('verbose: PAM changes, one report each way, one machine check per drained queue', () => {
    const test = new TestMachine();
    configure(test, 1, false);
    expect(test.stsch(0).pmcw).toMatchObject({ pam: 0xb0, pom: 0xff, pim: 0xf0 });
    expect(reports(test)).toEqual(['04060041']);
    configure(test, 1, true);
    expect(test.stsch(0).pmcw.pam).toBe(0xf0);
    expect(reports(test)).toEqual(['04020041']);
    expect(test.announced).toEqual(['machine-check', 'machine-check']);
  });

  it('without a drain to cc 1 there is no second machine check', () => {
    const test = new TestMachine();
    configure(test, 1, false);
    test.issue('stcrw', 0, new Crw());
    configure(test, 1, true);
    expect(test.announced).toEqual(['machine-check']);
    expect(reports(test)).toEqual(['04020041']);
  });

  it('quiet arrival: the path is available again and nobody is told', () => {
    const test = new TestMachine({ options: { reports: REPORT_PROFILES['quiet-arrive'] } });
    configure(test, 1, false);
    configure(test, 1, true);
    expect(reports(test)).toEqual(['04060041']);
    expect(test.stsch(0).pmcw.pam).toBe(0xf0);
  });

  it('a full queue loses reports and says so in the last one it holds', () => {
    const test = new TestMachine({ options: { crwQueueDepth: 2 } });
    for (const path of [0, 1, 2]) configure(test, path, false);
    expect(reports(test)).toEqual(['04060040', '24060041']);
    expect(test.image.reports).toMatchObject({ queued: 2, read: 2, lost: 1 });
  });

  it('an operation on the path ends with interface-control check, one elsewhere goes on', () => {
    const test = new TestMachine({ options: { configureDelayNs: 0 } });
    test.enable(0);
    test.enable(1);
    test.ssch(0);
    test.ssch(1);
    test.runFor(60_000);
    test.machine.configuration.configureChpid(test.machine.channelPaths[0], false);
    test.runFor(SECOND);
    const lost = test.tsch(0).irb;
    expect(lost.scsw).toMatchObject({ cstat: 2, dstat: 0, stctl: 0x17, cc: 0 });
    expect(lost).toMatchObject({ eswFormat: 0, lpum: 0x80, pathVerification: 1 });
    expect(test.tsch(1).irb.scsw).toMatchObject({ cstat: 0, dstat: 0x0c });
    expect(test.unit.executed).toEqual([{ unitAddress: 1, port: 1 }]);
  });

  it('a start that no device accepted yet takes another path', () => {
    const test = new TestMachine({ options: { configureDelayNs: 0 } });
    test.enable(0);
    test.ssch(0);
    test.runFor(10_000);
    test.machine.configuration.configureChpid(test.machine.channelPaths[0], false);
    test.runFor(SECOND);
    expect(test.tsch(0).irb.scsw).toMatchObject({ cstat: 0, dstat: 0x0c });
    expect(test.unit.executed).toEqual([{ unitAddress: 0, port: 1 }]);
  });

  it('silent loss: nothing ends until a clear function asks', () => {
    const test = new TestMachine({ options: { configureDelayNs: 0, lostOperation: 'silent' } });
    test.enable(0);
    test.ssch(0);
    test.runFor(60_000);
    test.machine.configuration.configureChpid(test.machine.channelPaths[0], false);
    test.runFor(10 * SECOND);
    expect(test.tsch(0).cc).toBe(1);
    expect(test.stsch(0).scsw.fctl).toBe(4);
    test.issue('csch', 0, null);
    test.runFor(SECOND);
    expect(test.tsch(0).irb.scsw).toMatchObject({ fctl: 1, stctl: 1 });
  });

  it('a disconnected device of a multipath group comes back on another path', () => {
    const test = new TestMachine({ options: { configureDelayNs: 0 } });
    test.unit.disconnectNs = 5_000_000;
    test.enable(0);
    test.ssch(0);
    test.runFor(1_000_000);
    expect(test.stsch(0).scsw.actl).toBe(0x02);
    test.machine.configuration.configureChpid(test.machine.channelPaths[0], false);
    test.runFor(SECOND);
    const { irb } = test.tsch(0);
    expect(irb.scsw).toMatchObject({ cstat: 0, dstat: 0x0c });
    expect(irb.lpum).toBe(0x40);
    expect(irb.discNs).toBe(5_000_000);
  });
});

describe('a link breaks and heals', () => {
  it('is noticed after the detection time; POM falls when the path is tried, PAM stays', () => {
    const test = new TestMachine();
    test.enable(0);
    test.machine.configuration.setLink(test.machine.channelPaths[0], test.unit, false);
    test.ssch(0);
    test.runFor(50_000_000);
    expect(test.tsch(0).cc).toBe(1);
    test.runFor(100_000_000);
    expect(test.tsch(0).irb.scsw.cstat).toBe(2);
    test.ssch(0, 0xc0);
    test.runFor(SECOND);
    expect(test.tsch(0).irb.scsw.cc).toBe(0);
    expect(test.stsch(0).pmcw).toMatchObject({ pam: 0xf0 });
    test.ssch(0, 0x80);
    test.runFor(SECOND);
    expect(test.tsch(0).irb.scsw).toMatchObject({ cc: 3, pathNotOperational: 1 });
    expect(test.stsch(0).pmcw).toMatchObject({ pam: 0xf0, pom: 0x7f, pnom: 0x80 });
  });

  it('gives event information: a link incident, then resource accessibility with the link address', () => {
    const test = new TestMachine();
    const [path] = test.machine.channelPaths;
    test.machine.configuration.setLink(path, test.unit, false);
    test.runFor(SECOND);
    test.machine.configuration.setLink(path, test.unit, true);
    test.runFor(SECOND);
    // One CSS report stands for both events, because the first was not read before the second came.
    expect(reports(test)).toEqual(['0b000000']);
    const block = new ChscBlock();
    block.command = 0x000e;
    test.issue('chsc', 0, block);
    expect(block.response).toBe(1);
    expect(block.event).toMatchObject({ contentCode: 1, incidentClass: 2, rsid: 0x40, more: true });
    test.issue('chsc', 0, block);
    expect(block.event).toMatchObject({ contentCode: 2, validity: 0xc0, rsid: 0x40, more: false });
    test.issue('chsc', 0, block);
    expect(block.response).toBe(5);
  });
});
