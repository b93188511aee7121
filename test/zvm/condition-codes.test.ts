import { describe, expect, test } from 'vitest';
import { COMMAND } from '../../src/zarch/commands.ts';
import { Crw, ERC, RSC } from '../../src/zarch/crw.ts';
import { GROUP_FUNCTION, PATH_MULTIPATH, PATH_STATE } from '../../src/zarch/pgid.ts';
import { DSTAT, FCTL, STCTL } from '../../src/zarch/scsw.ts';
import { command, pgid, TestZvm } from './test-zvm.ts';

const record = (functionByte: number, id: Uint8Array): Uint8Array => Uint8Array.from([functionByte, ...id]);
const establish = (id: Uint8Array) => command(COMMAND.spid, record(GROUP_FUNCTION.ESTABLISH | 0x80, id));

describe('what a guest sees of a dedicated device', () => {
  test('one path stands for all four', () => {
    const { pmcw } = new TestZvm().stsch();
    expect([pmcw.pim, pmcw.pam, pmcw.chpids[0], pmcw.deviceNumber]).toEqual([0x80, 0x80, 0, 0x1000]);
  });

  test('or as many as there are', () => {
    const { pmcw } = new TestZvm({ show: 'all' }).stsch();
    expect([pmcw.pim, pmcw.pam, ...pmcw.chpids.slice(0, 4)]).toEqual([0xf0, 0xf0, 0x40, 0x41, 0x42, 0x43]);
  });

  test('it is as disabled as the guest leaves it, whatever CP does below', () => {
    const vm = new TestZvm();
    expect(vm.ready).toBe(true);
    expect([vm.ssch(command(COMMAND.nop, new Uint8Array(1))), vm.tsch().cc, vm.issue('csch', null)]).toEqual([
      3, 3, 3,
    ]);
    expect(vm.enable()).toBe(0);
    expect(vm.tsch().cc).toBe(1);
  });

  test('a path group that is CP’s own, without a command to the device', () => {
    const vm = new TestZvm();
    vm.enable();
    const data = new Uint8Array(12);
    expect(vm.ssch(command(COMMAND.snid, data))).toBe(0);
    expect(data).toEqual(record(PATH_STATE.GROUPED | PATH_MULTIPATH, pgid(1)));
    expect(vm.told).toEqual(['io']);
    expect(vm.ssch(command(COMMAND.snid, data))).toBe(1);
    expect(vm.tsch()).toMatchObject({ cc: 0, irb: { scsw: { dstat: 0x0c }, lpum: 0x80 } });
    expect(vm.ssch(establish(pgid(1)))).toBe(0);
    expect(vm.tsch().irb.scsw.dstat).toBe(0x0c);
  });

  test('clear and halt of a subchannel without operation', () => {
    const vm = new TestZvm();
    vm.enable();
    expect(vm.issue('csch', null)).toBe(0);
    expect(vm.tsch().irb.scsw).toMatchObject({ fctl: FCTL.CLEAR, stctl: STCTL.PENDING });
    expect(vm.issue('hsch', null)).toBe(0);
    expect(vm.tsch().irb.scsw).toMatchObject({ fctl: FCTL.HALT, stctl: STCTL.PENDING });
    expect([vm.issue('xsch', null), vm.issue('rsch', null)]).toEqual([2, 2]);
  });
});

describe('a device that goes', () => {
  test('is detached: a report, and a subchannel without a valid device number', () => {
    const vm = new TestZvm();
    vm.enable();
    const { machine, image, sim } = vm.machine;
    machine.devices.detach(image, image.subchannels[0]);
    sim.run(2_000_000);
    expect(vm.told).toEqual(['machine-check']);
    const crw = new Crw();
    expect(vm.issue('stcrw', crw)).toBe(0);
    expect(crw).toMatchObject({ rsc: RSC.SUBCHANNEL, erc: ERC.PARAMETERS_INITIALIZED, rsid: 0 });
    expect(vm.issue('stcrw', crw)).toBe(1);
    expect(vm.stsch().pmcw.deviceNumberValid).toBe(0);
    expect(vm.ssch(command(COMMAND.nop, new Uint8Array(1)))).toBe(3);
  });
});

describe('a guest that wants a path group of its own', () => {
  test('is refused', () => {
    const vm = new TestZvm({ show: 'all' });
    vm.enable();
    vm.ssch(establish(pgid(2)));
    const { irb } = vm.tsch();
    expect(irb.scsw.dstat & DSTAT.UNIT_CHECK).toBe(DSTAT.UNIT_CHECK);
    expect([irb.concurrentSense, irb.sense[0]]).toEqual([1, 0x80]);
    expect(vm.stsch().pmcw.pam).toBe(0xf0);
  });

  test('or loses a path each time, and in the end the device', () => {
    const vm = new TestZvm({ foreignGroup: 'offline' });
    vm.enable();
    const codes = [1, 2, 3, 4].map(() => {
      const cc = vm.ssch(establish(pgid(2)));
      vm.tsch();
      return cc;
    });
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(vm.stsch().pmcw.pam).toBe(0);
    expect(vm.ssch(establish(pgid(1)))).toBe(3);
  });

  test('takes the path offline that it has named, where it sees all of them', () => {
    const vm = new TestZvm({ show: 'all', foreignGroup: 'offline' });
    vm.enable();
    const lost: number[] = [];
    vm.cp.tookOffline = (_id, path) => lost.push(path);
    for (const lpm of [0x20, 0x20, 0x80]) {
      vm.ssch(establish(pgid(2)), lpm);
      vm.tsch();
    }
    // The second command has named a path that was offline already.
    expect(lost).toEqual([0x20, 0x80]);
    expect(vm.ssch(establish(pgid(1)))).toBe(0);
  });

  test('does so where it does not sense the group of CP', () => {
    const senses = (senseGroup: 'shown' | 'hidden'): string => {
      const vm = new TestZvm({ senseGroup });
      vm.enable();
      const data = new Uint8Array(12).fill(0xff);
      vm.ssch(command(COMMAND.snid, data));
      vm.tsch();
      return Buffer.from(data).toString('hex');
    };
    expect(senses('shown')).toBe(`c8${Buffer.from(pgid(1)).toString('hex')}`);
    expect(senses('hidden')).toBe('0'.repeat(24));
  });
});
