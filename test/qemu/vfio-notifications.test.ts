import { describe, expect, test } from 'vitest';
import { E } from '../../src/linux/errno.ts';
import { IRQ } from '../../src/linux/vfio/uapi.ts';
import { IoInterruptionCode } from '../../src/zarch/interruption-code.ts';
import { DSTAT, FCTL, STCTL } from '../../src/zarch/scsw.ts';
import { FakeVfio } from './fake-vfio.ts';
import { enabledVfio, VfioRig } from './vfio-rig.ts';

/** What the kernel tells QEMU with eventfds, and what becomes of it in the guest. */

const ENDED = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;
const PLAIN_END = { fctl: FCTL.START, stctl: ENDED, dstat: DSTAT.CHANNEL_END | DSTAT.DEVICE_END };

describe('an interruption of the host', () => {
  test('is the guest’s: its status word as a whole, its interruption parameter', () => {
    const { rig, host } = enabledVfio();
    rig.ssch({ intparm: 0x4711 });
    host.interrupt({ ...PLAIN_END, count: 5, ccwAddress: 0x1010 });
    rig.settle();
    expect(rig.events).toEqual(['pwrite 0 0', 'notified 0 0', 'pread 0 0']);
    const code = new IoInterruptionCode();
    expect(rig.issue('tpi', { iscMask: 0xff, code })).toBe(1);
    expect(code).toMatchObject({ subchannel: 0, intparm: 0x4711, isc: 3 });
    expect(rig.tsch()).toBe(0);
    expect(rig.irb.scsw).toMatchObject({ ...PLAIN_END, count: 5, ccwAddress: 0x1010 });
  });

  test('brings sense only to a subchannel that is enabled for it', () => {
    const sense = new Uint8Array(32).fill(0x10);
    const senseOf = (concurrentSense: number): number => {
      const { rig, host } = enabledVfio();
      rig.enable(concurrentSense);
      rig.ssch();
      host.irb.sense.set(sense);
      host.interrupt(
        { ...PLAIN_END, dstat: DSTAT.UNIT_CHECK },
        { concurrentSense: 1, lpum: 0x40, senseCount: 32 },
      );
      rig.settle();
      rig.tsch();
      expect(rig.irb.lpum).toBe(0x40);
      return rig.irb.sense[0];
    };
    expect(senseOf(1)).toBe(0x10);
    expect(senseOf(0)).toBe(0);
  });

  test('loses an earlier status that the guest has not fetched, but not its interruption', () => {
    const { rig, host } = enabledVfio();
    rig.ssch();
    host.interrupt({ ...PLAIN_END, count: 1 });
    rig.settle();
    host.interrupt({ ...PLAIN_END, count: 2 });
    rig.settle();
    expect(rig.interruptions).toBe(2);
    expect([rig.tsch(), rig.irb.scsw.count]).toEqual([0, 2]);
    expect(rig.tsch()).toBe(1);
  });

  test('is injected even when it brings no status', () => {
    const { rig, host } = enabledVfio();
    host.interrupt({ stctl: 0 });
    rig.settle();
    expect(rig.interruptions).toBe(1);
    expect(rig.tsch()).toBe(1);
  });

  test('after the guest has disabled its subchannel locks it out: TSCH wants it enabled, MSCH wants the status gone', () => {
    const { rig, host } = enabledVfio();
    rig.stsch();
    rig.schib.pmcw.enabled = 0;
    expect(rig.issue('msch', rig.schib)).toBe(0);
    host.interrupt({ fctl: FCTL.HALT, stctl: STCTL.PENDING });
    rig.settle();
    expect(rig.tsch()).toBe(3);
    expect(rig.enable()).toBe(1);
    expect(rig.signal('csch')).toBe(3);
  });

  test('that is signalled twice before QEMU comes round to it is one', () => {
    const { rig, host } = enabledVfio();
    host.interrupt(PLAIN_END);
    host.interrupt(PLAIN_END);
    rig.settle();
    expect(rig.events).toEqual(['notified 0 0', 'pread 0 0']);
    expect(rig.interruptions).toBe(1);
  });

  test('has the ESW of a virtual device in QEMU before 6.1: always path 80', () => {
    const { rig, host } = enabledVfio({ release: '5.1' });
    rig.ssch();
    host.interrupt(PLAIN_END, { lpum: 0x40 });
    rig.settle();
    rig.tsch();
    expect(rig.irb.lpum).toBe(0x80);
  });
});

