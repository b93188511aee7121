import { describe, expect, it } from 'vitest';
import { MESSAGE, STATE } from '../../../src/linux/dasd/definitions.ts';
import { E } from '../../../src/linux/errno.ts';
import { Bench, onlineDevice } from './dasd-bench.ts';
import { unitCheck } from './fake-device.ts';
import { recordedLines, withoutPathGrouping } from './ssch-line.ts';

/** Bytes that the fake control unit does not know are those of the fixture; commands, order and status must agree. */
describe('setting a DASD online', () => {
  it('starts the channel programs of the recording, in order', () => {
    const bench = new Bench();
    const fake = bench.add({ deviceNumber: 0x120 });
    expect(bench.setOnline(fake)).toBe(E.OK);
    expect(fake.lines).toEqual(withoutPathGrouping(recordedLines('online120')));
    expect(bench.dasd(fake).state).toBe(STATE.ONLINE);
    expect(fake.reprobes).toBe(1);
    expect(fake.securityReads).toBe(1);
  });

  it('does the same again after it was set offline', () => {
    const bench = new Bench();
    const fake = bench.add({ deviceNumber: 0x120 });
    bench.setOnline(fake);
    expect(bench.perform((self) => bench.driver.setOffline(self, fake))).toBe(E.OK);
    expect(bench.dasd(fake).state).toBe(STATE.NEW);
    fake.lines.length = 0;
    bench.setOnline(fake);
    expect(fake.lines).toEqual(withoutPathGrouping(recordedLines('online120-again')));
  });

  it('takes a volume that is not formatted, without reading labels', () => {
    const bench = new Bench();
    const fake = bench.add({ deviceNumber: 0x123, layout: 'unformatted' });
    expect(bench.setOnline(fake)).toBe(E.OK);
    expect(fake.lines).toEqual(withoutPathGrouping(recordedLines('online123-ibmvol')));
    expect(bench.dasd(fake).state).toBe(STATE.UNFMT);
    expect(bench.messages()).toContain(MESSAGE.NOT_FORMATTED);
  });

  it('reads the configuration data on every path, twice', () => {
    const bench = new Bench();
    const fake = bench.add({ paths: 0xe0 });
    bench.setOnline(fake);
    const paths = fake.startPaths.filter((_, at) => fake.starts[at] === 'fa');
    expect(paths).toEqual([0x80, 0x40, 0x20, 0x80, 0x40, 0x20]);
    expect(bench.dasd(fake).paths.opm).toBe(0xe0);
  });

  it('asks what this kernel asks', () => {
    const bench = new Bench({
      features: { dasdExtentPools: false, dasdCharacteristicsFirst: false, endpointSecurity: false },
    });
    const fake = bench.add({});
    bench.setOnline(fake);
    expect(fake.starts.slice(0, 5)).toEqual(['fa', '27', 'fa', '27 3e', '64']);
    expect(fake.securityReads).toBe(0);
  });

  it('reads the unit addresses once per logical control unit that tells them rightly', () => {
    const bench = new Bench();
    const first = bench.add({ unitType: 1 });
    bench.setOnline(first);
    const before = first.starts.length;
    bench.perform((self) => bench.driver.setOffline(self, first));
    bench.setOnline(first);
    expect(first.starts.length - before).toBe(before - 1);
  });

  it('takes the expiry from the configuration data', () => {
    const bench = new Bench();
    const stated = bench.add({ missingInterrupt: 0x43 });
    const silent = bench.add({});
    bench.setOnline(stated);
    bench.setOnline(silent);
    expect(bench.dasd(stated).defaultExpiresNs).toBe(30e9);
    expect(bench.dasd(silent).defaultExpiresNs).toBe(300e9);
  });

  it('refuses a device without a path group', () => {
    const bench = new Bench();
    const fake = bench.add({});
    fake.pathGroup = false;
    expect(bench.setOnline(fake)).toBe(E.IO);
    expect(fake.starts).toEqual([]);
    expect(bench.messages()).toEqual([MESSAGE.NO_PATH_GROUP]);
  });

  it('refuses a device with a path that leads elsewhere', () => {
    const bench = new Bench();
    const fake = bench.add({ paths: 0xc0 });
    fake.serialOnPath.set(0x40, 9);
    expect(bench.setOnline(fake)).toBe(E.INVAL);
    expect(bench.messages()).toContain(MESSAGE.CABLING);
    expect(bench.dasd(fake).state).toBe(STATE.NEW);
  });

  it('recovers from a unit check on the way', () => {
    const bench = new Bench();
    const fake = bench.add({});
    // Reset notification: format 0, message 8.
    fake.script.push(unitCheck({ 7: 0x08, 27: 0x80 }));
    expect(bench.setOnline(fake)).toBe(E.OK);
    expect(fake.starts.slice(0, 2)).toEqual(['fa', '03 fa']);
  });
});

describe('using a DASD that is online', () => {
  it('reads single records and labels as recorded', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { deviceNumber: 0x120 });
    bench.request(fake, 1);
    bench.request(fake, 3, 2);
    bench.run(1);
    expect(fake.lines).toEqual(recordedLines('dd-read120'));
  });

  it('senses path groups, reserves, releases and steals as recorded', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { deviceNumber: 0x120 });
    const device = bench.dasd(fake);
    const { driver } = bench;
    const record = new Uint8Array(12);
    const sections = ['snid120', 'rsrv120', 'snid120-reserved', 'rlse120', 'slck120'];
    expect(bench.perform((self) => driver.snid(self, device, 0, record))).toBe(E.OK);
    expect(record[0]).toBe(0);
    expect(bench.perform((self) => driver.reserve(self, device))).toBe(E.OK);
    expect(device.isReserved).toBe(true);
    expect(bench.perform((self) => driver.snid(self, device, 0, record))).toBe(E.OK);
    expect(record[0]).toBe(0x30);
    expect(bench.perform((self) => driver.release(self, device))).toBe(E.OK);
    expect(bench.perform((self) => driver.stealLock(self, device))).toBe(E.OK);
    expect(device.isReserved).toBe(false);
    expect(fake.lines).toEqual(sections.flatMap((section) => recordedLines(section)));
  });
});
