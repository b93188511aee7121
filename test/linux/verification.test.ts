import { describe, expect, it } from 'vitest';
import { CIO } from '../../src/linux/ccw-driver.ts';
import { DEV_STATE } from '../../src/linux/device-state.ts';
import { E } from '../../src/linux/errno.ts';
import { COMMAND } from '../../src/zarch/commands.ts';
import { type Answer, FakeChannelSubsystem } from './fake-css.ts';
import { OWN_PGID, Rig, type RigOptions } from './rig.ts';

const SECOND = 1_000_000_000;

/** One device on `paths` paths, recognized but offline; `answer` is what it says from now on. */
function rigWith(paths: number, options: RigOptions = {}) {
  const chpids = Array.from({ length: paths }, (_, at) => 0x40 + at);
  const device = {
    deviceNumber: 0x1000,
    chpids,
    answer: (_path: number, _command: { command: number }): Answer => 'end',
  };
  const rig = new Rig((sim) => new FakeChannelSubsystem(sim, [device]), options).boot();
  rig.recorder.clear();
  return { rig, device, sch: rig.css.at(0)! };
}
type Scene = ReturnType<typeof rigWith>;

const setOnline = ({ rig }: Scene, seconds = 1) =>
  rig.act((self) => rig.linux.setOnline(self, 0x1000), seconds * SECOND);
const state = ({ rig }: Scene) => rig.linux.device(0x1000)?.state;
const sent = ({ rig }: Scene) =>
  rig.recorder.commands.map(({ command, lpm }) => `${command.toString(16)}@${lpm.toString(16)}`);

