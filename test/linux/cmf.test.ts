import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/channel/control-unit.ts';
import type { MachineChannelSubsystem } from '../../src/channel/image.ts';
import { Machine } from '../../src/channel/machine.ts';
import { PATH_GENERATIONS } from '../../src/channel/path-generations.ts';
import { RandomStreams } from '../../src/kernel/random.ts';
import type { Simulation } from '../../src/kernel/simulation.ts';
import { ChannelMeasurement } from '../../src/linux/cmf.ts';
import { type CmfAttributes, sysfsAttributes } from '../../src/linux/cmf-attributes.ts';
import type { CioDevice } from '../../src/linux/device.ts';
import { DEV_STATE } from '../../src/linux/device-state.ts';
import { E } from '../../src/linux/errno.ts';
import { BLIND } from '../../src/observe/observer.ts';
import { rotation } from '../../src/pathing/rotation.ts';
import { COMMAND } from '../../src/zarch/commands.ts';
import { Storage } from '../../src/zarch/storage.ts';
import { OPTIONS } from '../channel/test-machine.ts';
import { TestUnit } from '../channel/test-unit.ts';
import { FakeChannelSubsystem } from './fake-css.ts';
import { readTrace } from './recording.ts';
import { nop, Rig, TestDriver } from './rig.ts';

const TICK = 128_000;
const MS = 1_000_000;

const plainDriver = (): TestDriver => Object.assign(new TestDriver(), { pathGroup: false });

/** A control unit that says what it is. */
class KnownUnit extends TestUnit {
  override execute(exchange: Exchange): void {
    super.execute(exchange);
    const ccw = exchange.program?.ccws[0];
    if (ccw?.command !== COMMAND.senseid) return;
    ccw.data!.set([0xff, 0x39, 0x90, 0xe9, 0x33, 0x90, 0x0c]);
    exchange.residual = ccw.count - 7;
  }
}

/** A Linux in a partition of the machine, with devices 1000 and 1001 online. */
function partition(format: 'basic' | 'extended' | 'auto' = 'auto') {
  const unit = new KnownUnit();
  const css = (sim: Simulation): MachineChannelSubsystem => {
    const machine = new Machine({
      sim,
      observer: BLIND,
      streams: new RandomStreams('1'),
      options: { ...OPTIONS, subchannelSets: 4 },
      policy: rotation,
    });
    const path = machine.addChannelPath(0x40, PATH_GENERATIONS['ficon-express8s'], 500, null);
    machine.addControlUnit(unit, [path]);
    const image = machine.addImage();
    const devices = [0, 1].map((at) => ({ deviceNumber: 0x1000 + at, unitAddress: at, ssid: 0 }));
    machine.addSubchannels(image, unit, devices, [0, 0, 0, 0]);
    return image;
  };
  const rig = new Rig(css, { driver: plainDriver(), online: true }).boot();
  const cmf = new ChannelMeasurement(rig.linux, rig.css.storage, format);
  const device = rig.linux.device(0x1000)!;
  rig.recorder.clear();
  return { rig, unit, cmf, device, enable: () => rig.act((self) => cmf.enable(self, device)) };
}

function read(rig: ReturnType<typeof partition>['rig'], cmf: ChannelMeasurement, device: CioDevice) {
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

function readNow(rig: ReturnType<typeof partition>['rig'], cmf: ChannelMeasurement, device: CioDevice) {
  const pending = read(rig, cmf, device);
  rig.runFor(MS);
  return pending.attributes;
}

function operate({ rig, device }: ReturnType<typeof partition>, times: number): void {
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
    const { rig, enable } = partition();
    expect(enable()).toBe(E.OK);
    const { pmcw, measurementBlock } = rig.css.subchannels[0].schib;
    expect(pmcw).toMatchObject({ measurementMode: 2, measurementFormat1: 1, measurementIndex: 0 });
    expect(measurementBlock % 64).toBe(0);
    expect(rig.css.measurement.settings).toMatchObject({ update: true, origin: 0 });
  });

  it('uses one array in the basic format', () => {
    const { rig, cmf, enable } = partition('basic');
    enable();
    rig.act((self) => cmf.enable(self, rig.linux.device(0x1001)!));
    expect(rig.css.subchannels.map(({ schib }) => schib.pmcw.measurementIndex)).toEqual([0, 1]);
    expect(rig.recorder.count('schm')).toBe(1);
    expect(rig.css.measurement.settings.origin % 32).toBe(0);
  });

  it('ends with the last device', () => {
    const { rig, cmf, device, enable } = partition();
    enable();
    expect(rig.act((self) => cmf.disable(self, device))).toBe(E.OK);
    expect(rig.css.measurement.settings.update).toBe(false);
    expect(rig.css.subchannels[0].schib.pmcw.measurementMode).toBe(0);
    expect(rig.act((self) => cmf.disable(self, device))).toBe(E.NODEV);
    expect(enable()).toBe(E.OK);
  });

  it('waits for an operation to end, at most ten seconds', () => {
    const test = partition();
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

    const slow = partition();
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
    const test = partition();
    test.enable();
    test.unit.connectNs = 10 * TICK + 1_000;
    test.unit.disconnectNs = 20 * TICK + 1_000;
    operate(test, 10);
    const attributes = readNow(test.rig, test.cmf, test.device)!;
    expect(attributes).toMatchObject({ format: 'extended', sschRschCount: 10, sampleCount: 10 });
    for (const [, { measured, exact }] of attributes.avgTimes)
      expect(Math.abs(measured - exact)).toBeLessThan(TICK);
    expect(attributes.avgTimes.get('deviceDisconnect')!.exact).toBe(20 * TICK + 1_000);
    expect(attributes.avgTimes.get('deviceActiveOnly')).toEqual({ measured: 0, exact: 0 });
    expect(attributes.avgTimes.size).toBe(7);
  });

  it('are files as Linux shows them', () => {
    const test = partition('basic');
    test.enable();
    test.unit.disconnectNs = 49 * TICK;
    operate(test, 4);
    const files = sysfsAttributes(readNow(test.rig, test.cmf, test.device)!);
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
    const test = partition();
    test.enable();
    const files = sysfsAttributes(readNow(test.rig, test.cmf, test.device)!);
    expect(files.get('avg_sample_interval')).toBe('-1');
    expect(files.get('avg_device_connect_time')).toBe('0');
    expect(files.get('avg_utilization')).toBe('00.0%');
  });

  it('are not there for a device that is not measured', () => {
    const test = partition();
    expect(readNow(test.rig, test.cmf, test.device)).toBeNull();
  });

  it('wait until no start function is in progress', () => {
    const test = partition();
    test.enable();
    test.unit.connectNs = 5 * MS;
    test.device.start(nop(), 7, 0, 0, 0);
    test.rig.runFor(MS);
    const pending = read(test.rig, test.cmf, test.device);
    test.rig.runFor(MS);
    expect(pending.attributes).toBeUndefined();
    expect(test.device.state).toBe(DEV_STATE.CMFUPDATE);
    test.rig.runFor(10 * MS);
    expect(pending.attributes).toMatchObject({ sampleCount: 1 });
    expect(test.rig.driver.log.at(-1)).toContain('handler 7');
  });

  it('begin again from zero', () => {
    const test = partition();
    test.enable();
    operate(test, 3);
    test.enable();
    expect(readNow(test.rig, test.cmf, test.device)).toMatchObject({ sschRschCount: 0, sampleCount: 0 });
    operate(test, 1);
    expect(readNow(test.rig, test.cmf, test.device)).toMatchObject({ sschRschCount: 1, sampleCount: 1 });
  });
});
