import { describe, expect, it } from 'vitest';
import { E } from '../../../src/linux/errno.ts';
import type { KernelFeatures } from '../../../src/linux/kernel-features.ts';
import { VFIO_STATE } from '../../../src/linux/vfio/fsm.ts';
import { GuestMemory } from '../../../src/linux/vfio/guest-memory.ts';
import { IO_REQUEST_INFO } from '../../../src/observe/vfio-events.ts';
import { CCW_FLAG, type Ccw, type ChannelProgram } from '../../../src/zarch/ccw.ts';
import { COMMAND } from '../../../src/zarch/commands.ts';
import { DSTAT, FCTL, STCTL } from '../../../src/zarch/scsw.ts';
import { nop } from '../rig.ts';
import { Host, MS } from './host.ts';

/* Requests of user space and what becomes of them (linux reference 6.4 to 6.6). */

const READ = 0x02;
const ccw = (fields: Partial<Ccw> = {}): Ccw => ({
  command: READ,
  flags: CCW_FLAG.SUPPRESS_LENGTH,
  count: 4096,
  data: null,
  versions: null,
  ...fields,
});
const chain = (...ccws: Ccw[]): ChannelProgram => {
  for (const one of ccws.slice(0, -1)) one.flags |= CCW_FLAG.CHAIN_COMMAND;
  return { ccws, length: ccws.length };
};

/** What the tracepoint of failed requests said. */
const failures = (host: Host): string[] =>
  host.rig.recorder.seen
    .filter(({ event }) => event === 'vfio_ccw.fsm_io_request')
    .map(({ b, c }) => `${b} ${IO_REQUEST_INFO[c]}`);

describe('a start', () => {
  it('ends with status in the region and one notification; pages are pinned for as long as it runs', () => {
    const host = new Host({ devices: 1 }).opened();
    const [guest] = host.guests;
    host.unit.connectNs = 300 * MS;
    const program = chain(ccw({ count: 5000 }), ccw({ command: COMMAND.nop }), ccw({ count: 0 }), ccw());
    expect(host.act((self) => guest.start(self, 0, program))).toBe(E.OK);
    expect(guest.device.state).toBe(VFIO_STATE.CP_PENDING);
    expect(host.memory.pinned).toBe(2 + 1);
    expect(guest.io.read()).toBe(0);
    host.runFor(400 * MS);
    expect(guest.io.read()).toBe(1);
    expect(host.memory).toMatchObject({ pinned: 0, pins: 3, unpins: 3 });
    host.act((self) => guest.readStatus(self));
    expect(guest.region.irb.scsw).toMatchObject({
      fctl: FCTL.START,
      stctl: STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING,
      dstat: DSTAT.CHANNEL_END | DSTAT.DEVICE_END,
    });
    expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    expect(failures(host)).toEqual([]);
  });

  it('takes as long as its translation: once, for each CCW, and for each page', () => {
    const costs = { translateNs: 10_000, translatePerCcwNs: 1_000, pinPerPageNs: 100 };
    const host = new Host({ devices: 1, costs }).opened();
    const program = chain(ccw(), ccw({ count: 3 * 4096 }), ccw({ command: COMMAND.nop }));
    host.act((self) => host.guests[0].start(self, 0, program));
    const at = (name: string): number => host.rig.recorder.seen.find(({ event }) => event === name)!.at;
    expect(at('ssch') - at('vfio_ccw.fsm_event')).toBe(10_000 + 3 * 1_000 + 4 * 100);
  });

  it('that comes while another one is translated is told to come again, and while one runs that it is busy', () => {
    const host = new Host({ devices: 1, costs: { translateNs: 50_000 } }).opened();
    const [guest] = host.guests;
    const results: number[] = [];
    for (const delay of [0, 20_000, 80_000]) {
      host.rig.linux.spawn('user', function* (self) {
        yield* self.sleep(delay);
        results.push(yield* guest.device.write(self, guest.region));
      });
    }
    guest.region.orb.program = nop();
    guest.region.scsw.fctl = FCTL.START;
    host.runFor(10 * MS);
    expect(results).toEqual([E.AGAIN, E.OK, E.BUSY]);
    expect(guest.io.read()).toBe(1);
  });

  it.each([
    ['on the paths of the system when it names none', 0, 0xf0],
    ['on the paths that it names', 0x50, 0x50],
    ['on a path that does not exist, too', 0x01, 0x01],
  ])('is made %s', (_, lpm, started) => {
    const host = new Host({ devices: 1 }).opened();
    host.act((self) => host.guests[0].start(self, lpm));
    expect(host.rig.recorder.seen.find(({ event }) => event === 'ssch')).toMatchObject({ lpm: started });
  });

  it.each([
    ['some paths are left: −EACCES', 0x08, false, E.ACCES, 0xf0],
    ['none is left: −ENODEV', 0xff, false, E.NODEV, 0],
    ['nobody ever knew of any: −ENODEV', 0x08, true, E.NODEV, 0],
  ])('without a path gives cc 3, and %s', (_, lpm, override, error, left) => {
    const host = new Host({ devices: 1, noPath: 'cc3', override }).opened();
    if (lpm === 0xff) for (const path of [0, 1, 2, 3]) host.configure(path, false);
    host.runFor(50 * MS);
    expect(host.act((self) => host.guests[0].start(self, lpm))).toBe(error);
    expect(host.rig.linux.pathMasks(0)!.lpm).toBe(left);
    expect(failures(host)).toEqual([`${error} cp fsm_io_helper`]);
    expect(host.guests[0].device.state).toBe(VFIO_STATE.IDLE);
    expect(host.memory.pinned).toBe(0);
  });

  it('is refused where it cannot be translated', () => {
    const host = new Host({ devices: 1 }).opened();
    const [guest] = host.guests;
    const long = chain(...Array.from({ length: 257 }, () => ccw({ command: COMMAND.nop, count: 0 })));
    expect(host.act((self) => guest.start(self, 0, long))).toBe(E.INVAL);
    guest.region.orb.transportMode = 1;
    expect(host.act((self) => guest.start(self))).toBe(E.OPNOTSUPP);
    guest.region.orb.transportMode = 0;
    expect(failures(host)).toEqual([`${E.INVAL} cp init`, `${E.OPNOTSUPP} transport mode`]);
    expect(host.act((self) => guest.start(self))).toBe(E.OK);
  });

  it('is refused when there are too many pages to pin, and pins none then', () => {
    const host = new Host({ devices: 1 }).opened();
    const memory = new GuestMemory({ pinLimit: 2 });
    host.guests[0].device.memory = memory;
    const large = chain(ccw(), ccw({ count: 8192 }));
    expect(host.act((self) => host.guests[0].start(self, 0, large))).toBe(E.NOMEM);
    expect(failures(host)).toEqual([`${E.NOMEM} cp prefetch`]);
    expect(memory).toMatchObject({ pins: 0, unpins: 0 });
  });

  it.each([
    ['4.17', E.OPNOTSUPP],
    ['5.7', E.OK],
    ['6.16', E.OK],
  ] as const)('without prefetching gives %s → %i', (kernel, result) => {
    const host = new Host({ devices: 1, kernel }).opened();
    host.guests[0].region.orb.prefetch = 0;
    expect(host.act((self) => host.guests[0].start(self))).toBe(result);
  });
});

