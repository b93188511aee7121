import { describe, expect, test } from 'vitest';
import { E, type Errno } from '../../src/linux/errno.ts';
import { RESUME_POLICIES, type ResumePolicy } from '../../src/qemu/resume-policy.ts';
import { FakeVfio } from './fake-vfio.ts';
import { enabledVfio } from './vfio-rig.ts';

const RSCH = 'command 8';

/** A guest whose program has suspended itself, and that has fetched the status of that. */
function suspended(resume: ResumePolicy, { told = true, host = new FakeVfio() } = {}) {
  const { rig } = enabledVfio({ policies: { resume } }, host);
  rig.ssch({ suspendControl: 1, prefetch: 1 });
  if (told) {
    host.interrupt({ fctl: 4, actl: 1, stctl: 9 });
    rig.settle();
    rig.tsch();
  }
  host.written.length = 0;
  return { rig, host };
}

describe('RSCH for a passed-through subchannel', () => {
  test('carried out by QEMU: another start, and what refuses it is not rolled back', () => {
    const { rig, host } = suspended('emulate');
    host.answers.push(E.BUSY);
    expect(rig.signal('rsch')).toBe(2);
    expect(host.written).toEqual(['io 4/41 pfch 1']);
    expect(rig.control).toBe('4/41/0');
    // From now on QEMU says the same by itself.
    expect(rig.signal('rsch')).toBe(2);
    expect(host.written).toHaveLength(1);
  });

  test('carried out by QEMU, which was not told of the suspension: nothing to resume', () => {
    const { rig, host } = suspended('emulate', { told: false });
    expect(rig.signal('rsch')).toBe(2);
    expect(host.written).toEqual([]);
  });

  test('unsupported: programs are started without suspend control', () => {
    const { rig, host } = suspended('unsupported');
    expect(rig.device.io.orb.suspendControl).toBe(0);
    expect(rig.signal('rsch')).toBe(2);
    expect(host.written).toEqual([]);
    expect(rig.control).toBe('4/1/0');
  });

  test.each<[Errno, number, string]>([
    [E.OK, 0, '4/41/0'],
    [E.BUSY, 1, '4/1/0'],
    [E.INVAL, 2, '4/1/0'],
    [E.FAULT, 2, '4/1/0'],
    [E.NODEV, 3, '4/1/0'],
  ])('asked of the host, which answers %i: cc %i', (answer, cc, control) => {
    const { rig, host } = suspended('pass');
    host.answers.push(answer);
    expect(rig.signal('rsch')).toBe(cc);
    expect(host.written).toEqual([RSCH]);
    expect(rig.control).toBe(control);
  });

  test('asked of the host also where QEMU knows of no suspension', () => {
    const { rig, host } = suspended('pass', { told: false });
    expect(rig.signal('rsch')).toBe(0);
    expect(host.written).toEqual([RSCH]);
  });

  test('without the region for commands there is nobody to ask', () => {
    const { rig, host } = suspended('pass', { host: new FakeVfio({ regions: [0] }) });
    host.answers.push(E.BUSY);
    expect(rig.signal('rsch')).toBe(2);
    expect(host.written).toEqual(['io 4/41 pfch 1']);
  });

  test.each<ResumePolicy>([...RESUME_POLICIES])('%s: an idle subchannel has nothing to resume', (resume) => {
    const { rig, host } = enabledVfio({ policies: { resume } });
    expect(rig.signal('rsch')).toBe(2);
    expect(host.written).toEqual([]);
  });

  test.each<ResumePolicy>([...RESUME_POLICIES])('%s: status is pending, cc 1', (resume) => {
    const { rig, host } = suspended(resume, { told: false });
    host.interrupt({ fctl: 4, actl: 1, stctl: 9 });
    rig.settle();
    expect(rig.signal('rsch')).toBe(1);
    expect(host.written).toEqual(['read 0']);
  });
});
