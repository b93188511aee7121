import { describe, expect, test } from 'vitest';
import { E } from '../../src/linux/errno.ts';
import { REGION } from '../../src/linux/vfio/uapi.ts';
import { ACTL, CSTAT, DSTAT, FCTL, STCTL } from '../../src/zarch/scsw.ts';
import { FakeVfio } from './fake-vfio.ts';
import { enabledVfio } from './vfio-rig.ts';

/** Requests of a guest for a passed-through device: regions, return codes and what they become. */

const STARTED = '4/20/0';
const UNIT_EXCEPTION = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.ALERT | STCTL.PENDING;

describe('START SUBCHANNEL', () => {
  test('is one write of the I/O region, and stays pending until the host interrupts', () => {
    const { rig, host } = enabledVfio();
    expect(rig.ssch()).toBe(0);
    expect(host.written).toEqual(['io 4/20 pfch 1']);
    expect(rig.control).toBe(STARTED);
    expect(rig.device.sch.schib.pmcw.intparm).toBe(0xdead);
    expect(rig.interruptions).toBe(0);
  });

  test('is repeated as often as the kernel is busy, and takes longer for it', () => {
    const { rig, host } = enabledVfio();
    const before = rig.sim.now;
    host.answers.push(E.AGAIN, E.AGAIN);
    expect(rig.ssch()).toBe(0);
    expect(host.written).toHaveLength(3);
    expect(rig.sim.now - before).toBe(2_000 + 8_000 + 3 * 1_100);
  });

  test.each([
    ['EBUSY', E.BUSY, 2],
    ['ENODEV', E.NODEV, 3],
    ['EACCES', E.ACCES, 3],
  ])('%s is a condition code, and leaves the subchannel as it was', (_name, errno, cc) => {
    const { rig, host } = enabledVfio();
    host.answers.push(errno);
    expect(rig.ssch()).toBe(cc);
    expect(rig.control).toBe('0/0/0');
  });

  test.each([
    ['EFAULT', E.FAULT],
    ['EINVAL', E.INVAL],
    ['EOPNOTSUPP', E.OPNOTSUPP],
    ['EIO', E.IO],
  ])('%s has no condition code: unit exception, with the start function still pending', (_name, errno) => {
    const { rig, host } = enabledVfio();
    host.answers.push(errno);
    expect(rig.ssch({ programAddress: 0x2000 })).toBe(0);
    expect(rig.interruptions).toBe(1);
    const { scsw } = rig.device.sch.schib;
    expect(scsw).toMatchObject({
      fctl: FCTL.START,
      actl: ACTL.START_PENDING,
      stctl: UNIT_EXCEPTION,
      dstat: DSTAT.UNIT_EXCEPTION,
      ccwAddress: 0x2008,
    });
    expect(rig.tsch()).toBe(0);
    expect(rig.control).toBe('0/0/0');
  });

  test('is refused by QEMU alone while a function is in progress or the subchannel is disabled', () => {
    const { rig, host } = enabledVfio();
    rig.ssch();
    expect(rig.ssch()).toBe(2);
    const other = enabledVfio();
    Object.assign(other.rig.schib.pmcw, { enabled: 0 });
    other.rig.issue('msch', other.rig.schib);
    expect(other.rig.ssch()).toBe(3);
    expect([...host.written, ...other.host.written]).toEqual(['io 4/20 pfch 1']);
  });

  test('force-orb-pfch sets the prefetch bit, and nothing else does', () => {
    const plain = enabledVfio();
    plain.rig.ssch({ prefetch: 0 });
    expect(plain.host.written).toEqual(['io 4/20 pfch 0']);
    const forced = enabledVfio({ properties: { forcePrefetch: true } });
    forced.rig.ssch({ prefetch: 0 });
    expect(forced.host.written).toEqual(['io 4/20 pfch 1']);
  });
});

