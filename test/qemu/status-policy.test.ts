import { describe, expect, test } from 'vitest';
import type { StatusPolicy } from '../../src/qemu/status-policy.ts';
import { FakeVfio } from './fake-vfio.ts';
import { enabledVfio, type VfioRig } from './vfio-rig.ts';

const HALTED = { fctl: 2, actl: 0, stctl: 1 };
const CLEARED = { fctl: 1, actl: 0, stctl: 1 };

function setEnabled(rig: VfioRig, enabled: number): number {
  rig.stsch();
  rig.schib.pmcw.enabled = enabled;
  return rig.issue('msch', rig.schib);
}

/** The guest has disabled its subchannel, and then the host's halt of it ends. */
function statusAfterDisable(status: StatusPolicy): { rig: VfioRig; host: FakeVfio } {
  const { rig, host } = enabledVfio({ policies: { status } }, new FakeVfio());
  expect(setEnabled(rig, 0)).toBe(0);
  rig.events.length = 0;
  host.interrupt(HALTED);
  rig.settle();
  return { rig, host };
}

describe('status of the host for a subchannel that the guest has disabled', () => {
  test('as QEMU does it: no TSCH takes it away, and no MSCH enables the subchannel again', () => {
    const { rig } = statusAfterDisable('qemu');
    expect(rig.interruptions).toBe(1);
    expect(rig.tsch()).toBe(3);
    expect(setEnabled(rig, 1)).toBe(1);
    expect(rig.tsch()).toBe(3);
    expect(setEnabled(rig, 1)).toBe(1);
  });

  test('dropped: it is read, the guest is not interrupted, and can have its device back', () => {
    const { rig } = statusAfterDisable('drop-disabled');
    expect(rig.events).toEqual(['notified 0 0', 'pread 0 0', 'status-dropped 2 1']);
    expect(rig.interruptions).toBe(0);
    expect(rig.control).toBe('0/0/0');
    expect(setEnabled(rig, 1)).toBe(0);
    expect(rig.ssch()).toBe(0);
  });

  test('dropped only as long as the subchannel is disabled', () => {
    const { rig, host } = statusAfterDisable('drop-disabled');
    setEnabled(rig, 1);
    rig.ssch();
    host.interrupt({ fctl: 4, actl: 0, stctl: 7 });
    rig.settle();
    expect(rig.interruptions).toBe(1);
    expect(rig.tsch()).toBe(0);
    expect(rig.irb.scsw).toMatchObject({ fctl: 4, stctl: 7 });
  });
});

/* Why Linux in a guest may clear again and again: QEMU answers for each clear with the status before it. */
describe('CSCH with status of the host pending', () => {
  function clearedWithStatus(): { rig: VfioRig; host: FakeVfio } {
    const { rig, host } = enabledVfio();
    host.interrupt(HALTED);
    rig.settle();
    expect(rig.ssch()).toBe(1);
    expect(rig.signal('csch')).toBe(0);
    // The old status is shown with the new function, before the host has cleared anything.
    expect(rig.tsch()).toBe(0);
    expect(rig.irb.scsw).toMatchObject({ fctl: 1, actl: 8, stctl: 1 });
    return { rig, host };
  }

  test('leaves it pending, and the next start finds that of the clear: cc 1 once more', () => {
    const { rig, host } = clearedWithStatus();
    host.interrupt(CLEARED);
    rig.settle();
    expect(rig.ssch()).toBe(1);
    expect(host.written).not.toContain('io 4/20 pfch 0');
  });

  test('ends when the guest is faster than the notification: the start reaches the host', () => {
    const { rig, host } = clearedWithStatus();
    expect(rig.ssch()).toBe(0);
    host.interrupt(CLEARED);
    rig.settle();
    expect(rig.control).toBe('1/0/1');
  });
});
