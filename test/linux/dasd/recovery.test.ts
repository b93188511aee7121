import { describe, expect, it } from 'vitest';
import { MESSAGE, STOPPED } from '../../../src/linux/dasd/definitions.ts';
import { classify } from '../../../src/linux/dasd/sense-classification.ts';
import { E } from '../../../src/linux/errno.ts';
import { OUTCOME } from '../../../src/observe/block-request.ts';
import { CSTAT, DSTAT } from '../../../src/zarch/scsw.ts';
import { Bench, onlineDevice } from './dasd-bench.ts';
import { INTERFACE_CHECK, sense, unitCheck } from './fake-device.ts';

const SECOND = 1e9;
const STATE_CHANGE_PENDING = { 25: 0x1d };
const BUSY = { 25: 0x1e };

describe('error recovery', () => {
  it('repeats a request behind a no-operation after an interface control check', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    fake.script.push(INTERFACE_CHECK);
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(fake.starts).toEqual(['63 47 86', '03 63 47 86']);
    expect(request).toMatchObject({ outcome: OUTCOME.COMPLETED, retries: 1 });
    expect(bench.count('io.retried')).toBe(1);
    expect(bench.dasd(fake).paths.errorCount[0]).toBe(1);
  });

  it('counts one error per recovery, not per repetition', () => {
    const bench = new Bench({ tunables: { pathThreshold: 2 } });
    const fake = onlineDevice(bench, { paths: 0xc0 });
    for (let times = 0; times < 50; times++) fake.script.push(INTERFACE_CHECK);
    bench.request(fake, 100);
    bench.run(1);
    expect(fake.starts).toHaveLength(51);
    expect(bench.dasd(fake).paths).toMatchObject({ opm: 0xc0 });
    expect(bench.dasd(fake).paths.errorCount[0]).toBe(1);
  });

  it('disables a path at the threshold, and never the last one', () => {
    const bench = new Bench({ tunables: { pathThreshold: 2 } });
    const fake = onlineDevice(bench, { paths: 0xc0 });
    const { paths } = bench.dasd(fake);
    for (let times = 0; times < 2; times++) {
      fake.script.push(INTERFACE_CHECK);
      bench.request(fake, 100);
      bench.run(1);
    }
    expect(paths).toMatchObject({ opm: 0x40, ifccpm: 0x80 });
    expect(bench.messages()).toContain(MESSAGE.PATH_DISABLED);
    for (let times = 0; times < 2; times++) {
      fake.script.push(INTERFACE_CHECK);
      bench.request(fake, 100);
      bench.run(1);
    }
    expect(paths.opm).toBe(0x40);
    expect(bench.messages()).toContain(MESSAGE.LAST_DESPITE_IFCC);
    // It returns when an administrator resets it.
    bench.driver.resetPaths(bench.dasd(fake), 0);
    bench.run(1);
    expect(paths).toMatchObject({ opm: 0xc0, ifccpm: 0 });
  });

  it('leaves a path on which nothing works after 256 tries, ten tries for each other one', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xc0 });
    fake.onPath.set(0x80, { dstat: 0, cstat: CSTAT.CHANNEL_CONTROL_CHECK });
    const request = bench.request(fake, 100);
    bench.run(10);
    expect(request).toMatchObject({ outcome: OUTCOME.COMPLETED, lpum: 0x40 });
    expect(fake.startPaths.slice(0, 257)).toEqual(Array.from({ length: 257 }, () => 0xc0));
    expect(fake.startPaths.slice(257)).toEqual([0x40]);
  });

  it('goes through all paths a second time before it gives up', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xc0 });
    for (const path of [0x80, 0x40]) fake.onPath.set(path, INTERFACE_CHECK);
    const request = bench.request(fake, 100);
    bench.run(10);
    expect(request.outcome).toBe(OUTCOME.FAILED);
    const told = bench.messages().filter((message) => message === MESSAGE.NOT_REACHED);
    expect(told).toHaveLength(2);
    // First and default start, 256 of action 4, then 10 on the other path; a second round of 10 and 10.
    expect(fake.starts).toHaveLength(1 + 256 + 10 + 10 + 10);
  });

  it('waits for a state change: half a minute, or until the device says so', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    fake.script.push(unitCheck(STATE_CHANGE_PENDING), unitCheck(STATE_CHANGE_PENDING));
    bench.request(fake, 100);
    bench.run(1);
    expect(bench.dasd(fake).stopped).toBe(STOPPED.PENDING);
    bench.run(40);
    expect(bench.done).toHaveLength(1);
    expect(fake.startTimes[2] - fake.startTimes[1]).toBe(30 * SECOND + 1000);

    fake.script.push(unitCheck(STATE_CHANGE_PENDING), unitCheck(STATE_CHANGE_PENDING));
    bench.request(fake, 100);
    bench.run(5);
    fake.unsolicited({ dstat: DSTAT.ATTENTION | DSTAT.DEVICE_END | DSTAT.UNIT_EXCEPTION });
    bench.run(1);
    expect(bench.done).toHaveLength(2);
  });

  it('waits a second for a busy subsystem and a minute for an operator', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    fake.script.push(unitCheck(BUSY), unitCheck(BUSY));
    bench.request(fake, 100);
    bench.run(2);
    expect(fake.startTimes[2] - fake.startTimes[1]).toBe(SECOND + 1000);

    const intervention = unitCheck({ 0: 0x40, 27: 0x80 });
    fake.script.push(intervention, intervention);
    bench.request(fake, 100);
    bench.run(100);
    expect(fake.startTimes[5] - fake.startTimes[4]).toBe(60 * SECOND + 1000);
    expect(bench.messages()).toContain(MESSAGE.INTERVENTION);
    expect(bench.done).toHaveLength(2);
  });

  it('keeps the order of the requests that wait behind a failed one', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    fake.script.push(INTERFACE_CHECK);
    const requests = [100, 200, 300, 400, 500].map((block) => bench.request(fake, block));
    bench.run(1);
    expect(bench.done).toEqual(requests);
    expect(requests.slice(1).every((request) => request.retries === 0)).toBe(true);
  });

  it('fails what cannot be recovered', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    fake.script.push(unitCheck({ 0: 0x80, 7: 0x04, 27: 0x80 }));
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(request.outcome).toBe(OUTCOME.FAILED);
    expect(fake.starts).toHaveLength(1);
  });

  it('goes on to another path when a compound action says so', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { paths: 0xc0 });
    // Compound, alternate path, two retries.
    fake.onPath.set(0x80, unitCheck({ 25: 0x91 }));
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(fake.startPaths).toEqual([0xc0, 0xc0, 0xc0, 0x40]);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
  });

  it('takes the answer that a start was never tried for an error like any other', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    fake.script.push({ dstat: 0, cstat: 0 });
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(request).toMatchObject({ outcome: OUTCOME.COMPLETED, retries: 1 });
  });
});

