import { describe, expect, it } from 'vitest';
import { ChannelMeasurement } from '../../src/linux/cmf.ts';
import { type CmfAttributes, cmfFiles, cmfFileText } from '../../src/linux/cmf-attributes.ts';
import { DEV_STATE } from '../../src/linux/device-state.ts';
import { E } from '../../src/linux/errno.ts';
import { Storage } from '../../src/zarch/storage.ts';
import { FakeChannelSubsystem } from './fake-css.ts';
import { Partition, plainDriver } from './partition.ts';
import { readTrace } from './recording.ts';
import { nop, Rig } from './rig.ts';

const TICK = 128_000;
const MS = 1_000_000;

/** Measurement of device 1000 of a partition. */
function measured(format: 'basic' | 'extended' | 'auto' = 'auto') {
  const { rig, unit } = new Partition();
  const cmf = new ChannelMeasurement(rig.linux, rig.css.storage, format);
  const device = rig.linux.device(0x1000)!;
  return { rig, unit, cmf, device, enable: () => rig.act((self) => cmf.enable(self, device)) };
}
type Measured = ReturnType<typeof measured>;

/** Directory `cmf` of the device as `cat *` shows it. */
const filesOf = (attributes: CmfAttributes): Map<string, string> =>
  new Map(cmfFiles(attributes).map((file) => [file.name, cmfFileText(file)]));

function read({ rig, cmf, device }: Measured) {
  let attributes: CmfAttributes | null | undefined;
  rig.linux.spawn('read', function* (self) {
    attributes = yield* cmf.readAttributes(self, device);
  });
  return {
    get attributes() {
      return attributes;
    },
  };
}

function readNow(test: Measured) {
  const pending = read(test);
  test.rig.runFor(MS);
  return pending.attributes;
}

function operate({ rig, device }: Measured, times: number): void {
  for (let at = 0; at < times; at++) {
    expect(device.start(nop(), 7, 0, 0, 0)).toBe(0);
    rig.runFor(100 * MS);
  }
}

describe('switching measurement on', () => {
  it('executes what Linux 6.1 executed on QEMU', () => {
    const devices = [{ deviceNumber: 0x0100, chpids: [0], cuType: 0x3832, devType: 0 }];
    const rig = new Rig((sim) => new FakeChannelSubsystem(sim, devices, { general: [46, 48] }), {
      driver: plainDriver(),
      online: true,
    }).boot();
    const cmf = new ChannelMeasurement(rig.linux, new Storage(0x80000000));
    rig.recorder.clear();
    expect(rig.act((self) => cmf.enable(self, rig.linux.device(0x0100)!))).toBe(0);
    const guest = readTrace('qemu-linux/vary/cmb-enable-0100.guest.txt');
    expect(rig.recorder.trace()).toEqual(['schm', ...guest]);
  });

  it('takes the extended format where the machine has it', () => {
    const { rig, enable } = measured();
    expect(enable()).toBe(E.OK);
    const { pmcw, measurementBlock } = rig.css.subchannels[0].schib;
    expect(pmcw).toMatchObject({ measurementMode: 2, measurementFormat1: 1, measurementIndex: 0 });
    expect(measurementBlock % 64).toBe(0);
    expect(rig.css.measurement.settings).toMatchObject({ update: true, origin: 0 });
  });

  it('uses one array in the basic format', () => {
    const { rig, cmf, enable } = measured('basic');
    enable();
    rig.act((self) => cmf.enable(self, rig.linux.device(0x1001)!));
    expect(rig.css.subchannels.map(({ schib }) => schib.pmcw.measurementIndex)).toEqual([0, 1]);
    expect(rig.recorder.count('schm')).toBe(1);
    expect(rig.css.measurement.settings.origin % 32).toBe(0);
  });

  it('ends with the last device', () => {
    const { rig, cmf, device, enable } = measured();
    enable();
    expect(rig.act((self) => cmf.disable(self, device))).toBe(E.OK);
    expect(rig.css.measurement.settings.update).toBe(false);
    expect(rig.css.subchannels[0].schib.pmcw.measurementMode).toBe(0);
    expect(rig.act((self) => cmf.disable(self, device))).toBe(E.NODEV);
    expect(enable()).toBe(E.OK);
  });

  it('waits for an operation to end, at most ten seconds', () => {
    const test = measured();
    test.unit.connectNs = 3_000 * MS;
    test.device.start(nop(), 7, 0, 0, 0);
    test.rig.runFor(MS);
    expect(test.enable()).toBeUndefined();
    expect(test.device.state).toBe(DEV_STATE.CMFCHANGE);
    expect(test.device.start(nop(), 8, 0, 0, 0)).toBe(E.BUSY);
    test.rig.runFor(3_000 * MS);
    expect(test.device.state).toBe(DEV_STATE.ONLINE);
    expect(test.rig.driver.log.at(-1)).toContain('handler 7');
    expect(test.rig.css.subchannels[0].schib.pmcw.measurementMode).toBe(2);

    const slow = measured();
    slow.unit.connectNs = 30_000 * MS;
    slow.device.start(nop(), 7, 0, 0, 0);
    slow.rig.runFor(MS);
    expect(slow.rig.act((self) => slow.cmf.enable(self, slow.device), 11_000 * MS)).toBe(E.TIME);
    expect(slow.device.state).toBe(DEV_STATE.ONLINE);
    expect(slow.device.cmb).toBeNull();
    expect(slow.rig.css.measurement.settings.update).toBe(false);
  });
});