test('RESUME SUBCHANNEL writes the same request again, told apart by the status word only', () => {
  const { rig, host } = enabledVfio();
  rig.ssch({ suspendControl: 1 });
  host.interrupt({ fctl: FCTL.START, actl: ACTL.SUSPENDED, stctl: STCTL.INTERMEDIATE | STCTL.PENDING });
  rig.settle();
  expect(rig.tsch()).toBe(0);
  expect(rig.signal('rsch')).toBe(0);
  expect(host.written.at(-1)).toBe('io 4/41 pfch 1');
});

describe('HALT and CLEAR SUBCHANNEL', () => {
  test('are commands of their own region', () => {
    const { rig, host } = enabledVfio();
    rig.ssch();
    expect(rig.signal('hsch')).toBe(0);
    expect(rig.control).toBe('2/30/0');
    expect(rig.signal('csch')).toBe(0);
    expect(rig.control).toBe('1/8/0');
    expect(host.written).toEqual(['io 4/20 pfch 1', 'command 1', 'command 2']);
    expect(rig.interruptions).toBe(0);
  });

  test.each([
    ['hsch', 'EBUSY', E.BUSY, 2],
    ['hsch', 'ENODEV', E.NODEV, 3],
    ['hsch', 'EACCES', E.ACCES, 3],
    ['csch', 'ENODEV', E.NODEV, 3],
    ['csch', 'EACCES', E.ACCES, 3],
  ] as const)('%s: %s is a condition code, and nothing has changed', (name, _errno, errno, cc) => {
    const { rig, host } = enabledVfio();
    rig.ssch();
    host.answers.push(errno);
    expect(rig.signal(name)).toBe(cc);
    expect(rig.control).toBe(STARTED);
  });

  test.each([
    ['hsch', 'EIO', E.IO],
    ['csch', 'EIO', E.IO],
    ['csch', 'EBUSY', E.BUSY],
  ] as const)('%s: %s is a unit exception', (name, _errno, errno) => {
    const { rig, host } = enabledVfio();
    host.answers.push(errno);
    expect(rig.signal(name)).toBe(0);
    expect(rig.interruptions).toBe(1);
    expect(rig.device.sch.schib.scsw.dstat).toBe(DSTAT.UNIT_EXCEPTION);
  });

  test('without a region for them they happen to the guest alone, and nothing interrupts it', () => {
    const { rig, host } = enabledVfio({}, new FakeVfio({ regions: [REGION.IO] }));
    rig.ssch();
    expect(rig.signal('csch')).toBe(0);
    expect(host.written).toEqual(['io 4/20 pfch 1']);
    expect(rig.control).toBe('1/0/1');
    expect(rig.interruptions).toBe(0);
    expect(rig.tsch()).toBe(0);
  });
});

describe('what the host is not asked', () => {
  test('CANCEL SUBCHANNEL succeeds although the host goes on', () => {
    const { rig, host } = enabledVfio();
    rig.ssch();
    expect(rig.signal('xsch')).toBe(0);
    expect(rig.control).toBe('0/0/0');
    expect(host.written).toHaveLength(1);
    host.interrupt({ fctl: FCTL.START, stctl: STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING, dstat: 0x0c });
    rig.settle();
    expect(rig.interruptions).toBe(1);
    expect(rig.tsch()).toBe(0);
  });

  test('MODIFY SUBCHANNEL enables QEMU’s subchannel; its logical-path mask begins empty', () => {
    const { rig, host } = enabledVfio();
    expect(rig.device.sch.schib.pmcw).toMatchObject({ enabled: 1, isc: 3, lpm: 0 });
    rig.issue('msch', rig.schib);
    expect(host.written).toEqual([]);
  });

  test('TEST SUBCHANNEL without status', () => {
    const { rig, host } = enabledVfio();
    expect(rig.tsch()).toBe(1);
    expect(host.written).toEqual([]);
  });
});

