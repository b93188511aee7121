import { describe, expect, it } from 'vitest';
import type { Steps } from '../../../src/kernel/process.ts';
import { E, type Errno } from '../../../src/linux/errno.ts';
import { IO_SUBCHANNEL_DRIVER } from '../../../src/linux/io-subchannel.ts';
import { UpstreamKernelRelay } from '../../../src/linux/vfio/event-relay.ts';
import { VFIO_STATE } from '../../../src/linux/vfio/fsm.ts';
import { GuestMemory } from '../../../src/linux/vfio/guest-memory.ts';
import { Host, MS, SECOND } from './host.ts';

/* From the driver of I/O subchannels to an open device and back (linux reference 6.1, 6.9). */

/** Steps that return nothing, as an action. */
function* closed(steps: Steps): Steps<Errno> {
  yield* steps;
  return E.OK;
}

const subchannelOf = (host: Host, schid = 0) => host.rig.linux.css.lookup(schid)!;
const instructions = (host: Host): string[] =>
  host.rig.recorder
    .trace()
    .filter((line) => !line.startsWith('chsc') && !line.startsWith('stcrw'))
    .map((line) => line.split(' ')[0]);

describe('binding', () => {
  it('goes in order: the other driver must let go first, and its device is gone then', () => {
    const host = new Host();
    expect(host.rig.linux.device(0x1000)).toBeDefined();
    expect(host.act((self) => host.vfio.bind(self, 0))).toBe(E.BUSY);
    expect(host.act((self) => host.rig.linux.css.unbind(self, subchannelOf(host)))).toBe(E.OK);
    expect(host.rig.linux.device(0x1000)).toBeUndefined();
    expect(host.vfio.createMediated(0, host.relay)).toBe(E.NODEV);
    expect(host.act((self) => host.vfio.bind(self, 0))).toBe(E.OK);
    expect(host.act((self) => host.vfio.bind(self, 0))).toBe(E.BUSY);
    expect(host.rig.linux.pathMasks(0)).toMatchObject({ lpm: 0xf0, opm: 0xff });
  });

  it.each([
    ['CHSC', { subchannelType: 1 }],
    ['message', { subchannelType: 2 }],
    ['EADM', { subchannelType: 3 }],
    ['QDIO', { qdio: 1 }],
  ])('is refused for subchannels of kind %s', (_, fields) => {
    const host = new Host();
    const sch = subchannelOf(host);
    host.act((self) => host.rig.linux.css.unbind(self, sch));
    Object.assign(sch.schib.pmcw, fields);
    expect(host.act((self) => host.vfio.bind(self, 0))).toBe(E.NODEV);
    expect(sch.driver).toBeNull();
    expect(host.vfio.device(0)).toBeUndefined();
  });

  it.each([
    ['6.16', E.USERS],
    ['5.10', E.PERM],
  ] as const)('allows one mediated device, and refuses a second one in Linux %s with %i', (kernel, error) => {
    const host = new Host({ kernel });
    expect(host.act((self) => host.vfio.passThrough(self, 0, host.relay))).toBe(E.OK);
    expect(host.vfio.createMediated(0, host.relay)).toBe(error);
    host.act((self) => host.vfio.removeMediated(self, 0));
    expect(host.vfio.createMediated(0, host.relay)).toBe(E.OK);
  });

  it('back to the driver of I/O subchannels finds the device again', () => {
    const host = new Host().opened();
    const { device } = host.guests[0];
    host.act((self) => closed(device.close(self)));
    expect(host.act((self) => host.vfio.unbind(self, 0))).toBe(E.OK);
    expect(host.vfio.device(0)).toBeUndefined();
    host.act((self) => host.rig.linux.rescan(self), SECOND);
    expect(host.rig.linux.device(0x1000)).toBeUndefined();
    host.act((self) => host.rig.linux.css.bind(self, subchannelOf(host), IO_SUBCHANNEL_DRIVER), SECOND);
    expect(host.rig.linux.device(0x1000)).toBeDefined();
  });
});

