import { describe, expect, it } from 'vitest';
import { ERC, RSC } from '../../src/zarch/crw.ts';
import { FakeChannelSubsystem, type FakeDevice, type FakeOptions } from './fake-css.ts';
import { readTrace } from './recording.ts';
import { Rig, type RigOptions, TestDriver } from './rig.ts';

const QEMU: FakeOptions = { refusedChsc: [0x0004] };
const virtio = (deviceNumber: number, chpid = 0): FakeDevice => ({
  deviceNumber,
  chpids: [chpid],
  cuType: 0x3832,
  devType: 0,
});

/** The drivers of the recorded guest have no path groups, and let devices go that lose their paths. */
function virtioRig(devices: FakeDevice[], options: RigOptions = {}, css: FakeOptions = QEMU) {
  const driver = new TestDriver();
  driver.pathGroup = false;
  driver.keeps = false;
  return new Rig((sim) => new FakeChannelSubsystem(sim, devices, css), { cpus: 1, driver, ...options });
}

/** Two devices online, one offline on another channel path: what the recorded guest had. */
function threeDevices() {
  const rig = virtioRig([virtio(0x0100), virtio(0x0101), virtio(0x0900, 1)]).boot();
  for (const deviceNumber of [0x0100, 0x0101]) rig.act((self) => rig.linux.setOnline(self, deviceNumber));
  rig.recorder.clear();
  return rig;
}

/** What follows in the recording is the driver's own I/O. */
const upTo = (trace: string[], length: number): string[] => trace.slice(0, length);

describe('recordings of Linux 6.1 on QEMU', () => {
  it.each([
    ['cold1', [virtio(0x0100)]],
    ['cold2', [virtio(0x0100), virtio(0x0101)]],
  ])('boot scan and recognition, %s', (name, devices) => {
    const rig = virtioRig(devices).boot();
    const expected = readTrace(`qemu-linux/${name}.boot.guest.txt`);
    const last = expected.indexOf('chsc 004c cc=0') + 1;
    expect(upTo(rig.recorder.trace(), last)).toEqual(upTo(expected, last));
  });

  it('the first verification after boot', () => {
    const rig = virtioRig([virtio(0x0100)], { online: true }).boot();
    const expected = readTrace('qemu-linux/cold1.boot.guest.txt');
    const length = expected.indexOf('chsc 004c cc=0') + 9;
    expect(rig.recorder.trace()).toEqual(upTo(expected, length));
  });

  it('set online', () => {
    const rig = virtioRig([virtio(0x0100)]).boot();
    rig.recorder.clear();
    expect(rig.act((self) => rig.linux.setOnline(self, 0x0100))).toBe(0);
    expect(rig.recorder.trace()).toEqual(upTo(readTrace('qemu-linux/online-0100.guest.txt'), 8));
  });

  it('set offline', () => {
    const rig = threeDevices();
    expect(rig.act((self) => rig.linux.setOffline(self, 0x0100))).toBe(0);
    expect(rig.recorder.trace()).toEqual(readTrace('qemu-linux/offline-0100.guest.txt'));
  });

  it('rescan', () => {
    const rig = threeDevices();
    rig.act((self) => rig.linux.rescan(self));
    expect(rig.recorder.trace()).toEqual(readTrace('qemu-linux/rescan.guest.txt'));
  });

  it.each([
    ['inj-chp00-init', { erc: ERC.INITIALIZED }],
    ['inj-chp00-perrn', { erc: ERC.PERMANENT_NOT_INITIALIZED }],
    ['inj-chp00-terror', { erc: ERC.TEMPORARY_ERROR }],
    ['inj-chp00-init-sol', { erc: ERC.INITIALIZED, solicited: 1 }],
  ])('channel-path report %s', (name, report) => {
    const rig = threeDevices();
    rig.css.report({ rsc: RSC.CHANNEL_PATH, rsid: 0, ...report });
    rig.runFor(2_000_000_000);
    expect(rig.recorder.trace()).toEqual(readTrace(`qemu-linux/inject.${name}.guest.txt`));
  });
});

describe('recording of Linux 6.1 on Hercules', () => {
  it('boot scan and recognition of five devices', () => {
    const devices = [
      { deviceNumber: 0x0009, chpids: [0], cuType: 0x3215, devType: 0 },
      ...[0x0120, 0x0121, 0x0122, 0x0123].map((deviceNumber) => ({ deviceNumber, chpids: [1] })),
    ];
    const serviceProcessor = { channelPaths: () => [0, 1], configure: () => 0 };
    const rig = virtioRig(devices, { serviceProcessor }, { subchannelSets: 1, general: [] }).boot();
    const expected = readTrace('hercules-linux/1path.boot.guest-trace.txt');
    // Each CPU there took its interruptions when it liked; what happened to each subchannel is the same.
    for (let number = 0; number <= 5; number++) {
      const schid = ` 0.0.000${number} `;
      const of = (trace: string[]) => trace.filter((line) => `${line} `.includes(schid));
      expect(of(rig.recorder.trace())).toEqual(of(expected));
    }
    const chsc = (trace: string[]) => trace.filter((line) => line.startsWith('chsc'));
    expect(chsc(rig.recorder.trace())).toEqual(chsc(expected));
  });
});
