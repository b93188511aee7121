import { describe, expect, it } from 'vitest';
import type { Process, Steps } from '../../../src/kernel/process.ts';
import { E, type Errno } from '../../../src/linux/errno.ts';
import { CHP_EVENT } from '../../../src/linux/subchannel-driver.ts';
import {
  type PathEvent,
  type RelayedDevice,
  UpstreamKernelRelay,
} from '../../../src/linux/vfio/event-relay.ts';
import { Host, SECOND } from './host.ts';

/* What happens in the host when a channel path under passed-through devices goes or comes (linux reference 6.7). */

const PERRN_40 = 0x04060040;
const INIT_40 = 0x04020040;

/** What user space finds in the region for channel reports until there is none. */
function drain(host: Host): number[][] {
  return host.guests.map((guest) => {
    const words: number[] = [];
    host.act(function* (self: Process): Steps<Errno> {
      for (;;) {
        const word = yield* guest.readReport(self);
        words.push(word);
        if (word === 0) return 0;
      }
    });
    return words;
  });
}

/** Has each device use a path last, and forgets how. */
function useLast(host: Host, masks: readonly number[]): Host {
  host.guests.forEach((guest, at) => {
    host.act((self) => guest.start(self, masks[at % masks.length]));
  });
  host.eventFds('io');
  host.rig.recorder.clear();
  return host;
}

const count = ({ rig: { recorder } }: Host, name: Parameters<typeof recorder.count>[0]): number =>
  recorder.count(name);

