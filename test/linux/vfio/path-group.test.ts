import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/channel/control-unit.ts';
import { E } from '../../../src/linux/errno.ts';
import { VFIO_STATE } from '../../../src/linux/vfio/fsm.ts';
import type { ChannelProgram } from '../../../src/zarch/ccw.ts';
import { COMMAND } from '../../../src/zarch/commands.ts';
import { KnownUnit } from '../partition.ts';
import { nop, OWN_PGID } from '../rig.ts';
import { Guest, Host, type HostShape, MS, SECOND } from './host.ts';

/* The path group of a passed-through device that the host's kernel sets (strategies reference P9). */

/** A control unit that remembers what each port was set to. */
class GroupingUnit extends KnownUnit {
  readonly records = Array.from({ length: 8 }, () => new Uint8Array(12));

  override execute(exchange: Exchange): void {
    super.execute(exchange);
    const ccw = exchange.program?.ccws[0];
    const record = this.records[exchange.port];
    if (ccw?.command === COMMAND.snid) ccw.data!.set(record);
    if (ccw?.command === COMMAND.spid) record.set([0xc8, ...ccw.data!.subarray(1)]);
  }
}

function scene(shape: HostShape = {}, foreign: readonly number[] = []) {
  const unit = new GroupingUnit();
  for (const port of foreign) unit.records[port].set([0x80, 9, 9]);
  const host = new Host({ devices: 1, paths: 2, unit, pathGroup: 'host', ...shape });
  host.rig.recorder.clear();
  const sent = (): string[] =>
    host.rig.recorder.commands
      .splice(0)
      .map(({ command, lpm }) => `${command.toString(16)}@${lpm.toString(16)}`);
  return { unit, host, sent };
}

const close = (host: Host) =>
  host.act(function* (self) {
    yield* host.guests[0].device.close(self);
    return E.OK;
  });
const reopen = (host: Host) => host.act((self) => host.guests[0].device.open(self, host.memory));
const snid = (): ChannelProgram => {
  const [ccw] = nop().ccws;
  return { ccws: [{ ...ccw, command: COMMAND.snid, count: 12, data: new Uint8Array(12) }], length: 1 };
};

/** As `Host.opened`, with the commands of opening still to be looked at. */
function opened(host: Host): void {
  host.act((self) => host.vfio.passThrough(self, 0, host.relay));
  const guest = new Guest(host.vfio.device(0)!, host.memory);
  host.act((self) => guest.device.open(self, host.memory));
  host.guests.push(guest);
}

describe('a host that owns the path group', () => {
  it('sets it when the device is opened, once for all its users', () => {
    const { host, unit, sent } = scene();
    opened(host);
    expect(sent()).toEqual(['34@80', 'af@80', '34@40', 'af@40']);
    for (const port of [0, 1]) expect([...unit.records[port]]).toEqual([0xc8, ...OWN_PGID]);
    close(host);
    expect(reopen(host)).toBe(E.OK);
    expect(sent()).toEqual([]);
  });

  it('takes over an id that somebody has left behind', () => {
    const { host, unit } = scene({}, [0]);
    opened(host);
    expect([...unit.records[1]]).toEqual([...unit.records[0]]);
    expect(host.vfio.device(0)!.group!.grouped).toBe(0xc0);
  });

  it('leaves a path out that belongs to somebody else', () => {
    const { host, unit } = scene({}, [1]);
    opened(host);
    expect(host.vfio.device(0)!.group!.grouped).toBe(0x80);
    expect([...unit.records[1]].slice(0, 3)).toEqual([0x80, 9, 9]);
    expect(host.rig.recorder.count('path-group.mismatch')).toBe(1);
  });

  it('answers the guest, whose command never gets to the device', () => {
    const { host, sent } = scene();
    opened(host);
    sent();
    const [guest] = host.guests;
    const program = snid();
    expect(host.act((self) => guest.start(self, 0x40, program))).toBe(E.OK);
    expect([...program.ccws[0].data!]).toEqual([0xc8, ...OWN_PGID]);
    expect(sent()).toEqual([]);
    expect(guest.io.read()).toBe(1);
    expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    host.act((self) => guest.readStatus(self));
    expect([guest.region.irb.scsw.dstat, guest.region.irb.lpum]).toEqual([0x0c, 0x40]);
  });

  it('groups a path that comes back when the program in progress has ended, and lets the next one wait', () => {
    const { host, sent, unit } = scene();
    opened(host);
    const [guest] = host.guests;
    host.configure(1, false);
    host.runFor(SECOND);
    sent();
    unit.records[1].fill(0);
    unit.connectNs = 5 * MS;
    host.configure(1, true);
    host.act((self) => guest.start(self, 0x80), 0);
    host.runFor(3 * MS);
    // Told of the path, and not yet at it.
    expect(sent()).toEqual(['3@80']);
    host.runFor(4 * MS);
    expect(host.act((self) => guest.start(self, 0x80), 40 * MS)).toBe(E.OK);
    expect(sent()).toEqual(['34@40', 'af@40', '3@80']);
    expect(host.vfio.device(0)!.group!.grouped).toBe(0xc0);
  });

  it('lets a guest stop the program that it waits for', () => {
    const { host, unit } = scene();
    opened(host);
    const [guest] = host.guests;
    host.configure(1, false);
    host.runFor(SECOND);
    unit.connectNs = 3_600 * SECOND;
    host.act((self) => guest.start(self, 0x80), MS);
    host.configure(1, true);
    host.runFor(SECOND);
    unit.connectNs = 100_000;
    expect(host.act((self) => guest.command(self, 'CSCH'))).toBe(E.OK);
    host.runFor(SECOND);
    expect(host.vfio.device(0)!.group!.grouped).toBe(0xc0);
  });

  it('gives a path up that does not answer, and the device with it when that is gone', () => {
    const { host, unit } = scene();
    opened(host);
    const [guest] = host.guests;
    host.configure(1, false);
    host.runFor(SECOND);
    unit.connectNs = 3_600 * SECOND;
    host.configure(1, true);
    host.runFor(SECOND);
    const { group } = guest.device;
    expect(group!.isBusy).toBe(true);
    host.runFor(20 * SECOND);
    expect([group!.isBusy, group!.grouped]).toEqual([false, 0x80]);
    unit.connectNs = 100_000;
    expect(host.act((self) => guest.start(self, 0x80))).toBe(E.OK);
  });
});

describe('a host that does not know that its guest sets groups', () => {
  it('sets the group of paths that come back only, and answers nobody', () => {
    const { host, sent, unit } = scene({ pathGroup: 'both' });
    opened(host);
    expect(sent()).toEqual([]);
    host.configure(1, false);
    host.runFor(SECOND);
    host.configure(1, true);
    host.runFor(SECOND);
    expect(sent()).toEqual(['34@40', 'af@40']);
    const program = snid();
    host.act((self) => host.guests[0].start(self, 0x80, program));
    expect([...program.ccws[0].data!]).toEqual([...unit.records[0]]);
  });
});
