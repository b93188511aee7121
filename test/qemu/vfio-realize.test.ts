import { describe, expect, test } from 'vitest';
import { E } from '../../src/linux/errno.ts';
import { IRQ, REGION, type RegionIndex } from '../../src/linux/vfio/uapi.ts';
import { VIRTUAL_CSSID } from '../../src/qemu/device-configuration.ts';
import type { QemuRelease } from '../../src/qemu/qemu-features.ts';
import { CHSC, ChscBlock } from '../../src/zarch/chsc.ts';
import { FakeVfio } from './fake-vfio.ts';
import { VfioRig } from './vfio-rig.ts';

/** How a device of the host becomes one of the guest. */

describe('a device that is realized', () => {
  test('has the paths of the host at that moment, and no logical-path mask', () => {
    const rig = new VfioRig();
    const host = new FakeVfio();
    host.pam = 0x80;
    expect(rig.realize(host)).toBeNull();
    expect(rig.device.sch.schib.pmcw).toMatchObject({
      deviceNumberValid: 1,
      deviceNumber: 0x1000,
      enabled: 0,
      lpm: 0,
      pim: 0xc0,
      pam: 0x80,
      pom: 0xff,
    });
    expect([...host.triggers.keys()]).toEqual([IRQ.IO, IRQ.CRW, IRQ.REQ]);
  });

  test('has an automatic number, not the host’s, when it is given none', () => {
    const rig = new VfioRig();
    rig.realize(new FakeVfio(), { busId: null });
    rig.realize(new FakeVfio(), { busId: null });
    expect(rig.vm.devices.map(({ sch }) => sch.deviceNumber)).toEqual([0, 1]);
    const taken = { cssid: VIRTUAL_CSSID, ssid: 0, deviceNumber: 1 };
    expect(rig.realize(new FakeVfio(), { busId: taken })).toBe('Device already exists');
  });

  test('is not told to a guest that does not run yet', () => {
    const rig = new VfioRig();
    rig.realize(new FakeVfio());
    expect(rig.reportWords()).toEqual([]);
  });

  test('while the guest runs is told before it is opened: when opening fails there is a report of nothing', () => {
    const rig = new VfioRig();
    const host = new FakeVfio();
    host.openAnswer = E.INVAL;
    expect(rig.realize(host, { hotplugged: true })).toBe('Failed to open');
    expect(rig.reportWords()).toEqual(['03040000']);
    rig.stsch();
    expect(rig.schib.pmcw.deviceNumberValid).toBe(0);
    expect(rig.realize(new FakeVfio(), { hotplugged: true })).toBeNull();
    expect(rig.reportWords()).toEqual(['03040000']);
  });
});

