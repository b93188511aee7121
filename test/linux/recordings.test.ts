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

/** Lines of each subchannel, and of each other kind of instruction, in their order. */
function bySubject(trace: string[]): Record<string, string[]> {
  const lines: Record<string, string[]> = {};
  for (const line of trace) {
    const [name, subject] = line.split(' ');
    const key = name === 'chsc' || name === 'stcrw' ? name : subject;
    lines[key] = [...(lines[key] ?? []), line];
  }
  return lines;
}

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
    expect(rig.recorder.trace()).toEqual(upTo(readTrace('qemu-linux/vary/online-0100.guest.txt'), 8));
  });

  it('set offline', () => {
    const rig = threeDevices();
    expect(rig.act((self) => rig.linux.setOffline(self, 0x0100))).toBe(0);
    expect(rig.recorder.trace()).toEqual(readTrace('qemu-linux/vary/offline-0100.guest.txt'));
  });

  it('rescan', () => {
    const rig = threeDevices();
    rig.act((self) => rig.linux.rescan(self));
    expect(rig.recorder.trace()).toEqual(readTrace('qemu-linux/vary/rescan.guest.txt'));
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
    expect(rig.recorder.trace()).toEqual(readTrace(`qemu-linux/crw-injection/inject.${name}.guest.txt`));
  });
});

describe('recordings of devices that come and go under Linux 6.1 on QEMU', () => {
  /** A guest without devices, whose driver sets them online at once with four programs of its own. */
  function emptyGuest() {
    const driver = new TestDriver();
    driver.programsAtOnline = 4;
    const rig = virtioRig([], { online: true, driver }).boot();
    driver.pathGroup = false;
    driver.keeps = false;
    rig.recorder.clear();
    return rig;
  }

  const plug = (rig: ReturnType<typeof emptyGuest>, number: number): void => {
    const gone = rig.css.subchannels[0][number];
    if (gone === undefined) rig.css.plug(virtio(0x0200 + number));
    else rig.css.restore(number);
    announce(rig, number);
  };
  const unplug = (rig: ReturnType<typeof emptyGuest>, number: number): void => {
    rig.css.remove(number);
    announce(rig, number);
  };
  /** A subchannel report is two chained words. */
  const announce = (rig: ReturnType<typeof emptyGuest>, number: number): void => {
    rig.css.report({ rsc: RSC.SUBCHANNEL, erc: ERC.PARAMETERS_INITIALIZED, chained: 1, rsid: number });
    rig.css.report({ rsc: RSC.SUBCHANNEL, erc: ERC.PARAMETERS_INITIALIZED, rsid: 0 });
  };

  /** Both devices one after the other, and time for everything to settle. */
  function phase(rig: ReturnType<typeof emptyGuest>, gapNs: number, action: typeof plug): string[] {
    rig.recorder.clear();
    for (const number of [0, 1]) {
      action(rig, number);
      rig.runFor(gapNs);
    }
    rig.runFor(600_000_000);
    return rig.recorder.trace();
  }

  it('one after the other', () => {
    const rig = emptyGuest();
    const gap = 600_000_000;
    expect(phase(rig, gap, plug)).toEqual(readTrace('qemu-linux/hot-spaced-2.add.guest.txt'));
    expect(phase(rig, gap, unplug)).toEqual(readTrace('qemu-linux/hot-spaced-2.del.guest.txt'));
    expect(phase(rig, gap, plug)).toEqual(readTrace('qemu-linux/hot-spaced-2.readd.guest.txt'));
  });

  it('all reports queued before the guest sees the first', () => {
    const rig = emptyGuest();
    // Which of two threads ran first is chance; what happened to each subchannel is not.
    expect(bySubject(phase(rig, 0, plug))).toEqual(
      bySubject(readTrace('qemu-linux/hot-stopburst-2.add.guest.txt')),
    );
    expect(phase(rig, 0, unplug)).toEqual(readTrace('qemu-linux/hot-stopburst-2.del.guest.txt'));
    const again = readTrace('qemu-linux/hot-stopburst-2.readd.guest.txt');
    expect(bySubject(phase(rig, 0, plug))).toEqual(bySubject(again));
  });

  it('the only channel path varied off: the devices go', () => {
    const rig = virtioRig([virtio(0x0100), virtio(0x0101)], { online: true }).boot();
    rig.recorder.clear();
    rig.act((self) => rig.linux.varyChpid(self, 0, false));
    expect(rig.recorder.trace()).toEqual(readTrace('qemu-linux/vary/vary-chp00-off.guest.txt'));
    expect(rig.linux.device(0x0100)).toBeUndefined();
    rig.recorder.clear();
    expect(rig.act((self) => rig.linux.varyChpid(self, 0, false))).toBe(0);
    expect(rig.recorder.trace()).toEqual([]);
  });

  it.each([
    ['inj-sch-ipi-0', 0],
    ['inj-sch-nonexist-7', 7],
  ])('subchannel report %s', (name, rsid) => {
    const rig = threeDevices();
    rig.css.report({ rsc: RSC.SUBCHANNEL, erc: ERC.PARAMETERS_INITIALIZED, rsid });
    rig.runFor(2_000_000_000);
    expect(rig.recorder.trace()).toEqual(readTrace(`qemu-linux/crw-injection/inject.${name}.guest.txt`));
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
    // The devices there answered when they liked; what happened to each subchannel is the same.
    expect(bySubject(rig.recorder.trace())).toEqual(bySubject(expected));
  });
});
