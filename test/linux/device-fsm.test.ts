import { describe, expect, it } from 'vitest';
import { JUMP_TABLE } from '../../src/linux/device-fsm.ts';
import { checkSenseId, decodeSenseId } from '../../src/linux/device-id.ts';
import { DEV_STATE, EVENT_NAMES, STATE_NAMES } from '../../src/linux/device-state.ts';
import { E } from '../../src/linux/errno.ts';
import { KERNELS, kernelFeatures } from '../../src/linux/kernel-features.ts';
import { SubchannelSet } from '../../src/linux/subchannel-set.ts';
import { FakeChannelSubsystem } from './fake-css.ts';
import { Rig } from './rig.ts';

describe('the device state machine', () => {
  it('has the states of the kernel under their numbers, and an action in every cell', () => {
    expect(STATE_NAMES.map((name) => DEV_STATE[name])).toEqual(STATE_NAMES.map((_, number) => number));
    for (const state of STATE_NAMES) {
      for (const event of EVENT_NAMES) expect(JUMP_TABLE[state][event]).toBeTypeOf('string');
    }
  });

  it('tells each transition: boot, online, offline', () => {
    const devices = [{ deviceNumber: 0x1000, chpids: [0x40] }];
    const rig = new Rig((sim) => new FakeChannelSubsystem(sim, devices)).boot();
    rig.act((self) => rig.linux.setOnline(self, 0x1000));
    rig.act((self) => rig.linux.setOffline(self, 0x1000));
    const moves = rig.recorder.seen
      .filter(({ event }) => event === 'device.state')
      .map(({ a, b }) => `${STATE_NAMES[a]} ${STATE_NAMES[b]}`);
    expect(moves).toEqual([
      'NOT_OPER SENSE_ID',
      'SENSE_ID OFFLINE',
      'OFFLINE VERIFY',
      'VERIFY ONLINE',
      'ONLINE DISBAND_PGID',
      'DISBAND_PGID OFFLINE',
    ]);
  });

  it('refuses what makes no sense', () => {
    const devices = [{ deviceNumber: 0x1000, chpids: [0x40] }];
    const rig = new Rig((sim) => new FakeChannelSubsystem(sim, devices)).boot();
    expect(rig.act((self) => rig.linux.setOffline(self, 0x1000))).toBe(E.INVAL);
    expect(rig.act((self) => rig.linux.setOnline(self, 0x4711))).toBe(E.NODEV);
    expect(rig.act((self) => rig.linux.varyChpid(self, 0x99, false))).toBe(E.NODEV);
    rig.driver.onlineResult = E.OPNOTSUPP;
    expect(rig.act((self) => rig.linux.setOnline(self, 0x1000))).toBe(E.OPNOTSUPP);
    expect(rig.linux.device(0x1000)!.state).toBe(DEV_STATE.OFFLINE);
  });
});

describe('SENSE ID', () => {
  const bytes = Uint8Array.from([0xff, 0x39, 0x90, 0xe9, 0x33, 0x90, 0x0c, 0]);

  it('identifies control unit and device', () => {
    expect(checkSenseId(bytes, 7)).toBe(E.OK);
    expect(decodeSenseId(bytes, 7)).toEqual({
      cuType: 0x3990,
      cuModel: 0xe9,
      devType: 0x3390,
      devModel: 0x0c,
    });
    expect(decodeSenseId(bytes, 4)).toEqual({ cuType: 0x3990, cuModel: 0xe9, devType: 0, devModel: 0 });
  });

  it('is tried again for an unknown type, and given up when it is too short or no SENSE ID', () => {
    expect(checkSenseId(Uint8Array.from([0xff, 0xff, 0xff, 0]), 4)).toBe(E.AGAIN);
    expect(checkSenseId(bytes, 3)).toBe(E.OPNOTSUPP);
    expect(checkSenseId(Uint8Array.from([0, 0x39, 0x90, 0]), 4)).toBe(E.OPNOTSUPP);
  });
});

describe('kernel features', () => {
  it('are data that a scenario may override one by one', () => {
    expect(Object.keys(KERNELS)).toEqual(['4.17', '5.7', '5.10', '6.1', '6.16', '2026-07']);
    const features = kernelFeatures('5.10', { endpointSecurity: true });
    expect(features.endpointSecurity).toBe(true);
    expect(features.invalidSchibKept).toBe(false);
    expect(kernelFeatures('6.1').invalidSchibKept).toBe(true);
    expect(kernelFeatures('6.1').vfioAllIdawFormats).toBe(false);
  });
});

describe('a set of subchannels', () => {
  it('goes through its members in ascending order within each subchannel set', () => {
    const set = new SubchannelSet(2);
    for (const id of [0x1ffff, 0x10000, 5, 31, 32, 0xffff, 31]) set.add(id);
    expect(set.size).toBe(6);
    const members: number[] = [];
    for (const ssid of [0, 1]) {
      for (let id = set.next(ssid, ssid * 0x10000); id >= 0; id = set.next(ssid, id + 1)) members.push(id);
    }
    expect(members).toEqual([5, 31, 32, 0xffff, 0x10000, 0x1ffff]);
    set.deleteFrom(32);
    expect(set.size).toBe(4);
    expect(set.has(0x1ffff)).toBe(true);
    expect(set.delete(32)).toBe(false);
  });
});