describe('the table of channel paths', () => {
  const described = (rig: VfioRig): string[] => {
    const block = Object.assign(new ChscBlock(), {
      command: CHSC.STORE_CHANNEL_PATH_DESCRIPTION,
      first: 0,
      last: 255,
    });
    rig.issue('chsc', block);
    return block.pathDescriptions.map(({ chpid, type }) => `${chpid.toString(16)} type ${type.toString(16)}`);
  };

  test('has the host’s CHPIDs with the host’s types, once', () => {
    const rig = new VfioRig();
    rig.realize(new FakeVfio(), { busId: null });
    rig.realize(new FakeVfio(), { busId: null });
    expect(described(rig)).toEqual(['40 type 1b', '41 type 1b']);
  });

  test('cannot be told about CHPID 00 of the host: it is the one of virtio devices', () => {
    const rig = new VfioRig();
    rig.vm.css.plug({ kind: 'virtio', model: 'rng' });
    const host = new FakeVfio();
    host.chpids.set([0x00, 0x41]);
    rig.realize(host);
    expect(described(rig)).toEqual(['0 type 32', '41 type 1b']);
    expect([...rig.device.sch.schib.pmcw.chpids.subarray(0, 2)]).toEqual([0x00, 0x41]);
  });

  test('belongs to whoever comes first: a 3270 on 01 keeps it, and 01 can be reset', () => {
    const rig = new VfioRig();
    rig.vm.css.plug({ kind: '3270' });
    const host = new FakeVfio();
    host.chpids.set([0x01, 0x41]);
    rig.realize(host);
    expect(described(rig)).toEqual(['1 type 1a', '41 type 1b']);
    expect(rig.issue('rchp', null, 0x01)).toBe(0);
    expect(rig.issue('rchp', null, 0x41)).toBe(3);
  });

  test('a 3270 that comes behind a channel path of the host on 01 takes 02', () => {
    const rig = new VfioRig();
    const host = new FakeVfio();
    host.chpids.set([0x01, 0x41]);
    rig.realize(host);
    rig.vm.css.plug({ kind: '3270' });
    expect(described(rig)).toEqual(['1 type 1b', '2 type 1a', '41 type 1b']);
    expect(rig.issue('rchp', null, 0x01)).toBe(3);
    expect(rig.issue('rchp', null, 0x02)).toBe(0);
  });

  test('of an image has nothing to do with that of another', () => {
    const rig = new VfioRig();
    rig.vm.css.plug({ kind: '3270' });
    const host = new FakeVfio();
    host.chpids.set([0x01, 0x41]);
    rig.realize(host, { busId: { cssid: 3, ssid: 0, deviceNumber: 0x1000 } });
    expect(rig.vm.css.devices.images[3]!.path(0x01)).toMatchObject({ type: 0x1b, virtual: false });
    expect(described(rig)).toEqual(['1 type 1a']);
  });

  test('may show other numbers when the relay says so', () => {
    const rig = new VfioRig({ relay: () => ({ guestChpid: (_device, chpid) => chpid + 0x80 }) });
    rig.realize(new FakeVfio());
    expect(described(rig)).toEqual(['c0 type 1b', 'c1 type 1b']);
  });
});

describe('regions', () => {
  const { IO, COMMAND, SCHIB, CRW } = REGION;
  const KERNELS: Record<string, { regions: RegionIndex[]; irqs: number }> = {
    '4.17': { regions: [IO], irqs: 1 },
    '5.7': { regions: [IO, COMMAND], irqs: 1 },
    '5.10': { regions: [IO, COMMAND, SCHIB, CRW], irqs: 2 },
    '6.16': { regions: [IO, COMMAND, SCHIB, CRW], irqs: 3 },
  };

  // Kernel by QEMU: command, SCHIB and CRW regions, and the request interrupt.
  test.each([
    ['4.17', '2.12', '----'],
    ['4.17', '10.2', '----'],
    ['5.7', '2.12', '----'],
    ['5.7', '4.1', 'c---'],
    ['5.7', '10.2', 'c---'],
    ['5.10', '4.1', 'c---'],
    ['5.10', '5.1', 'csr-'],
    ['5.10', '10.2', 'csr-'],
    ['6.16', '2.10', '----'],
    ['6.16', '5.1', 'csr-'],
    ['6.16', '7.2', 'csrq'],
    ['6.16', '10.2', 'csrq'],
  ])('Linux %s with QEMU %s: %s', (kernel, release, used) => {
    const rig = new VfioRig({ release: release as QemuRelease });
    expect(rig.realize(new FakeVfio(KERNELS[kernel]), { busId: null })).toBeNull();
    const { command, schib, crw, request } = rig.device.regions;
    const letters = [command, schib, crw, request].map((is, at) => (is ? 'csrq'[at] : '-'));
    expect(letters.join('')).toBe(used);
  });

  test.each([
    [IO, 'vfio: Unexpected size of the I/O region'],
    [COMMAND, 'vfio: Unexpected size of a region'],
    [CRW, 'vfio: Unexpected size of a region'],
  ] as const)('of another size than expected make the device unusable (%i)', (wrongSize, message) => {
    const rig = new VfioRig();
    const host = new FakeVfio({ wrongSize });
    expect(rig.realize(host)).toBe(message);
    expect(host.written).toEqual(['open', 'close']);
    expect(rig.vm.devices).toEqual([]);
  });

  test('for reports without an interrupt for them make the device unusable', () => {
    expect(new VfioRig().realize(new FakeVfio({ irqs: 1 }))).toBe('vfio: unexpected number of irqs');
  });
});