describe('a channel path under passed-through devices', () => {
  it.each([1, 2, 42])('going: one report, one work item and one notification for each of %i', (devices) => {
    const host = useLast(new Host({ devices }).opened(), [0x40]);
    host.configure(0, false);
    host.runFor(SECOND);
    expect(count(host, 'vfio_ccw.chp_event')).toBe(devices);
    expect(count(host, 'vfio_ccw.crw')).toBe(devices);
    expect(count(host, 'vfio_ccw.work')).toBe(devices);
    expect(count(host, 'eventfd.path')).toBe(devices);
    expect(count(host, 'eventfd.io')).toBe(0);
    // One to look at each subchannel, and none to stop anything: no device has used the path.
    expect(count(host, 'stsch')).toBe(devices);
    expect(count(host, 'xsch') + count(host, 'hsch')).toBe(0);
    expect(host.eventFds('crw')).toEqual(Array(devices).fill(1));
    expect(drain(host)).toEqual(Array(devices).fill([PERRN_40, 0]));
    expect(host.eventFds('crw')).toEqual(Array(devices).fill(0));
  });

  it('going and coming back before user space looks: it is told again after the first of two words', () => {
    const host = new Host({ devices: 1 }).opened();
    host.configure(0, false);
    host.runFor(SECOND);
    host.configure(0, true);
    host.runFor(SECOND);
    expect(host.eventFds('crw')).toEqual([2]);
    expect(drain(host)).toEqual([[PERRN_40, INIT_40, 0]]);
    expect(host.eventFds('crw')).toEqual([1]);
  });

  it('going changes the SCHIB that is read, not the masks that guests without a path mask start with', () => {
    const host = new Host({ devices: 1 }).opened();
    host.configure(0, false);
    host.runFor(SECOND);
    expect(host.rig.linux.pathMasks(0)).toMatchObject({ lpm: 0xf0, opm: 0xff });
    host.act((self) => host.guests[0].readSchib(self));
    expect(host.guests[0].device.pam).toBe(0x70);
  });

  it('costs a device that used it last, even an idle one, XSCH, HSCH and an interruption that nobody asked for', () => {
    const host = useLast(new Host({ devices: 3 }).opened(), [0x80, 0x80, 0x20]);
    host.configure(0, false);
    host.runFor(SECOND);
    expect(count(host, 'stsch')).toBe(3 + 2);
    expect(host.rig.recorder.count('xsch', 2)).toBe(2);
    expect(host.rig.recorder.count('hsch', 0)).toBe(2);
    expect(host.eventFds('io')).toEqual([1, 1, 0]);
    expect(host.eventFds('crw')).toEqual([1, 1, 1]);
  });

  it('varied off and on: masks of the host change, a guest is told nothing, and its own mask still counts', () => {
    const host = new Host({ devices: 1 }).opened();
    const [guest] = host.guests;
    host.act((self) => host.rig.linux.varyChpid(self, 0x40, false));
    expect(host.rig.linux.pathMasks(0)).toMatchObject({ lpm: 0x70, opm: 0x7f });
    expect(count(host, 'vfio_ccw.chp_event')).toBe(1);
    expect(count(host, 'vfio_ccw.crw')).toBe(0);
    host.rig.recorder.clear();
    expect(host.act((self) => guest.start(self, 0x80))).toBe(E.OK);
    expect(host.act((self) => guest.start(self, 0))).toBe(E.OK);
    const started = host.rig.recorder.seen.filter(({ event }) => event === 'ssch');
    expect(started.map(({ lpm, cc }) => [lpm, cc])).toEqual([
      [0x80, 0],
      [0x70, 0],
    ]);
    host.act((self) => host.rig.linux.varyChpid(self, 0x40, true));
    expect(host.rig.linux.pathMasks(0)).toMatchObject({ lpm: 0xf0, opm: 0xff });
    expect(count(host, 'vfio_ccw.crw')).toBe(0);
  });

  it('does nothing to a subchannel without mediated device, and keeps reports for one that nobody has open', () => {
    const host = new Host({ devices: 2 });
    host.act((self) => host.rig.linux.css.unbind(self, host.rig.linux.css.lookup(0)!));
    host.act((self) => host.vfio.bind(self, 0));
    host.act((self) => host.vfio.passThrough(self, 1, host.relay));
    host.rig.recorder.clear();
    host.configure(0, false);
    host.runFor(SECOND);
    expect(host.rig.recorder.seen.filter(({ event }) => event === 'vfio_ccw.chp_event')).toMatchObject([
      { subchannel: 1, a: 0x80, b: CHP_EVENT.OFFLINE },
    ]);
    expect(host.vfio.device(1)!.reports.words).toEqual([PERRN_40]);
    expect(count(host, 'eventfd.path')).toBe(0);
  });

  it('keeps reports from one user to the next', () => {
    const host = new Host({ devices: 1 }).opened();
    const { device } = host.guests[0];
    host.act(function* (self) {
      yield* device.close(self);
      return E.OK;
    });
    host.configure(0, false);
    host.runFor(SECOND);
    host.act((self) => device.open(self, host.memory));
    // The eventfd was signalled when the report was queued, and nobody had taken it away.
    expect(drain(host)).toEqual([[PERRN_40, 0]]);
  });

  it('leaves a subchannel that was never driven as an I/O subchannel without masks', () => {
    const host = new Host({ devices: 1, override: true, noPath: 'cc3' }).opened();
    expect(host.rig.linux.pathMasks(0)).toMatchObject({ lpm: 0, opm: 0 });
    host.configure(1, false);
    host.runFor(SECOND);
    host.configure(1, true);
    host.runFor(SECOND);
    expect(host.rig.linux.pathMasks(0)).toMatchObject({ lpm: 0, opm: 0 });
  });

  it('is nothing to kernels before 5.8', () => {
    const host = new Host({ devices: 2, kernel: '5.7' }).opened();
    host.configure(0, false);
    host.runFor(SECOND);
    expect(count(host, 'vfio_ccw.chp_event')).toBe(0);
    expect(count(host, 'chp.offline')).toBe(1);
    expect(host.guests[0].device.info).toMatchObject({ regions: 2, irqs: 1 });
  });

  it('is delivered through a relay, as one object for all subchannels', () => {
    class Noting extends UpstreamKernelRelay {
      readonly links = new Set<unknown>();
      override *pathEvent(self: Process, device: RelayedDevice, { link }: PathEvent): Steps {
        this.links.add(link);
        device.notify();
        yield* self.settle();
      }
      override hasNews(): boolean {
        return true;
      }
    }
    const relay = new Noting();
    const host = new Host({ devices: 3, relay }).opened();
    host.configure(0, false);
    host.runFor(SECOND);
    expect(relay.links.size).toBe(1);
    expect(host.eventFds('crw')).toEqual([1, 1, 1]);
    expect(count(host, 'vfio_ccw.crw')).toBe(0);
  });
});

describe('the one thread of vfio-ccw', () => {
  it('has status of one device wait behind path events of all others', () => {
    const workNs = 100_000;
    const devices = 10;
    const delay = (lost: boolean): number => {
      const host = new Host({ devices, costs: { workNs } }).opened();
      const [guest] = host.guests;
      host.unit.connectNs = 50_000;
      if (lost) host.configure(3, false);
      // The path goes 5 ms from now; the status comes while the thread has begun with the reports.
      host.rig.linux.spawn('user', function* (self) {
        yield* self.sleep(5 * 1_000_000 + 100_000);
        yield* guest.start(self, 0x80);
      });
      host.runFor(100_000_000);
      const { seen } = host.rig.recorder;
      const at = (name: string): number => seen.find(({ event }) => event === name)!.at;
      return at('eventfd.io') - at('interrupt');
    };
    const undisturbed = delay(false);
    expect(undisturbed).toBeLessThan(2 * workNs);
    expect(delay(true) - undisturbed).toBeGreaterThan((devices - 4) * workNs);
    expect(delay(true) - undisturbed).toBeLessThanOrEqual(devices * workNs);
  });
});