describe('path verification with path groups', () => {
  it('a fresh control unit: asks every path, then establishes the group with its own id in multipath mode', () => {
    const scene = rigWith(2);
    expect(setOnline(scene)).toBe(E.OK);
    expect(sent(scene)).toEqual(['34@80', '34@40', 'af@80', 'af@40']);
    const spid = scene.rig.recorder.commands[2].data!;
    expect(spid[0]).toBe(0x80);
    expect(spid.slice(1)).toEqual(OWN_PGID);
    expect(scene.sch.schib.pmcw.multipath).toBe(1);
    // Enable 3 + multipath bit 2 + end of verification 1, as with a recorded 3390.
    expect(scene.rig.recorder.count('stsch')).toBe(6);
    expect(scene.rig.recorder.count('msch')).toBe(2);
  });

  it('set offline: one DISBAND for the whole group', () => {
    const scene = rigWith(2);
    setOnline(scene);
    scene.rig.recorder.clear();
    expect(scene.rig.act((self) => scene.rig.linux.setOffline(self, 0x1000))).toBe(E.OK);
    expect(sent(scene)).toEqual(['af@80']);
    expect(scene.rig.recorder.commands[0].data![0]).toBe(0xa0);
    expect(scene.rig.recorder.count('stsch')).toBe(6);
    expect(scene.rig.recorder.count('msch')).toBe(2);
    expect(state(scene)).toBe(DEV_STATE.OFFLINE);
  });

  it('the same foreign id on all paths is adopted', () => {
    const scene = rigWith(2);
    for (const group of scene.sch.groups) group.set([0xc8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
    expect(setOnline(scene)).toBe(E.OK);
    expect(sent(scene)).toEqual(['34@80', '34@40']);
    expect(scene.rig.linux.device(0x1000)!.pathGroup).toBe(true);
  });

  it('different ids: no path group, NOP on each path', () => {
    const scene = rigWith(2);
    scene.sch.groups[0].set([0xc8, 1]);
    scene.sch.groups[1].set([0xc8, 2]);
    expect(setOnline(scene)).toBe(E.OK);
    expect(sent(scene)).toEqual(['34@80', '34@40', '3@80', '3@40']);
    expect(scene.rig.linux.device(0x1000)!.pathGroup).toBe(false);
  });

  it('reserved elsewhere on every path: boxed', () => {
    const scene = rigWith(2);
    for (const group of scene.sch.groups) group[0] = 0x20;
    expect(setOnline(scene)).toBe(E.NODEV);
    expect(state(scene)).toBe(DEV_STATE.BOXED);
    expect(scene.rig.recorder.count('device.boxed')).toBe(1);
  });

  it('forced online: takes the reservation away, releases it, and begins again', () => {
    const scene = rigWith(2);
    const { rig, device, sch } = scene;
    for (const group of sch.groups) group[0] = 0x20;
    setOnline(scene);
    rig.recorder.clear();
    device.answer = (_path, { command }) => {
      if (command === COMMAND.unconditional_reserve) for (const group of sch.groups) group[0] = 0;
      return 'end';
    };
    expect(rig.act((self) => rig.linux.setOnline(self, 0x1000, 0, true))).toBe(E.OK);
    // Recognition alone does not help: the first verification still finds it reserved.
    expect(sent(scene)).toEqual([
      ...['e4@c0', '34@80', '34@40'],
      ...['14@c0', '94@c0'],
      ...['e4@c0', '34@80', '34@40', 'af@80', 'af@40'],
    ]);
    expect(state(scene)).toBe(DEV_STATE.ONLINE);
  });

  it('SET PATH GROUP ID refused in multipath mode, then at all: single-path mode, then NOP', () => {
    const scene = rigWith(1);
    scene.device.answer = (_path, { command }) => (command === COMMAND.spid ? { sense: 0x80 } : 'end');
    expect(setOnline(scene)).toBe(E.OK);
    expect(sent(scene)).toEqual(['34@80', 'af@80', '34@80', 'af@80', '3@80']);
  });

  it('a path that is not operational is left out after a second look', () => {
    const scene = rigWith(3);
    scene.device.answer = (path) => (path === 1 ? 'not-operational' : 'end');
    expect(setOnline(scene)).toBe(E.OK);
    // Two turns for SNID, and two for SPID because nobody said that the path was done; the first failure asks for all
    // that once more.
    const round = ['34@40', '34@40', 'af@40', 'af@40'];
    expect(sent(scene).filter((line) => line.endsWith('@40'))).toEqual([...round, ...round]);
    expect(scene.rig.linux.pathMasks(0)).toEqual({ lpm: 0xa0, vpm: 0xa0, opm: 0xff });
  });

  it('a silent path costs 20 s, a wipe-out, and a second round without it', () => {
    const scene = rigWith(3);
    scene.device.answer = (path, { command }) => (path === 2 && command === COMMAND.snid ? 'silent' : 'end');
    expect(setOnline(scene, 19)).toBeUndefined();
    scene.rig.runFor(2 * SECOND);
    expect(state(scene)).toBe(DEV_STATE.ONLINE);
    expect(sent(scene)).toEqual([
      ...['34@80', '34@40', '34@20', '34@20'],
      'af@e0',
      ...['34@80', '34@40'],
      ...['af@80', 'af@40'],
    ]);
    expect(scene.rig.recorder.count('timeout')).toBe(2);
    expect(scene.rig.linux.pathMasks(0)!.vpm).toBe(0xc0);
  });

  it('all paths silent: boxed after 20 s for each', () => {
    const scene = rigWith(2);
    scene.device.answer = () => 'silent';
    setOnline(scene, 39);
    expect(state(scene)).toBe(DEV_STATE.VERIFY);
    scene.rig.runFor(2 * SECOND);
    expect(state(scene)).toBe(DEV_STATE.BOXED);
  });

  it('NOP mode takes any answer of the device for a working path', () => {
    const scene = rigWith(2);
    scene.rig.linux.device(0x1000)!.options.pathGroup = false;
    scene.device.answer = (path) => (path === 0 ? { sense: 0x40 } : 'end');
    expect(setOnline(scene)).toBe(E.OK);
    expect(sent(scene)).toEqual(['3@80', '3@40']);
  });
});

describe('devices without paths', () => {
  /** Online on two paths, with a driver that keeps its devices. */
  function online(): Scene {
    const scene = rigWith(2);
    setOnline(scene);
    scene.rig.recorder.clear();
    scene.rig.driver.log.length = 0;
    return scene;
  }

  it('are disconnected when no path is left, and come back by themselves 3 s after the first sign of trouble', () => {
    const scene = online();
    const { rig, device } = scene;
    rig.css.setPath(0x40, false);
    rig.css.setPath(0x41, false);
    rig.act((self) => rig.linux.rescan(self));
    expect(state(scene)).toBe(DEV_STATE.DISCONNECTED);
    expect(rig.driver.log).toEqual([`notify ${CIO.NO_PATH}`]);
    rig.css.setPath(0x40, true);
    rig.css.setPath(0x41, true);
    rig.runFor(3 * SECOND);
    expect(device.deviceNumber).toBe(0x1000);
    expect(state(scene)).toBe(DEV_STATE.ONLINE);
    expect(rig.driver.log).toEqual([`notify ${CIO.NO_PATH}`, `notify ${CIO.OPER}`, 'path 22000000']);
  });

  it('a path that only recovery finds again makes no path event', () => {
    const scene = online();
    const { rig, device } = scene;
    let broken = true;
    device.answer = (path) => (path === 1 && broken ? 'not-operational' : 'end');
    rig.act((self) => rig.linux.rescan(self));
    expect(rig.linux.pathMasks(0)!.vpm).toBe(0x80);
    broken = false;
    rig.runFor(3 * SECOND);
    expect(rig.linux.pathMasks(0)!.vpm).toBe(0xc0);
    expect(rig.driver.log.filter((line) => line !== 'path 00000000')).toEqual([]);
  });

  it('recovery looks after 3, 33, 333 and 633 s as long as something is missing', () => {
    const scene = online();
    const { rig, device } = scene;
    device.answer = (path) => (path === 1 ? 'not-operational' : 'end');
    const from = rig.sim.now;
    rig.act((self) => rig.linux.rescan(self), 0);
    rig.runFor(700 * SECOND);
    const seconds = rig.recorder.seen
      .filter(({ event }) => event === 'verify.start')
      .map(({ at }) => Math.round((at - from) / SECOND));
    // Twice at first: the path-not-operational indication asks for a second look.
    expect(seconds).toEqual([0, 0, 3, 33, 333, 633]);
  });

  it('gone for good: the device waits for its subchannel, and goes on where it appears again', () => {
    const scene = online();
    const { rig } = scene;
    rig.css.remove(0);
    rig.act((self) => rig.linux.rescan(self));
    expect(state(scene)).toBe(DEV_STATE.DISCONNECTED);
    expect(rig.linux.css.lookup(0)!.device).toBeNull();
    rig.css.restore(0);
    rig.act((self) => rig.linux.rescan(self), 2 * SECOND);
    expect(state(scene)).toBe(DEV_STATE.ONLINE);
    expect(rig.linux.css.lookup(0)!.device).toBe(rig.linux.device(0x1000));
  });

  it.each(['5.10', '6.16'] as const)('gone, and the driver does not want it (%s)', (kernel) => {
    const scene = rigWith(2, { kernel });
    setOnline(scene);
    scene.rig.driver.keeps = false;
    scene.rig.css.remove(0);
    scene.rig.act((self) => scene.rig.linux.rescan(self));
    expect(scene.rig.linux.device(0x1000)).toBeUndefined();
    expect(scene.rig.linux.css.lookup(0) === undefined).toBe(kernel === '5.10');
    scene.rig.css.restore(0);
    scene.rig.act((self) => scene.rig.linux.rescan(self), 2 * SECOND);
    expect(state(scene)).toBe(DEV_STATE.OFFLINE);
  });
});