describe('attributes', () => {
  it('are means of the block in nanoseconds, beside the exact ones', () => {
    const test = measured();
    test.enable();
    test.unit.connectNs = 10 * TICK + 1_000;
    test.unit.disconnectNs = 20 * TICK + 1_000;
    operate(test, 10);
    const attributes = readNow(test)!;
    const ten = { measured: 10, exact: 10 };
    expect(attributes).toMatchObject({ format: 'extended', sschRschCount: ten, sampleCount: ten });
    for (const [, { measured, exact }] of attributes.avgTimes)
      expect(Math.abs(measured - exact!)).toBeLessThan(TICK);
    expect(attributes.avgTimes.get('deviceDisconnect')!.exact).toBe(20 * TICK + 1_000);
    expect(attributes.avgTimes.get('deviceActiveOnly')).toEqual({ measured: 0, exact: 0 });
    expect(attributes.avgTimes.size).toBe(7);
  });

  it('are files as Linux shows them', () => {
    const test = measured('basic');
    test.enable();
    test.unit.disconnectNs = 49 * TICK;
    operate(test, 4);
    const files = filesOf(readNow(test)!);
    expect([...files.keys()]).toEqual([
      'avg_sample_interval',
      'avg_utilization',
      'ssch_rsch_count',
      'sample_count',
      'avg_device_connect_time',
      'avg_function_pending_time',
      'avg_device_disconnect_time',
      'avg_control_unit_queuing_time',
      'avg_device_active_only_time',
    ]);
    expect(files.get('avg_device_disconnect_time')).toBe(String(49 * TICK));
    expect(files.get('avg_utilization')).toMatch(/^\d\d\.\d%$/);
    expect(files.get('ssch_rsch_count')).toBe('4');
  });

  it('without a sample are zero', () => {
    const test = measured();
    test.enable();
    const files = filesOf(readNow(test)!);
    expect(files.get('avg_sample_interval')).toBe('-1');
    expect(files.get('avg_device_connect_time')).toBe('0');
    expect(files.get('avg_utilization')).toBe('00.0%');
  });

  it('are not there for a device that is not measured', () => {
    const test = measured();
    expect(readNow(test)).toBeNull();
  });

  it('wait until no start function is in progress', () => {
    const test = measured();
    test.enable();
    test.unit.connectNs = 5 * MS;
    test.device.start(nop(), 7, 0, 0, 0);
    test.rig.runFor(MS);
    const pending = read(test);
    test.rig.runFor(MS);
    expect(pending.attributes).toBeUndefined();
    expect(test.device.state).toBe(DEV_STATE.CMFUPDATE);
    test.rig.runFor(10 * MS);
    expect(pending.attributes).toMatchObject({ sampleCount: { measured: 1, exact: 1 } });
    expect(test.rig.driver.log.at(-1)).toContain('handler 7');
  });

  it('begin again from zero', () => {
    const test = measured();
    test.enable();
    operate(test, 3);
    test.enable();
    const none = { measured: 0, exact: 0 };
    expect(readNow(test)).toMatchObject({ sschRschCount: none, sampleCount: none });
    operate(test, 1);
    const one = { measured: 1, exact: 1 };
    expect(readNow(test)).toMatchObject({ sschRschCount: one, sampleCount: one });
  });
});
