import { describe, expect, test } from 'vitest';
import { E, type Errno } from '../../src/linux/errno.ts';
import { CANCEL_POLICIES, type CancelPolicy } from '../../src/qemu/cancel-policy.ts';
import { FakeVfio } from './fake-vfio.ts';
import { enabledVfio } from './vfio-rig.ts';

const XSCH = 'command 4';

describe('XSCH for a passed-through subchannel whose device works on a start', () => {
  test('carried out by QEMU: something has been cancelled, and the host knows nothing of it', () => {
    const { rig, host } = enabledVfio();
    rig.ssch();
    expect(rig.signal('xsch')).toBe(0);
    expect(host.written).not.toContain(XSCH);
    expect(rig.control).toBe('0/0/0');
    // The status comes all the same, for a start function that the guest believes to be gone.
    host.interrupt({ fctl: 4, actl: 0, stctl: 7 });
    rig.settle();
    expect(rig.interruptions).toBe(1);
  });

  test('always refused: the start stays, and its status is what the guest waits for', () => {
    const { rig, host } = enabledVfio({ policies: { cancel: 'cc2' } });
    rig.ssch();
    expect(rig.signal('xsch')).toBe(2);
    expect(host.written).not.toContain(XSCH);
    expect(rig.control).toBe('4/20/0');
  });

  test.each<[Errno, number, string]>([
    [E.OK, 0, '0/0/0'],
    [E.BUSY, 1, '4/20/0'],
    [E.INVAL, 2, '4/20/0'],
    [E.NODEV, 3, '4/20/0'],
  ])('asked of the host, which answers %i: cc %i', (answer, cc, control) => {
    const host = new FakeVfio();
    const { rig } = enabledVfio({ policies: { cancel: 'passthrough' } }, host);
    rig.ssch();
    host.answers.push(answer);
    expect(rig.signal('xsch')).toBe(cc);
    expect(host.written).toContain(XSCH);
    expect(rig.control).toBe(control);
  });

  test.each<CancelPolicy>([...CANCEL_POLICIES])('%s: nothing is there to cancel, cc 2', (cancel) => {
    const host = new FakeVfio();
    const { rig } = enabledVfio({ policies: { cancel } }, host);
    host.answers.push(E.INVAL);
    expect(rig.signal('xsch')).toBe(2);
    expect(rig.control).toBe('0/0/0');
  });
});
