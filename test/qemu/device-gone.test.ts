import { describe, expect, test } from 'vitest';
import { IRQ } from '../../src/linux/vfio/uapi.ts';
import { FACILITY_MULTIPLE_SUBCHANNEL_SETS } from '../../src/zarch/chsc.ts';
import { IoInterruptionCode } from '../../src/zarch/interruption-code.ts';
import { DSTAT, FCTL, STCTL } from '../../src/zarch/scsw.ts';
import { FakeVfio } from './fake-vfio.ts';
import { enabledVfio, type VfioRig, type VfioRigOptions } from './vfio-rig.ts';

/** Policy `disconnected`: the guest keeps a device that is gone in the host, and is told when it comes back. */

const OFFERS_OPER = { irqs: 4 };
const kept = (options: VfioRigOptions = {}): { rig: VfioRig; host: FakeVfio } =>
  enabledVfio({ policies: { gone: 'disconnected' }, ...options }, new FakeVfio(OFFERS_OPER));

const ENDED = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;
const PLAIN_END = { fctl: FCTL.START, stctl: ENDED, dstat: DSTAT.CHANNEL_END | DSTAT.DEVICE_END };

function gone(rig: VfioRig, host: FakeVfio, isGone = true): void {
  host.setGone(isGone);
  rig.settle();
}

describe('a device that is gone in the host', () => {
  test('is reported, and its subchannel shows no valid device number: as on the machine', () => {
    const { rig, host } = kept();
    gone(rig, host);
    expect(rig.events).toEqual(['notified 3 0']);
    expect(rig.machineChecks).toBe(1);
    expect(rig.reportWords()).toEqual(['03040000']);
    expect(rig.stsch()).toBe(0);
    const { deviceNumberValid, enabled, isc, intparm, deviceNumber, pim } = rig.schib.pmcw;
    expect({ deviceNumberValid, enabled, isc, intparm }).toEqual({
      deviceNumberValid: 0,
      enabled: 0,
      isc: 0,
      intparm: 0,
    });
    expect([deviceNumber, pim]).toEqual([0x1000, 0xc0]);
  });

  test('gives condition code 3 to what wants it, without asking the host', () => {
    const { rig, host } = kept();
    gone(rig, host);
    host.written.length = 0;
    expect([
      rig.ssch(),
      rig.tsch(),
      ...(['hsch', 'csch', 'xsch', 'rsch'] as const).map((name) => rig.signal(name)),
    ]).toEqual([3, 3, 3, 3, 3, 3]);
    expect(host.written).toEqual([]);
    expect(rig.vm.devices).toHaveLength(1);
    expect(host.isOpen).toBe(true);
  });

  test('takes along what it was doing: no function, no status, no interruption', () => {
    const { rig, host } = kept();
    rig.ssch();
    host.interrupt(PLAIN_END);
    rig.settle();
    gone(rig, host);
    expect(rig.control).toBe('0/0/0');
    expect(rig.issue('tpi', { iscMask: 0xff, code: new IoInterruptionCode() })).toBe(0);
  });

  test('has status no more that the kernel presented before', () => {
    const { rig, host } = kept();
    rig.ssch();
    host.setGone(true);
    host.interrupt(PLAIN_END);
    rig.settle();
    expect(rig.control).toBe('0/0/0');
    expect(rig.interruptions).toBe(0);
  });

  test('is reported in two words where the guest has enabled several subchannel sets', () => {
    const { rig, host } = kept();
    rig.vm.css.enableFacility(FACILITY_MULTIPLE_SUBCHANNEL_SETS);
    gone(rig, host);
    gone(rig, host, false);
    expect(rig.reportWords()).toEqual(['13040000', '03040000', '13040000', '03040000']);
  });
});

describe('a device that is there again', () => {
  test('is reported a second time: two reports for an outage, and the guest can use it', () => {
    const { rig, host } = kept();
    gone(rig, host);
    rig.reportWords();
    host.schib.pmcw.pam = 0x80;
    host.pam = 0x80;
    gone(rig, host, false);
    expect(rig.machineChecks).toBe(2);
    expect(rig.reportWords()).toEqual(['03040000']);
    rig.stsch();
    const { deviceNumberValid, enabled, pam, pom } = rig.schib.pmcw;
    expect({ deviceNumberValid, enabled, pam, pom }).toEqual({
      deviceNumberValid: 1,
      enabled: 0,
      pam: 0x80,
      pom: 0xff,
    });
    expect(rig.ssch()).toBe(3);
    rig.enable();
    expect(rig.ssch()).toBe(0);
  });

  test('before QEMU has looked was away all the same', () => {
    const { rig, host } = kept();
    rig.ssch();
    host.setGone(true);
    host.setGone(false);
    rig.settle();
    expect(rig.events.filter((event) => event.startsWith('notified'))).toEqual(['notified 3 0']);
    expect(rig.reportWords()).toEqual(['03040000', '03040000']);
    rig.stsch();
    expect(rig.schib.pmcw.deviceNumberValid).toBe(1);
    expect(rig.control).toBe('0/0/0');
  });

  test('and gone again before QEMU has looked has not been there for the guest', () => {
    const { rig, host } = kept();
    gone(rig, host);
    host.setGone(false);
    host.setGone(true);
    rig.settle();
    expect(rig.reportWords()).toEqual(['03040000']);
  });
});

describe('who does not know the policy', () => {
  test('a kernel without the interrupt has the device unplugged, as ever', () => {
    const { rig, host } = enabledVfio({ policies: { gone: 'disconnected' } });
    expect(host.triggers.has(IRQ.OPER)).toBe(false);
    host.triggers.get(IRQ.REQ)!.signal();
    rig.settle();
    expect(rig.vm.devices).toEqual([]);
  });

  test('a QEMU without it does not listen', () => {
    const { rig, host } = enabledVfio({}, new FakeVfio(OFFERS_OPER));
    expect(host.triggers.has(IRQ.OPER)).toBe(false);
    gone(rig, host);
    expect(rig.events).toEqual([]);
  });

  test('the host may want a device back that is gone: it is unplugged then', () => {
    const { rig, host } = kept();
    gone(rig, host);
    host.triggers.get(IRQ.REQ)!.signal();
    rig.settle();
    expect(rig.reportWords()).toEqual(['03040000', '03040000']);
    expect(host.triggers.size).toBe(0);
    expect(rig.vm.devices).toEqual([]);
  });
});
