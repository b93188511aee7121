import { describe, expect, it } from 'vitest';
import type { PendingEvent } from '../../src/channel/event-information.ts';
import { NOTIFICATION } from '../../src/zarch/chsc.ts';
import { Crw, crwWord, ERC, RSC } from '../../src/zarch/crw.ts';
import { TestMachine } from './test-machine.ts';

/** Everything that is in the queue, as words; the last STCRW gives cc 1. */
function drain(test: TestMachine): string[] {
  const words: string[] = [];
  const crw = new Crw();
  while (test.issue('stcrw', 0, crw) === 0) words.push(crwWord(crw).toString(16).padStart(8, '0'));
  return words;
}

/** The time in which a machine check is announced. */
const SOON = 1_000;

describe('reports about subchannels', () => {
  it('are one word while there is one subchannel set', () => {
    const test = new TestMachine();
    const sch = test.image.subchannels[1];
    test.machine.devices.detach(test.image, sch);
    test.machine.devices.attach(test.image, sch);
    test.machine.devices.modify(test.image, sch);
    expect(drain(test)).toEqual(['03040001', '03040001', '03080001']);
  });

  it('are two words once the sets are enabled', () => {
    const test = new TestMachine({ ssid: 1, options: { subchannelSets: 4 } });
    const sch = test.image.subchannels[1];
    test.machine.devices.detach(test.image, sch);
    expect(drain(test)).toEqual([]);
    test.image.enabledSets = 4;
    test.machine.devices.attach(test.image, sch);
    expect(drain(test)).toEqual(['13040001', '03040010']);
  });

  it('name the image once that is enabled', () => {
    const test = new TestMachine({ cssid: 2 });
    test.image.enableMultipleImages();
    test.image.reportSubchannel(test.image.subchannels[0], ERC.PARAMETERS_INITIALIZED);
    expect(drain(test)).toEqual(['13040000', '03040200']);
  });
});

describe('reports about channel paths', () => {
  const reset = (test: TestMachine): string[] => {
    expect(test.issue('rchp', 0x40, null)).toBe(0);
    test.runFor(10_000_000);
    return drain(test);
  };

  it('are one word even with several subchannel sets', () => {
    const test = new TestMachine({ options: { subchannelSets: 4 } });
    test.image.enabledSets = 4;
    expect(reset(test)).toEqual(['44020040']);
  });

  it('are two words where the image must be named', () => {
    const test = new TestMachine({ cssid: 2 });
    test.image.enableMultipleImages();
    expect(reset(test)).toEqual(['54020040', '44020200']);
  });

  it('come for every reset, read or not', () => {
    const test = new TestMachine();
    for (let turn = 0; turn < 2; turn++) {
      test.issue('rchp', 0x40, null);
      test.runFor(10_000_000);
    }
    expect(drain(test)).toEqual(['44020040', '44020040']);
  });
});

describe('the queue', () => {
  it('loses a report that does not fit as a whole, and says so in the word queued last', () => {
    const test = new TestMachine({ options: { subchannelSets: 4, crwQueueDepth: 3 } });
    test.image.enabledSets = 4;
    const [first, second] = test.image.subchannels;
    expect(test.image.reportSubchannel(first, ERC.PARAMETERS_INITIALIZED)).toBe(true);
    expect(test.image.reportSubchannel(second, ERC.PARAMETERS_INITIALIZED)).toBe(false);
    expect(test.image.reports.lost).toBe(1);
    expect(drain(test)).toEqual(['13040000', '23040000']);
  });

  it('takes any word as it is, reserved bits aside', () => {
    const test = new TestMachine();
    const words = [0x1b7f1234, 0x24020040, 0x02000000];
    for (const word of words) expect(test.image.injectReport(word)).toBe(true);
    expect(drain(test)).toEqual(['1b3f1234', '24020040', '02000000']);
  });
});

describe('machine checks', () => {
  it('come once per arming, and cc 1 arms', () => {
    const test = new TestMachine();
    const checks = () => test.announced.length;
    const crw = new Crw();
    test.image.injectReport(0x04060040);
    test.image.injectReport(0x04060041);
    test.runFor(SOON);
    expect(checks()).toBe(1);
    expect(test.image.interrupts.takeMachineCheck()).toBe(true);
    test.issue('stcrw', 0, crw);
    test.issue('stcrw', 0, crw);
    // The queue is empty, but nobody has seen it empty.
    test.image.injectReport(0x04060042);
    test.runFor(SOON);
    expect(checks()).toBe(1);
    expect(drain(test)).toEqual(['04060042']);
    test.image.injectReport(0x04060043);
    test.runFor(SOON);
    expect(checks()).toBe(2);
  });

  it('wait while all CPUs mask them', () => {
    const test = new TestMachine();
    test.image.interrupts.enable(0xff, false);
    test.image.injectReport(0x04060040);
    test.runFor(SOON);
    expect(test.announced).toEqual([]);
    expect(test.image.interrupts.takeMachineCheck()).toBe(false);
    test.image.interrupts.enable(0xff, true);
    expect(test.announced).toEqual(['machine-check']);
    expect(test.image.interrupts.takeMachineCheck()).toBe(true);
    expect(test.image.interrupts.takeMachineCheck()).toBe(false);
  });
});