describe('opening and closing', () => {
  it('enable and disable the subchannel, and regions exist in between', () => {
    const host = new Host({ devices: 1 });
    host.act((self) => host.vfio.passThrough(self, 0, host.relay));
    const device = host.vfio.device(0)!;
    expect(device.info.regions).toBe(1);
    host.rig.recorder.clear();
    expect(host.act((self) => device.open(self, host.memory))).toBe(E.OK);
    expect(instructions(host)).toEqual(['stsch', 'stsch', 'msch', 'stsch']);
    expect(device.state).toBe(VFIO_STATE.IDLE);
    expect(device.info.regions).toBe(4);
    host.rig.recorder.clear();
    host.act((self) => closed(device.close(self)));
    expect(instructions(host)).toEqual(['stsch', 'stsch', 'msch', 'stsch']);
    expect(device.state).toBe(VFIO_STATE.STANDBY);
    expect(device.info.regions).toBe(1);
    expect(host.act((self) => device.open(self, host.memory))).toBe(E.OK);
  });

  it('go past the state machine before Linux 6.1: the subchannel stays enabled, and only a reset makes it usable again', () => {
    const host = new Host({ devices: 1, kernel: '5.10' }).opened();
    const [guest] = host.guests;
    expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    host.act((self) => closed(guest.device.close(self)));
    expect(guest.device.state).toBe(VFIO_STATE.STANDBY);
    host.act((self) => guest.device.open(self, host.memory));
    expect(host.act((self) => guest.start(self))).toBe(E.IO);
    expect(host.act((self) => guest.device.reset(self))).toBe(E.OK);
    expect(host.act((self) => guest.start(self))).toBe(E.OK);
  });

  it('are refused for a device that is not operational or has no mediated device', () => {
    const host = new Host({ devices: 1 });
    host.act((self) => host.rig.linux.css.unbind(self, subchannelOf(host)));
    host.act((self) => host.vfio.bind(self, 0));
    const device = host.vfio.device(0)!;
    expect(host.act((self) => device.open(self, host.memory))).toBe(E.NODEV);
    host.vfio.createMediated(0, host.relay);
    device.state = VFIO_STATE.NOT_OPER;
    expect(host.act((self) => device.open(self, host.memory))).toBe(E.INVAL);
    expect(device.isOpen).toBe(false);
  });

  it('with an I/O in progress wait until it has been stopped', () => {
    const host = new Host({ devices: 1 }).opened();
    const [guest] = host.guests;
    host.unit.connectNs = 500 * MS;
    host.act((self) => guest.start(self));
    host.rig.recorder.clear();
    host.act((self) => closed(guest.device.close(self)), SECOND);
    const { recorder } = host.rig;
    // MSCH is tried five times, a tenth of a millisecond apart, before the subchannel is stopped.
    expect(recorder.count('msch', 2)).toBe(5);
    expect(recorder.count('xsch', 2)).toBe(1);
    expect(recorder.count('hsch', 0)).toBe(1);
    expect(recorder.count('csch')).toBe(0);
    expect(guest.device.state).toBe(VFIO_STATE.STANDBY);
    expect(subchannelOf(host).schib.pmcw.enabled).toBe(0);
    expect(host.memory.pinned).toBe(0);
  });

  it('by a reset take the program away and leave the device usable', () => {
    const host = new Host({ devices: 1 }).opened();
    const [guest] = host.guests;
    host.unit.connectNs = 500 * MS;
    host.act((self) => guest.start(self));
    expect(host.act((self) => guest.device.reset(self), SECOND)).toBe(E.OK);
    host.unit.connectNs = 100_000;
    expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    expect(host.act((self) => guest.start(self))).toBe(E.OK);
    expect(host.memory.pinned).toBe(0);
  });
});

describe('a device that has to be given back', () => {
  it('is asked for every ten seconds, until user space closes it', () => {
    const host = new Host({ devices: 1 }).opened();
    const [guest] = host.guests;
    host.rig.linux.spawn('unbind', function* (self) {
      yield* host.vfio.unbind(self, 0);
    });
    host.runFor(25 * SECOND);
    expect(guest.req.read()).toBe(3);
    expect(host.vfio.device(0)).toBeDefined();
    host.act((self) => closed(guest.device.close(self)));
    expect(host.vfio.device(0)).toBeUndefined();
    host.runFor(30 * SECOND);
    expect(guest.req.read()).toBe(0);
  });

  it('is only waited for before Linux 5.11', () => {
    const host = new Host({ devices: 1, kernel: '5.10' }).opened();
    const [guest] = host.guests;
    expect(guest.device.info.irqs).toBe(2);
    host.rig.linux.spawn('unbind', function* (self) {
      yield* host.vfio.unbind(self, 0);
    });
    host.runFor(25 * SECOND);
    expect(guest.req.read()).toBe(0);
    host.act((self) => closed(guest.device.close(self)));
    expect(host.vfio.device(0)).toBeUndefined();
  });
});

describe('a subchannel that goes', () => {
  it('becomes not operational: no report, no interruption; requests fail, and the device is asked for', () => {
    class Noting extends UpstreamKernelRelay {
      gone = 0;
      override deviceGone(): void {
        this.gone++;
      }
    }
    const relay = new Noting();
    const host = new Host({ devices: 2, relay }).opened();
    const [guest] = host.guests;
    const [image] = host.machine.images;
    host.machine.devices.detach(image, image.subchannels[0]);
    host.runFor(SECOND);
    expect(relay.gone).toBe(1);
    expect(guest.device.state).toBe(VFIO_STATE.NOT_OPER);
    expect(host.eventFds('io')).toEqual([0, 0]);
    expect(host.eventFds('crw')).toEqual([0, 0]);
    expect(guest.req.read()).toBe(1);
    expect(host.act((self) => guest.start(self))).toBe(E.IO);
    expect(host.act((self) => guest.command(self, 'HSCH'))).toBe(E.IO);
    expect(host.act((self) => guest.readSchib(self))).toBe(E.NODEV);
    host.act((self) => closed(guest.device.close(self)), SECOND);
    expect(host.rig.linux.css.lookup(0)).toBeUndefined();
    expect(host.vfio.device(1)).toBeDefined();
  });

  it('holds up everything that the host finds, as long as user space does not let go', () => {
    const host = new Host({ devices: 1 }).opened();
    const [image] = host.machine.images;
    host.machine.devices.detach(image, image.subchannels[0]);
    host.runFor(SECOND);
    expect(host.act((self) => host.rig.linux.rescan(self), 5 * SECOND)).toBeUndefined();
  });
});

describe('memory that user space takes back', () => {
  it('resets a device that has pinned it', () => {
    const memory = new GuestMemory();
    memory.map(0, 0x10000, 0);
    const resets: string[] = [];
    memory.attach({
      hasPinned: (iova, bytes) => iova < 0x3000 && 0x2000 < iova + bytes,
      *unmapped(self) {
        yield* self.sleep(1);
        resets.push('reset');
      },
    });
    const host = new Host({ devices: 1 });
    host.act((self) => closed(memory.unmap(self, 0x8000, 0x1000)));
    expect(resets).toEqual([]);
    host.act((self) => closed(memory.unmap(self, 0, 0x10000)));
    expect(resets).toEqual(['reset']);
    expect(memory.translate(0x2000)).toBe(E.INVAL);
  });
});