describe('halt and clear', () => {
  it('end a program that runs', () => {
    const host = new Host({ devices: 1 }).opened();
    const [guest] = host.guests;
    host.unit.connectNs = 300 * MS;
    for (const name of ['HSCH', 'CSCH'] as const) {
      host.act((self) => guest.start(self, 0, chain(ccw())));
      expect(host.memory.pinned).toBe(1);
      expect(host.act((self) => guest.command(self, name))).toBe(E.OK);
      expect(guest.io.read()).toBe(1);
      expect(host.memory.pinned).toBe(0);
      expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    }
  });

  it('overwrite status that the thread has not given to user space: there is one place for it', () => {
    const host = new Host({ devices: 1, costs: { workNs: 1 * MS } }).opened();
    const [guest] = host.guests;
    host.rig.linux.spawn('user', function* (self) {
      yield* guest.start(self);
      yield* self.sleep(400_000);
      yield* guest.command(self, 'CSCH');
    });
    host.runFor(1_300_000);
    host.act((self) => guest.readStatus(self));
    expect(guest.region.irb.scsw.fctl).toBe(FCTL.CLEAR);
  });

  it('do not exist before Linux 5.2', () => {
    const host = new Host({ devices: 1, kernel: '4.17' }).opened();
    expect(host.guests[0].device.info).toMatchObject({ regions: 1, irqs: 1 });
    expect(host.guests[0].device.regionInfo(1)).toBeNull();
  });
});

describe('status of a clear function that comes to the thread while a program is translated', () => {
  /** An idle subchannel is cleared; its status reaches the thread while the next program is being translated. */
  function race(features: Partial<KernelFeatures>) {
    const host = new Host({
      devices: 1,
      features,
      costs: { translateNs: 300_000, workNs: 100_000 },
    }).opened();
    const [guest] = host.guests;
    host.unit.connectNs = 300 * MS;
    let result: number = E.OK;
    host.rig.linux.spawn('user', function* (self) {
      yield* guest.command(self, 'CSCH');
      yield* self.sleep(50_000);
      result = yield* guest.start(self, 0, chain(ccw()));
    });
    host.runFor(50 * MS);
    return { host, guest, result };
  }

  it('leaves it alone', () => {
    const { host, guest, result } = race({});
    expect(result).toBe(E.OK);
    expect(guest.device.state).toBe(VFIO_STATE.CP_PENDING);
    expect(host.act((self) => guest.start(self))).toBe(E.BUSY);
    host.runFor(400 * MS);
    expect(host.memory.pinned).toBe(0);
  });

  it('makes older kernels idle too early: the next start gets as far as the subchannel', () => {
    const { host, guest, result } = race({ vfioIdleAfterProgramOnly: false });
    expect(result).toBe(E.OK);
    expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    expect(host.act((self) => guest.start(self, 0, chain(ccw())))).toBe(E.BUSY);
    expect(host.rig.recorder.count('ssch', 2)).toBe(1);
    // The program that was forgotten has kept its page, and the one that runs has been freed with the refused one.
    host.runFor(400 * MS);
    expect(host.memory.pinned).toBe(1);
  });

  it('takes the program away from still older ones', () => {
    const { host, guest, result } = race({
      vfioFreesRunningProgramOnly: false,
      vfioIdleAfterProgramOnly: false,
    });
    expect(result).toBe(E.IO);
    expect(host.rig.recorder.count('ssch')).toBe(0);
    expect(guest.device.state).toBe(VFIO_STATE.IDLE);
    expect(host.memory.pinned).toBe(0);
  });
});
