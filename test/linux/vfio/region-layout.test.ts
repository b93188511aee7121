import { describe, expect, it } from 'vitest';
import type { Process, Steps } from '../../../src/kernel/process.ts';
import { E, type Errno } from '../../../src/linux/errno.ts';
import type { KernelName } from '../../../src/linux/kernel-features.ts';
import { VFIO_STATE } from '../../../src/linux/vfio/fsm.ts';
import type { RegionLayout } from '../../../src/linux/vfio/region-layout.ts';
import { FCTL, STCTL } from '../../../src/zarch/scsw.ts';
import { type Guest, Host, MS } from './host.ts';

/* What stands in the I/O region, and who writes over it (document 0, "Problems"). */

const ENDED = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;

const opened = (regions: RegionLayout, kernel: KernelName = '6.16'): Host =>
  new Host({ devices: 1, regions, kernel }).opened();

/** Writes the I/O region with a function, as QEMU does: zeros where status stood. */
function* request(self: Process, guest: Guest, fctl: number): Steps<Errno> {
  const { region, device } = guest;
  Object.assign(region.irb.scsw, { fctl: 0, actl: 0, stctl: 0, dstat: 0 });
  region.scsw.fctl = fctl;
  return yield* device.write(self, region);
}

/** What the kernel recorded about status that was written over, as `event fctl`. */
const overwritten = (host: Host): string[] =>
  host.rig.recorder.seen
    .filter(({ event }) => event.includes('overwritten'))
    .map(({ event, a }) => `${event} ${a}`);

const instructions = (host: Host): string[] =>
  host.rig.recorder.seen.map(({ event }) => event).filter((event) => /^.sch$/.test(event));

describe('one region', () => {
  it.each([
    ['HALT', FCTL.HALT, 'hsch'],
    ['CLEAR', FCTL.CLEAR, 'csch'],
  ] as const)(
    'takes %s beside the program that runs, and the device is idle when its status comes',
    (_, fctl, name) => {
      const host = opened('one');
      const [guest] = host.guests;
      host.unit.connectNs = 300 * MS;
      host.act((self) => guest.start(self));
      expect(guest.device.state).toBe(VFIO_STATE.CP_PENDING);
      host.rig.recorder.clear();
      expect(host.act((self) => request(self, guest, fctl))).toBe(E.OK);
      expect(instructions(host)).toContain(name);
      expect(guest.device.state).toBe(VFIO_STATE.IDLE);
      expect(host.memory.pinned).toBe(0);
      host.act((self) => guest.readStatus(self));
      expect(guest.region.irb.scsw.fctl & fctl).toBe(fctl);
      expect(overwritten(host)).toEqual([]);
    },
  );

  it.each([
    ['start', FCTL.START, E.BUSY],
    ['a copy of an SCSW whose start is being halted', FCTL.START | FCTL.HALT, E.BUSY],
  ])('takes no %s beside the program that runs', (_, fctl, error) => {
    const host = opened('one');
    const [guest] = host.guests;
    host.unit.connectNs = 300 * MS;
    host.act((self) => guest.start(self));
    expect(host.act((self) => request(self, guest, fctl))).toBe(error);
    expect(guest.device.state).toBe(VFIO_STATE.CP_PENDING);
  });

  it('loses the status of a start that ends before the halt is written', () => {
    const host = opened('one');
    const [guest] = host.guests;
    host.act((self) => guest.start(self));
    expect(guest.io.read()).toBe(1);
    host.act((self) => request(self, guest, FCTL.HALT), 1);
    expect(overwritten(host)).toEqual([`io-overwritten.halt ${FCTL.START}`]);
    host.act((self) => guest.readStatus(self), 1);
    expect(guest.region.irb.scsw).toMatchObject({ fctl: 0, stctl: 0, dstat: 0 });
    host.runFor(MS);
    host.act((self) => guest.readStatus(self));
    expect(guest.region.irb.scsw).toMatchObject({ fctl: FCTL.HALT, stctl: STCTL.PENDING });
  });

  it('has no region for commands, whose state machine is its own', () => {
    const host = opened('one');
    expect(host.guests[0].device.info.regions).toBe(3);
    expect(opened('separate').guests[0].device.info.regions).toBe(4);
  });

  it('is as unknown to kernels without commands as the function bits always were', () => {
    const host = opened('one', '4.17');
    const [guest] = host.guests;
    expect(host.act((self) => request(self, guest, FCTL.HALT))).toBe(E.OPNOTSUPP);
    host.unit.connectNs = 300 * MS;
    host.act((self) => guest.start(self));
    expect(host.act((self) => request(self, guest, FCTL.CLEAR))).toBe(E.BUSY);
    expect(instructions(host)).not.toContain('csch');
  });
});

describe('separate regions', () => {
  it.each(['HSCH', 'CSCH'] as const)('keep the status of a start for whoever reads it after %s', (name) => {
    const host = opened('separate');
    const [guest] = host.guests;
    host.act((self) => guest.start(self));
    host.act((self) => guest.command(self, name), 1);
    expect(overwritten(host)).toEqual([]);
    host.act((self) => guest.readStatus(self), 1);
    expect(guest.region.irb.scsw).toMatchObject({ fctl: FCTL.START, stctl: ENDED });
  });

  it('let the status of the halt take its place where nobody reads it in time', () => {
    const host = opened('separate');
    const [guest] = host.guests;
    host.act((self) => guest.start(self));
    host.act((self) => guest.command(self, 'HSCH'));
    expect(overwritten(host)).toEqual([`status-overwritten ${FCTL.HALT}`]);
    expect(guest.io.read()).toBe(2);
  });

  it('do not keep a start from being written over status that nobody has read', () => {
    const host = opened('separate');
    const [guest] = host.guests;
    host.act((self) => guest.start(self));
    host.act((self) => guest.start(self));
    expect(overwritten(host)).toEqual([`io-overwritten.start ${FCTL.START}`]);
    host.act((self) => guest.readStatus(self));
    host.act((self) => guest.start(self));
    expect(overwritten(host)).toHaveLength(1);
  });
});
