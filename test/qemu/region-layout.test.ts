import { describe, expect, test } from 'vitest';
import { E } from '../../src/linux/errno.ts';
import { REGION } from '../../src/linux/vfio/uapi.ts';
import type { QemuRelease } from '../../src/qemu/qemu-features.ts';
import { DSTAT, FCTL, STCTL } from '../../src/zarch/scsw.ts';
import { FakeVfio } from './fake-vfio.ts';
import { enabledVfio, type VfioRig } from './vfio-rig.ts';

/** HALT and CLEAR SUBCHANNEL where the I/O region is the only one for requests (document 0). */

function inOneRegion(release: QemuRelease = '10.2'): { rig: VfioRig; host: FakeVfio } {
  const host = new FakeVfio({ regions: [REGION.IO, REGION.SCHIB, REGION.CRW] });
  const found = enabledVfio({ release, policies: { regions: 'one' } }, host);
  found.rig.ssch();
  host.written.length = 0;
  return found;
}

describe('a guest that stops its operation', () => {
  test('has the function bits of its SCSW written, which name nothing else', () => {
    const { rig, host } = inOneRegion();
    expect(rig.signal('hsch')).toBe(0);
    expect(rig.control).toBe('2/30/0');
    expect(rig.signal('csch')).toBe(0);
    expect(rig.control).toBe('1/8/0');
    expect(host.written).toEqual(['io 2/30 pfch 1', 'io 1/8 pfch 1']);
  });

  test.each([
    ['hsch', 'EBUSY', E.BUSY, 2],
    ['hsch', 'ENODEV', E.NODEV, 3],
    ['csch', 'EACCES', E.ACCES, 3],
  ] as const)('%s: %s is a condition code, and nothing has changed', (name, _errno, errno, cc) => {
    const { rig, host } = inOneRegion();
    host.answers.push(errno);
    expect(rig.signal(name)).toBe(cc);
    expect(rig.control).toBe('4/20/0');
  });

  test('on a kernel that does not know of it gets an emulation, after a request for nothing', () => {
    const { rig, host } = inOneRegion();
    host.answers.push(E.OPNOTSUPP);
    expect(rig.signal('csch')).toBe(0);
    expect(host.written).toHaveLength(1);
    expect(rig.control).toBe('1/0/1');
    expect(rig.interruptions).toBe(0);
  });

  test('on a kernel that only says busy gets a unit exception for CLEAR', () => {
    const { rig, host } = inOneRegion();
    host.answers.push(E.BUSY);
    expect(rig.signal('csch')).toBe(0);
    expect(rig.device.sch.schib.scsw.dstat).toBe(DSTAT.UNIT_EXCEPTION);
    expect(rig.interruptions).toBe(1);
  });

  test('on a QEMU that does not know of it gets an emulation at once', () => {
    const { rig, host } = inOneRegion('2.12');
    expect(rig.signal('csch')).toBe(0);
    expect(host.written).toEqual([]);
    expect(rig.control).toBe('1/0/1');
  });
});

test('status that was written over is an interruption for nothing: the guest finds no status, and its halt forgotten', () => {
  const { rig, host } = inOneRegion();
  expect(rig.signal('hsch')).toBe(0);
  host.interrupt({ fctl: 0, actl: 0, stctl: 0, dstat: 0 });
  rig.settle();
  expect(rig.interruptions).toBe(1);
  expect(rig.control).toBe('0/0/0');
  expect(rig.tsch()).toBe(1);
  host.interrupt({ fctl: FCTL.HALT, stctl: STCTL.PENDING });
  rig.settle();
  expect(rig.tsch()).toBe(0);
  expect(rig.irb.scsw).toMatchObject({ fctl: FCTL.HALT, stctl: STCTL.PENDING });
});

test('XSCH has no function bit, so there is no way for it to the host', () => {
  const host = new FakeVfio({ regions: [REGION.IO] });
  const { rig } = enabledVfio({ policies: { regions: 'one', cancel: 'passthrough' } }, host);
  rig.ssch();
  expect(rig.signal('xsch')).toBe(0);
  expect(host.written).toEqual(['io 4/20 pfch 1']);
});

test('every request is written with zeros where status stood, in any layout', () => {
  const { rig, host } = enabledVfio();
  rig.ssch();
  host.interrupt({ fctl: FCTL.START, stctl: STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING, dstat: 0x0c });
  rig.settle();
  rig.tsch();
  expect(rig.device.io.irb.scsw.dstat).toBe(0x0c);
  rig.ssch();
  expect(rig.device.io.irb.scsw).toMatchObject({ fctl: 0, stctl: 0, dstat: 0 });
});
