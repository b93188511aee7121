import { describe, expect, it } from 'vitest';
import type { Steps } from '../../../src/kernel/process.ts';
import { E, type Errno } from '../../../src/linux/errno.ts';
import { VFIO_STATE } from '../../../src/linux/vfio/fsm.ts';
import { DEVICE_FLAG, IRQ } from '../../../src/linux/vfio/uapi.ts';
import { Host, type HostShape, MS, SECOND } from './host.ts';

/*
 * Policy `disconnected`: a device whose subchannel is gone stays bound and open, and waits (document 0). What happens
 * without it stands in lifecycle.test.ts.
 */

const opened = (shape: HostShape = {}): Host =>
  new Host({ devices: 1, gone: 'disconnected', ...shape }).opened();

function* closed(steps: Steps): Steps<Errno> {
  yield* steps;
  return E.OK;
}

describe.each(['5.7', '5.10', '6.1', '6.16'] as const)('in Linux %s a subchannel that goes', (kernel) => {
  it('leaves a device that is disconnected: user space is told, keeps it, and gets −ENODEV for all it asks', () => {
    const host = opened({ kernel });
    const [guest] = host.guests;
    host.detach();
    host.runFor(SECOND);
    expect(guest.device.state).toBe(VFIO_STATE.DISCONNECTED);
    expect(host.eventFds('oper')).toEqual([1]);
    expect([host.eventFds('req'), host.eventFds('io'), host.eventFds('crw')]).toEqual([[0], [0], [0]]);
    expect(guest.device.isOpen).toBe(true);
    expect(guest.device.info.flags & DEVICE_FLAG.NOT_OPERATIONAL).not.toBe(0);
    expect(host.act((self) => guest.start(self))).toBe(E.NODEV);
    expect(host.act((self) => guest.command(self, 'HSCH'))).toBe(E.NODEV);
    expect(host.act((self) => guest.command(self, 'CSCH'))).toBe(E.NODEV);
    expect(host.rig.linux.css.lookup(0)?.driver).toBe(guest.device);
  });

  it('has its device work again when it comes back, with all its paths', () => {
    const host = opened({ kernel });
    const [guest] = host.guests;
    host.detach();
    host.runFor(SECOND);
    host.attach();
    host.runFor(SECOND);
    expect(host.eventFds('oper')).toEqual([2]);
    expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    expect(guest.device.info.flags & DEVICE_FLAG.NOT_OPERATIONAL).toBe(0);
    expect(host.rig.linux.css.lookup(0)!.schib.pmcw.enabled).toBe(1);
    expect(host.rig.linux.pathMasks(0)).toMatchObject({ lpm: 0xf0 });
    expect(host.act((self) => guest.start(self))).toBe(E.OK);
    host.runFor(SECOND);
    expect(host.eventFds('io')).toEqual([1]);
  });

  it('takes an operation along: its pages are given back, and nobody is told of an interruption', () => {
    const host = opened({ kernel });
    const [guest] = host.guests;
    host.unit.connectNs = 500 * MS;
    host.act((self) => guest.start(self));
    host.detach();
    host.runFor(SECOND);
    expect(host.memory.pinned).toBe(0);
    expect(host.eventFds('io')).toEqual([0]);
    host.unit.connectNs = 100_000;
    host.attach();
    host.runFor(SECOND);
    expect(host.act((self) => guest.start(self))).toBe(E.OK);
  });
});

describe('a disconnected device', () => {
  it('that went and came before the host looked was away: user space is told twice', () => {
    const host = opened();
    const [guest] = host.guests;
    host.detach();
    host.attach();
    host.runFor(SECOND);
    expect(host.eventFds('oper')).toEqual([2]);
    expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    expect(host.act((self) => guest.start(self))).toBe(E.OK);
  });

  it('has no SCHIB to show', () => {
    const host = opened();
    host.detach();
    host.runFor(SECOND);
    expect(host.act((self) => host.guests[0].readSchib(self))).toBe(E.NODEV);
  });

  it('holds up nothing else, unlike one that has to be unregistered', () => {
    const host = opened();
    host.detach();
    host.runFor(SECOND);
    expect(host.act((self) => host.rig.linux.rescan(self), 5 * SECOND)).toBe(E.OK);
  });

  it('cannot be opened, and closes; it waits for its subchannel all the same', () => {
    const host = opened();
    const { device } = host.guests[0];
    host.detach();
    host.runFor(SECOND);
    host.act((self) => closed(device.close(self)));
    expect(host.act((self) => device.open(self, host.memory))).toBe(E.INVAL);
    expect(host.vfio.createMediated(0, host.relay)).toBe(E.NODEV);
    host.attach();
    host.runFor(SECOND);
    expect(device.state).toBe(VFIO_STATE.STANDBY);
    expect(host.act((self) => device.open(self, host.memory))).toBe(E.OK);
  });

  it.each(['5.10', '6.16'] as const)('cannot be reset, and stays what it is, in Linux %s', (kernel) => {
    const host = opened({ kernel });
    const { device } = host.guests[0];
    host.detach();
    host.runFor(SECOND);
    expect(host.act((self) => device.reset(self))).not.toBe(E.OK);
    expect(device.state).toBe(VFIO_STATE.DISCONNECTED);
  });

  it('is still asked for when an administrator unbinds it', () => {
    const host = opened();
    const [guest] = host.guests;
    host.detach();
    host.runFor(SECOND);
    host.rig.linux.spawn('unbind', function* (self) {
      yield* host.vfio.unbind(self, 0);
    });
    host.runFor(SECOND);
    expect(guest.req.read()).toBe(1);
    host.act((self) => closed(guest.device.close(self)));
    expect(host.vfio.device(0)).toBeUndefined();
  });

  it('goes and comes as often as it likes: two signals each time', () => {
    const host = opened({ devices: 2 });
    for (let outage = 1; outage <= 5; outage++) {
      host.detach(1);
      host.runFor(SECOND);
      host.attach(1);
      host.runFor(SECOND);
      expect(host.eventFds('oper')).toEqual([0, 2]);
      expect(host.act((self) => host.guests[1].start(self))).toBe(E.OK);
      host.runFor(SECOND);
    }
  });

  it('is found by a path event, too, that comes before the report', () => {
    const host = opened();
    const [guest] = host.guests;
    host.detach();
    host.configure(0, false);
    host.runFor(SECOND);
    expect(guest.device.state).toBe(VFIO_STATE.DISCONNECTED);
    expect(host.eventFds('crw')).toEqual([0]);
    host.configure(0, true);
    host.attach();
    host.runFor(SECOND);
    expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    expect(host.rig.linux.pathMasks(0)).toMatchObject({ lpm: 0xf0 });
  });
});

describe('the interrupt for it', () => {
  it('is offered by this policy only', () => {
    const [kept] = opened().guests;
    const [lost] = new Host({ devices: 1 }).opened().guests;
    expect([kept.device.irqCount(IRQ.OPER), kept.device.info.irqs]).toEqual([1, 4]);
    expect([lost.device.irqCount(IRQ.OPER), lost.device.info.irqs]).toEqual([E.INVAL, 3]);
    expect(opened({ kernel: '5.10' }).guests[0].device.irqCount(IRQ.REQ)).toBe(E.INVAL);
  });
});