describe('event information', () => {
  const EVENT: PendingEvent = {
    notificationType: 0,
    contentCode: 2,
    reportingSource: 4,
    rsid: 0x40,
    validity: 0,
    fla: 0,
    incidentClass: 0,
    chpids: [],
    operation: 0,
  };
  const ALL = NOTIFICATION.TYPE_0 + NOTIFICATION.TYPE_2;
  const report = (test: TestMachine, event: Partial<PendingEvent> = {}): void => {
    test.image.reportEvent({ ...EVENT, ...event }, Object.assign(new Crw(), { rsc: RSC.CHANNEL_SUBSYSTEM }));
  };

  it('is announced by one report until all of it has been read', () => {
    const test = new TestMachine();
    report(test, { rsid: 0x40 });
    report(test, { rsid: 0x41 });
    expect(drain(test)).toEqual(['0b000000']);
    expect(test.image.events.store(ALL)).toMatchObject({ rsid: 0x40, more: true });
    report(test, { rsid: 0x42 });
    expect(drain(test)).toEqual([]);
    expect(test.image.events.store(ALL)).toMatchObject({ rsid: 0x41, more: true });
    expect(test.image.events.store(ALL)).toMatchObject({ rsid: 0x42, more: false });
    expect(test.image.events.store(ALL)).toBeNull();
    report(test);
    expect(drain(test)).toEqual(['0b000000']);
  });

  it('tells of lost events with the next one that is read', () => {
    const test = new TestMachine({ options: { eventQueueDepth: 1 } });
    report(test, { rsid: 0x40 });
    report(test, { rsid: 0x41 });
    expect(test.image.events.store(ALL)).toMatchObject({ rsid: 0x40, overflow: true });
    report(test, { rsid: 0x42 });
    expect(test.image.events.store(ALL)).toMatchObject({ rsid: 0x42, overflow: false });
  });

  it('stays when the program does not ask for its type', () => {
    const test = new TestMachine();
    const pci = { functionHandle: 1, functionId: 2, code: 0x0301, error: 0, failingAddress: 0 };
    report(test, { notificationType: 2, contentCode: 2, pci });
    report(test);
    expect(test.image.events.store(NOTIFICATION.TYPE_0)).toMatchObject({ notificationType: 0, more: false });
    expect(test.image.events.store(0)).toBeNull();
    expect(test.image.events.store(NOTIFICATION.TYPE_2)).toMatchObject({ notificationType: 2, pci });
  });
});

describe('a device that goes', () => {
  it('takes its operation, its status and its interruption along', () => {
    const test = new TestMachine();
    test.enable(0);
    test.ssch(0);
    test.runFor(60_000);
    test.machine.devices.detach(test.image, test.image.subchannels[0]);
    test.runFor(1_000_000);
    expect(test.unit.cancelled).toEqual([0]);
    expect(test.image.interrupts.takeIo()).toBe(-1);
    expect(test.ssch(0)).toBe(3);
    expect(test.stsch(0)).toMatchObject({
      pmcw: { deviceNumberValid: 0, enabled: 0 },
      scsw: { fctl: 0, stctl: 0 },
    });

    test.machine.devices.attach(test.image, test.image.subchannels[0]);
    expect(test.ssch(0)).toBe(3);
    test.enable(0);
    expect(test.ssch(0)).toBe(0);
    test.runFor(1_000_000);
    expect(test.tsch(0).irb.scsw).toMatchObject({ stctl: 7, dstat: 0x0c });
  });

  it('loses the status that was pending', () => {
    const test = new TestMachine();
    test.enable(0);
    test.ssch(0);
    test.runFor(1_000_000);
    test.machine.devices.detach(test.image, test.image.subchannels[0]);
    expect(test.image.interrupts.takeIo()).toBe(-1);
    test.machine.devices.attach(test.image, test.image.subchannels[0]);
    test.enable(0);
    expect(test.tsch(0).cc).toBe(1);
  });
});
