import { describe, expect, it } from 'vitest';
import { BlockRequest } from '../../src/observe/block-request.ts';
import { PathTimes } from '../../src/observe/path-times.ts';

const CHPIDS = [0x40, 0x41, 0x42, 0x43];
const SUBCHANNEL = 5;
const FOREVER = Number.MAX_SAFE_INTEGER;

/** One device on four paths, known to one system since t = 10. */
function known(): PathTimes {
  const paths = new PathTimes(1, [
    { system: 0, subchannel: SUBCHANNEL, device: '0.0.1000', chpids: CHPIDS, controlUnit: 0 },
  ]);
  paths.masksChanged(10, 0, SUBCHANNEL, 0xf0, 0xf0, 0xff);
  return paths;
}

const all = (paths: PathTimes, name: Parameters<PathTimes['of']>[1]): number[] => [
  ...paths.of(0, name, 0, FOREVER, null),
];

describe('times of path changes', () => {
  it('do not say of a system without masks that they are wrong', () => {
    const paths = new PathTimes(1, [
      { system: 0, subchannel: 7, device: '0.0.1000', chpids: [0x40], controlUnit: 0 },
    ]);
    paths.chpidChanged(1_000, 0, 0x40, false);
    paths.chpidChanged(2_000, 0, 0x40, true);
    paths.finish(5_000);
    expect([all(paths, 'knowledge'), all(paths, 'stale')]).toEqual([[], []]);
  });

  it('follow a loss: detected, known, and stale until known', () => {
    const paths = known();
    paths.chpidChanged(1000, 0, 0x41, false);
    paths.sign(1200, 0);
    paths.masksChanged(1500, 0, SUBCHANNEL, 0xb0, 0xf0, 0xff);
    paths.masksChanged(1900, 0, SUBCHANNEL, 0xb0, 0xb0, 0xff);
    expect(all(paths, 'detect')).toEqual([200]);
    expect(all(paths, 'knowledge')).toEqual([500]);
    expect(all(paths, 'stale')).toEqual([500]);
    expect(all(paths, 'restore')).toEqual([]);
  });

  it('follow a return until the path is verified', () => {
    const paths = known();
    paths.chpidChanged(1000, 0, 0x40, false);
    paths.masksChanged(1100, 0, SUBCHANNEL, 0x70, 0x70, 0xff);
    paths.chpidChanged(5000, 0, 0x40, true);
    paths.masksChanged(5200, 0, SUBCHANNEL, 0xf0, 0x70, 0xff);
    paths.masksChanged(6000, 0, SUBCHANNEL, 0xf0, 0xf0, 0xff);
    expect(all(paths, 'knowledge')).toEqual([100, 200]);
    expect(all(paths, 'restore')).toEqual([1000]);
  });

  it('have none for a device that stays away when its paths are back: it is stranded', () => {
    const paths = known();
    for (const chpid of CHPIDS) paths.chpidChanged(1000, 0, chpid, false);
    paths.masksChanged(1100, 0, SUBCHANNEL, 0, 0, 0xff);
    paths.noPathNoticed(1200, 0, SUBCHANNEL);
    expect(paths.stranded).toBe(0);
    paths.chpidChanged(5000, 0, 0x40, true);
    expect(paths.stranded).toBe(1);
    paths.masksChanged(5200, 0, SUBCHANNEL, 0x80, 0, 0xff);
    expect([paths.stranded, all(paths, 'restore')]).toEqual([1, []]);
    paths.masksChanged(6000, 0, SUBCHANNEL, 0x80, 0x80, 0xff);
    expect([paths.stranded, all(paths, 'restore')]).toEqual([0, [1000]]);
  });

  it('leave a device alone that was given up for another reason, or whose only path the operator has varied off', () => {
    const unplugged = known();
    unplugged.noPathNoticed(1200, 0, SUBCHANNEL);
    unplugged.masksChanged(1100, 0, SUBCHANNEL, 0, 0, 0xff);
    expect(unplugged.stranded).toBe(0);
    const varied = known();
    for (const chpid of CHPIDS) varied.chpidChanged(1000, 0, chpid, false);
    varied.noPathNoticed(1200, 0, SUBCHANNEL);
    varied.masksChanged(1100, 0, SUBCHANNEL, 0, 0, 0x7f);
    varied.chpidChanged(5000, 0, 0x40, true);
    expect(varied.stranded).toBe(0);
  });

  it('tell which channel path they belong to, and when the change was', () => {
    const paths = known();
    paths.chpidChanged(1000, 0, 0x40, false);
    paths.masksChanged(1100, 0, SUBCHANNEL, 0x70, 0x70, 0xff);
    paths.chpidChanged(2000, 0, 0x41, false);
    paths.masksChanged(2300, 0, SUBCHANNEL, 0x30, 0x30, 0xff);
    expect([...paths.of(0, 'knowledge', 0, FOREVER, 0x41)]).toEqual([300]);
    expect([...paths.of(0, 'knowledge', 0, 2000, null)]).toEqual([100]);
  });

  it('leave nothing but a stale span when a change is undone unnoticed', () => {
    const paths = known();
    paths.chpidChanged(1000, 0, 0x41, false);
    paths.chpidChanged(1400, 0, 0x41, true);
    expect(all(paths, 'knowledge')).toEqual([]);
    expect(all(paths, 'restore')).toEqual([]);
    expect(all(paths, 'stale')).toEqual([400]);
  });

  it('expect nothing of a path that the operator has varied off', () => {
    const paths = known();
    paths.masksChanged(500, 0, SUBCHANNEL, 0x70, 0x70, 0x7f);
    expect(all(paths, 'stale')).toEqual([]);
    paths.chpidChanged(1000, 0, 0x40, false);
    paths.finish(2000);
    expect(all(paths, 'stale')).toEqual([]);
  });

  it('count a link like a channel path, for the devices of its control unit only', () => {
    const paths = known();
    paths.linkChanged(1000, 0x43, 1, false);
    paths.finish(1500);
    expect(all(paths, 'stale')).toEqual([]);
    paths.linkChanged(2000, 0x43, 0, false);
    paths.finish(2500);
    expect(all(paths, 'stale')).toEqual([500]);
  });

  it('do not begin before the system has discovered the device', () => {
    const paths = new PathTimes(1, [
      { system: 0, subchannel: SUBCHANNEL, device: '0.0.1000', chpids: CHPIDS, controlUnit: 0 },
    ]);
    paths.masksChanged(10, 0, SUBCHANNEL, 0x80, 0x00, 0xff);
    paths.masksChanged(20, 0, SUBCHANNEL, 0xf0, 0xf0, 0xff);
    paths.finish(1000);
    expect(all(paths, 'stale')).toEqual([]);
  });

  it('measure the failover of a request that was in progress when its path went', () => {
    const paths = known();
    paths.chpidChanged(1000, 0, 0x41, false);
    const request = new BlockRequest({ completed() {} }, 1);
    request.arrivalNs = 900;
    request.endNs = 4000;
    request.retries = 1;
    paths.retriedRequestEnded(0, SUBCHANNEL, request);
    request.arrivalNs = 1100;
    paths.retriedRequestEnded(0, SUBCHANNEL, request);
    expect(all(paths, 'failover')).toEqual([3000]);
  });
});