describe('channel reports', () => {
  test('are read until there is none, and handed on as they are', () => {
    const { rig, host } = enabledVfio();
    host.report(0x04060040, 0x04020040, 0x04060041);
    rig.settle();
    expect(rig.events).toEqual(['notified 1 0', 'pread 3 0', 'pread 3 0', 'pread 3 0', 'pread 3 0']);
    expect(rig.machineChecks).toBe(1);
    expect(rig.reportWords()).toEqual(['04060040', '04020040', '04060041']);
  });

  test('that the kernel signals again while QEMU reads are handled at once, and not a second time', () => {
    const { rig, host } = enabledVfio();
    const eventFd = host.triggers.get(IRQ.CRW)!;
    host.onRead = () => {
      host.onRead = () => {};
      eventFd.signal();
    };
    host.report(0x04060040);
    rig.settle();
    expect(rig.events).toEqual(['notified 1 0', 'pread 3 0', 'pread 3 0', 'pread 3 0']);
    expect(rig.reportWords()).toEqual(['04060040']);
  });

  test('need another machine check only after the guest has found none', () => {
    const { rig, host } = enabledVfio();
    host.report(0x04060040);
    rig.settle();
    host.report(0x04060041);
    rig.settle();
    expect(rig.machineChecks).toBe(1);
    rig.reportWords();
    host.report(0x04020040);
    rig.settle();
    expect(rig.machineChecks).toBe(2);
  });

  test('of several devices on one path are as many', () => {
    const rig = new VfioRig();
    const hosts = [new FakeVfio(), new FakeVfio()];
    for (const host of hosts) rig.realize(host, { busId: null });
    for (const host of hosts) host.report(0x04060040);
    rig.settle();
    expect(rig.reportWords()).toEqual(['04060040', '04060040']);
    expect(rig.machineChecks).toBe(1);
  });

  test('are not read any more when reading has failed', () => {
    const { rig, host } = enabledVfio();
    host.readAnswer = E.IO;
    host.report(0x04060040);
    rig.settle();
    expect(rig.events).toEqual(['notified 1 0', 'pread 3 -5']);
    expect(rig.reportWords()).toEqual([]);
  });
});

describe('a device that the host wants back', () => {
  test('is unplugged: the guest gets a report, and then the device is closed', () => {
    const { rig, host } = enabledVfio();
    host.triggers.get(IRQ.REQ)!.signal();
    rig.settle();
    expect(host.written).toEqual(['close']);
    expect(host.triggers.size).toBe(0);
    expect(rig.reportWords()).toEqual(['03040000']);
    expect(rig.stsch()).toBe(0);
    expect(rig.schib.pmcw.deviceNumberValid).toBe(0);
    expect(rig.ssch()).toBe(3);
    expect(rig.vm.devices).toEqual([]);
  });

  test('has no more to say: what was signalled before it was closed is dropped', () => {
    const { rig, host } = enabledVfio();
    host.triggers.get(IRQ.REQ)!.signal();
    host.interrupt(PLAIN_END);
    rig.settle();
    expect(rig.interruptions).toBe(0);
    expect(host.written).toEqual(['close']);
  });

  test('may be kept by the relay', () => {
    const relay = () => ({
      *requestNotified() {
        yield* [];
        return true;
      },
    });
    const { rig, host } = enabledVfio({ relay });
    host.triggers.get(IRQ.REQ)!.signal();
    rig.settle();
    expect(host.written).toEqual([]);
    expect(rig.vm.devices).toHaveLength(1);
  });
});

test('a reset of the guest resets the host’s device, and leaves the guest’s subchannel as it is', () => {
  const { rig, host } = enabledVfio();
  rig.ssch();
  host.report(0x04060040);
  rig.settle();
  rig.inLoop((self) => rig.vm.reset(self));
  expect(host.written.at(-1)).toBe('reset');
  expect(rig.device.sch.schib.pmcw.enabled).toBe(1);
  expect(rig.control).toBe('4/20/0');
  expect(rig.reportWords()).toEqual([]);
});