describe('STORE SUBCHANNEL', () => {
  test('shows four path fields of the host as they are now, and nothing else of its SCHIB', () => {
    const { rig, host } = enabledVfio();
    Object.assign(host.schib.pmcw, {
      pnom: 0x40,
      lpum: 0x80,
      pam: 0x80,
      pom: 0xbf,
      pim: 0xff,
      intparm: 0x99,
    });
    host.schib.pmcw.chpids.fill(0x77);
    Object.assign(host.schib.scsw, { fctl: FCTL.START, actl: ACTL.SUBCHANNEL_ACTIVE });
    expect(rig.stsch()).toBe(0);
    expect(rig.schib.pmcw).toMatchObject({
      pnom: 0x40,
      lpum: 0x80,
      pam: 0x80,
      pom: 0xbf,
      pim: 0xc0,
      intparm: 0x17,
    });
    expect([...rig.schib.pmcw.chpids.subarray(0, 3)]).toEqual([0x40, 0x41, 0]);
    expect(rig.schib.scsw).toMatchObject({ fctl: 0, actl: 0 });
  });

  test('switches path not operational on, and leaves it to others to switch it off', () => {
    const { rig, host } = enabledVfio();
    host.schib.scsw.pathNotOperational = 1;
    rig.stsch();
    host.schib.scsw.pathNotOperational = 0;
    rig.stsch();
    expect(rig.schib.scsw.pathNotOperational).toBe(1);
    rig.ssch();
    expect(rig.device.sch.schib.scsw.pathNotOperational).toBe(0);
  });

  test('answers with what it knew when the region cannot be read', () => {
    const { rig, host } = enabledVfio();
    host.schib.pmcw.pam = 0;
    host.readAnswer = E.NODEV;
    expect(rig.stsch()).toBe(0);
    expect(rig.schib.pmcw.pam).toBe(0xc0);
  });
});

describe('QEMU before', () => {
  test('5.1: a refusal leaves the start function on, and further starts find the subchannel busy', () => {
    const { rig, host } = enabledVfio({ release: '5.1' });
    host.answers.push(E.ACCES);
    expect(rig.ssch()).toBe(3);
    expect(rig.control).toBe(STARTED);
    expect(rig.ssch()).toBe(2);
  });

  test('5.1: what refuses HALT and CLEAR in the host is lost', () => {
    const { rig, host } = enabledVfio({ release: '5.1' });
    host.answers.push(E.NODEV, E.BUSY);
    expect(rig.signal('csch')).toBe(0);
    expect(rig.signal('hsch')).toBe(2);
    expect(host.written).toEqual(['command 2']);
  });

  test('4.1: a program without the prefetch bit is not started', () => {
    const { rig, host } = enabledVfio({ release: '4.1' });
    expect(rig.ssch({ prefetch: 0 })).toBe(0);
    expect(host.written).toEqual([]);
    expect(rig.device.sch.schib.scsw.dstat).toBe(DSTAT.UNIT_EXCEPTION);
    expect(rig.interruptions).toBe(1);
  });

  test('2.12: no force-orb-pfch, and CLEAR is emulated even where the kernel has a region for it', () => {
    const { rig, host } = enabledVfio({ release: '2.12', properties: { forcePrefetch: true } });
    expect(rig.ssch({ prefetch: 0 })).toBe(0);
    rig.tsch();
    expect(rig.signal('csch')).toBe(0);
    expect(host.written).toEqual([]);
    expect(rig.control).toBe('1/0/1');
  });

  test('4.1: the guest never sees what becomes of the paths', () => {
    const { rig, host } = enabledVfio({ release: '4.1' });
    host.schib.pmcw.pam = 0x80;
    rig.stsch();
    expect(rig.schib.pmcw.pam).toBe(0xc0);
    expect(host.written).toEqual([]);
  });
});

test('status that cannot be read is reported as what it may have been', () => {
  const outcome = (errno: number): [number, number, number] => {
    const { rig, host } = enabledVfio();
    rig.ssch();
    host.readAnswer = errno;
    host.interrupt({});
    rig.settle();
    expect(rig.interruptions).toBe(1);
    const { cc, cstat, actl } = rig.device.sch.schib.scsw;
    return [cc, cstat, actl];
  };
  expect(outcome(E.NODEV)).toEqual([3, 0, ACTL.START_PENDING]);
  expect(outcome(E.FAULT)).toEqual([0, CSTAT.CHANNEL_DATA_CHECK, 0]);
  expect(outcome(E.IO)).toEqual([0, CSTAT.PROGRAM_CHECK, 0]);
});