describe('requests that get no interruption', () => {
  it('are cleared when their time is over and started again', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench, { missingInterrupt: 0x1e });
    fake.script.push({ silent: true });
    const request = bench.request(fake, 100);
    bench.run(40);
    expect(fake.clears).toHaveLength(1);
    expect(fake.startTimes[1] - fake.startTimes[0]).toBe(30 * SECOND + 100);
    expect(request).toMatchObject({ outcome: OUTCOME.COMPLETED, retries: 1 });
    expect(bench.count('timeout')).toBe(1);
    expect(bench.count('io.killed')).toBe(1);
  });

  it('are started again when the common I/O layer has ended them', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    fake.script.push({ error: E.IO }, { error: E.TIMEDOUT });
    const request = bench.request(fake, 100);
    bench.run(1);
    expect(fake.starts).toEqual(['63 47 86', '63 47 86', '63 47 86']);
    expect(request).toMatchObject({ outcome: OUTCOME.COMPLETED, retries: 2 });
  });

  it('wait for another try when the refusal of their start comes late', () => {
    const bench = new Bench();
    const fake = onlineDevice(bench);
    fake.script.push({ error: E.BUSY });
    const request = bench.request(fake, 100);
    bench.run(2);
    expect(fake.startTimes[1] - fake.startTimes[0]).toBe(SECOND / 2 + 1000);
    expect(request.outcome).toBe(OUTCOME.COMPLETED);
  });
});

describe('what sense data call for', () => {
  const FORMAT_24 = { 27: 0x80 };
  it.each([
    ['reset notification', { 7: 0x08, ...FORMAT_24 }, 'default'],
    ['command reject', { 0: 0x80, ...FORMAT_24 }, 'fail'],
    ['command reject with environmental data', { 0: 0x80, 2: 0x10, ...FORMAT_24 }, 'limited'],
    ['intervention required', { 0: 0x40, ...FORMAT_24 }, 'intervention'],
    ['bus-out check', { 0: 0x20, ...FORMAT_24 }, 'bus-out'],
    ['equipment check', { 0: 0x10, ...FORMAT_24 }, 'action-5'],
    ['permanent equipment check', { 0: 0x10, 1: 0x80, ...FORMAT_24 }, 'alternate-path'],
    ['equipment check, write inhibited', { 0: 0x10, 1: 0x02, ...FORMAT_24 }, 'alternate-path'],
    ['data check', { 0: 0x08, ...FORMAT_24 }, 'action-5'],
    ['overrun', { 0: 0x04, ...FORMAT_24 }, 'action-5'],
    ['no record found', { 1: 0x08, ...FORMAT_24 }, 'fail'],
    ['file protected', { 1: 0x04, ...FORMAT_24 }, 'fail'],
    ['environmental data', { 2: 0x10, ...FORMAT_24 }, 'action-4'],
    ['disabled interface', { 2: 0x10, 7: 0x0f, ...FORMAT_24 }, 'default'],
    ['fatal', { 25: 0x01 }, 'fail'],
    ['intervention, 32 bytes', { 25: 0x02 }, 'intervention'],
    ['logging', { 25: 0x10 }, 'limited'],
    ['state change pending', { 25: 0x1d }, 'action-4'],
    ['busy', { 25: 0x1e }, 'action-4'],
    ['compound', { 25: 0x83 }, 'compound'],
  ])('%s', (_name, bytes, action) => {
    expect(classify(sense(bytes as Record<number, number>)).action).toBe(action);
  });
});
