import { describe, expect, it } from 'vitest';
import { BlockRequest, OUTCOME } from '../../src/observe/block-request.ts';
import { DeviceTable } from '../../src/observe/device-table.ts';
import { Intervals } from '../../src/observe/intervals.ts';
import { RequestTimes } from '../../src/observe/request-times.ts';
import { NONE } from '../../src/zarch/ids.ts';

const SYSTEM = 0;
const SECOND = 1_000_000_000;
const owner = { completed() {} };

/** Subchannels 1 and 2 lead to control unit 0, subchannel 3 to control unit 1, subchannel 4 to none. */
const UNITS: Readonly<Record<number, number>> = { 1: 0, 2: 0, 3: 1, 4: NONE };

function observed() {
  const devices = new DeviceTable(1);
  const times = new RequestTimes(devices);
  const intervals = new Intervals(0, {
    times,
    devices,
    controlUnitOf: (_system, subchannel) => UNITS[subchannel],
    paths: [],
  });
  const ended = (subchannel: number, fields: Partial<BlockRequest>): void => {
    const request = new BlockRequest(owner, 1);
    times.ended(SYSTEM, subchannel, Object.assign(request, { outcome: OUTCOME.COMPLETED, ...fields }));
  };
  return { intervals, ended };
}

describe('an interval', () => {
  it('has the parts of pending time and the interruption delay of each device', () => {
    const { intervals, ended } = observed();
    ended(1, { pendNs: 100, channelBusyNs: 40, cuBusyNs: 10, deviceBusyNs: 20, interruptDelayNs: 6 });
    ended(1, { pendNs: 300, channelBusyNs: 60, cuBusyNs: 0, deviceBusyNs: 0, interruptDelayNs: 8 });
    const [device] = intervals.end(SECOND);
    expect(device).toMatchObject({ kind: 'device', id: 1, operations: 2, pendNs: 200 });
    expect(device).toMatchObject({ channelBusyNs: 50, cuBusyNs: 5, deviceBusyNs: 10, interruptDelayNs: 7 });
  });

  it('has a row for each control unit, the mean over the requests of its devices', () => {
    const { intervals, ended } = observed();
    const used = { blockCount: 1, connNs: SECOND / 4 };
    ended(1, { ...used, arrivalNs: 0, endNs: 900 });
    ended(2, { ...used, arrivalNs: 0, endNs: 300 });
    ended(2, { ...used, arrivalNs: 0, endNs: 300 });
    ended(3, { ...used, arrivalNs: 0, endNs: 700 });
    ended(4, { ...used, arrivalNs: 0, endNs: 100 });
    const units = intervals.end(SECOND).filter(({ kind }) => kind === 'control-unit');
    expect(units.map(({ id, operations, responseNs }) => [id, operations, responseNs])).toEqual([
      [0, 3, 500],
      [1, 1, 700],
    ]);
    // Two devices that are busy for 1/4 and 2/4 of the second.
    expect(units[0]).toMatchObject({ utilisation: 3 / 8, open: 3 / 4, perSecond: 3 });
  });

  it('begins where the last one ended', () => {
    const { intervals, ended } = observed();
    ended(1, { deviceBusyNs: 20 });
    intervals.end(SECOND);
    ended(1, { deviceBusyNs: 60 });
    expect(
      intervals.end(2 * SECOND).map(({ kind, operations, deviceBusyNs }) => [kind, operations, deviceBusyNs]),
    ).toEqual([
      ['device', 1, 60],
      ['control-unit', 1, 60],
    ]);
    expect(intervals.end(3 * SECOND)).toEqual([]);
  });
});
