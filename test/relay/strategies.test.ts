import { describe, expect, it } from 'vitest';
import { CHP_EVENT } from '../../src/linux/subchannel-driver.ts';
import { createRelay } from '../../src/relay/index.ts';
import type { RelayName, RelaySpecification } from '../../src/relay/specification.ts';
import { CHSC, ChscBlock } from '../../src/zarch/chsc.ts';
import { RigHost } from './rig.ts';

const GONE = 0x04060040;
const BACK = 0x04020040;
const EVENTS_PENDING = 0x0b000000;
const MS = 1_000_000;

const hostWith = (relay: RelaySpecification, guests = 1, devices = 3): RigHost =>
  new RigHost(createRelay(relay), guests, devices);

/** What every strategy costs when one of four paths of N devices in each of G guests goes away. */
const COUNTS: Record<
  RelayName,
  (n: number, g: number) => { signals: number; kernelReports: number; reads: number; reports: number }
> = {
  static: () => ({ signals: 0, kernelReports: 0, reads: 0, reports: 0 }),
  'per-subchannel': (n, g) => ({ signals: n * g, kernelReports: 0, reads: n * g, reports: 0 }),
  'lazy-stsch': () => ({ signals: 0, kernelReports: 0, reads: 0, reports: 0 }),
  'report-per-chpid': (_n, g) => ({ signals: g, kernelReports: g, reads: 2 * g, reports: g }),
  // One read for the word and one that finds the list empty.
  upstream: (n, g) => ({ signals: n * g, kernelReports: n * g, reads: 2 * n * g, reports: n * g }),
  suppress: () => ({ signals: 0, kernelReports: 0, reads: 0, reports: 0 }),
  'css-event': (_n, g) => ({ signals: g, kernelReports: g, reads: 2 * g, reports: g }),
  'state-masks': (n, g) => ({ signals: n * g, kernelReports: 0, reads: n * g, reports: g }),
  'guest-wide': (_n, g) => ({ signals: g, kernelReports: g, reads: 2 * g, reports: g }),
};

describe('what one event costs', () => {
  for (const [kind, expected] of Object.entries(COUNTS)) {
    for (const n of [1, 2, 8, 42, 200]) {
      for (const g of [1, 2, 4]) {
        it(`${kind}: ${n} devices in each of ${g} guests`, () => {
          const host = hostWith({ kind: kind as RelayName }, g, n);
          host.change(0x40, false);
          const reports = host.guests.reduce((sum, guest) => sum + guest.fetchReports().length, 0);
          expect({
            signals: host.total('signals'),
            kernelReports: host.total('kernelReports'),
            reads: host.total('schibReads') + host.total('reportReads'),
            reports,
          }).toEqual(expected(n, g));
        });
      }
    }
  }
});

describe('upstream', () => {
  it('needs one machine check for reports that come while the guest fetches none', () => {
    const host = hostWith({ kind: 'upstream' }, 1, 42);
    host.change(0x40, false);
    expect(host.total('machineChecks')).toBe(1);
    expect(host.guests[0].fetchReports()).toEqual(new Array(42).fill(GONE));
  });

  it('reads a device with q reports q + 1 times, and once more when it is signalled again', () => {
    const host = hostWith({ kind: 'upstream' }, 1, 1);
    host.change(0x40, false, false);
    host.change(0x40, true, false);
    host.guests[0].settle();
    expect(host.total('reportReads')).toBe(3);
    expect(host.guests[0].fetchReports()).toEqual([GONE, BACK]);
  });

  it('tells nothing of paths that the administrator of the host varies', () => {
    const host = hostWith({ kind: 'upstream' });
    host.vary(0x40, false);
    host.vary(0x40, true);
    expect(host.total('signals')).toBe(0);
  });

  it('shows a guest that looks the paths of that moment', () => {
    const host = hostWith({ kind: 'upstream' });
    host.change(0x40, false);
    const [guest] = host.guests;
    expect(guest.stsch(guest.devices[0]).pmcw.pam).toBe(0x70);
  });
});

describe('what a guest sees that looks by itself', () => {
  const seen: Record<RelayName, { looking: number; afterFailure: number }> = {
    static: { looking: 0xf0, afterFailure: 0xf0 },
    'per-subchannel': { looking: 0x70, afterFailure: 0x70 },
    'lazy-stsch': { looking: 0x70, afterFailure: 0x70 },
    'report-per-chpid': { looking: 0x70, afterFailure: 0x70 },
    upstream: { looking: 0x70, afterFailure: 0x70 },
    // Trying shows which paths are not operational, but not which are not there.
    suppress: { looking: 0xf0, afterFailure: 0xf0 },
    'css-event': { looking: 0x70, afterFailure: 0x70 },
    'state-masks': { looking: 0x70, afterFailure: 0x70 },
    'guest-wide': { looking: 0x70, afterFailure: 0x70 },
  };
  for (const [kind, { looking, afterFailure }] of Object.entries(seen)) {
    it(`${kind}: PAM ${looking.toString(16)}`, () => {
      const host = hostWith({ kind: kind as RelayName });
      host.change(0x40, false);
      const [guest] = host.guests;
      expect(guest.stsch(guest.devices[0]).pmcw.pam).toBe(looking);
      guest.ssch(guest.devices[0]);
      expect(guest.stsch(guest.devices[0]).pmcw.pam).toBe(afterFailure);
    });
  }

  it('suppress: a start that failed for want of a path has the SCHIB read, others do not', () => {
    const host = hostWith({ kind: 'suppress' });
    const [guest] = host.guests;
    guest.stsch(guest.devices[0]);
    expect(guest.counts.schibReads).toBe(0);
    guest.ssch(guest.devices[0]);
    expect(guest.counts.schibReads).toBe(1);
  });
});

describe('report-per-chpid', () => {
  it('makes a report for every event and every path', () => {
    const host = hostWith({ kind: 'report-per-chpid' }, 2, 5);
    host.change(0x40, false);
    host.change(0x41, false);
    host.change(0x40, true);
    for (const guest of host.guests) expect(guest.fetchReports()).toEqual([GONE, 0x04060041, BACK]);
  });

  it('passes over devices that nobody has open', () => {
    const host = hostWith({ kind: 'report-per-chpid' });
    host.guests[0].devices[0].isOpen = false;
    host.change(0x40, false);
    expect(host.guests[0].fetchReports()).toEqual([GONE]);
  });
});

describe('guest-wide', () => {
  it('keeps a report when the device that was to tell of it goes away', () => {
    const host = hostWith({ kind: 'guest-wide' });
    const [guest] = host.guests;
    host.change(0x40, false, false);
    guest.devices[0].isOpen = false;
    guest.kernel.deviceGone(guest.devices[0].relayed);
    guest.settle();
    expect(guest.fetchReports()).toEqual([GONE]);
  });
});

describe('css-event', () => {
  const call = (): ChscBlock => {
    const block = new ChscBlock();
    block.command = CHSC.STORE_EVENT_INFORMATION;
    return block;
  };

  it('makes one report for all events that wait, and tells them one by one', () => {
    const host = hostWith({ kind: 'css-event' });
    const [guest] = host.guests;
    host.change(0x40, true);
    host.change(0x41, true);
    expect(guest.fetchReports()).toEqual([EVENTS_PENDING]);
    const [first, second, none] = [call(), call(), call()];
    expect([guest.call(first), guest.call(second), guest.call(none)]).toEqual([true, true, false]);
    expect(first.event).toMatchObject({ contentCode: 2, reportingSource: 4, rsid: 0x40, more: true });
    expect(second.event).toMatchObject({ contentCode: 2, rsid: 0x41, more: false });
  });

  it('reports again after the last event has been read', () => {
    const host = hostWith({ kind: 'css-event' });
    const [guest] = host.guests;
    host.change(0x40, false);
    guest.fetchReports();
    guest.call(call());
    host.change(0x40, true);
    expect(guest.fetchReports()).toEqual([EVENTS_PENDING]);
  });

  it('tells which link of a path is concerned', () => {
    const host = hostWith({ kind: 'css-event' });
    const [guest] = host.guests;
    host.deliver({ chpid: 0x42, flaMask: 0xffff, fla: 0x1a03 }, CHP_EVENT.ONLINE, true);
    const block = call();
    expect(guest.call(block)).toBe(true);
    expect(block.event).toMatchObject({ rsid: 0x42, validity: 0xc0, fla: 0x1a03 });
  });

  it('has a guest look at everything for paths that went, once for all of them', () => {
    const host = hostWith({ kind: 'css-event' });
    const [guest] = host.guests;
    for (const chpid of [0x40, 0x41, 0x42]) host.change(chpid, false);
    expect(guest.fetchReports()).toEqual([EVENTS_PENDING]);
    const [first, none] = [call(), call()];
    expect([guest.call(first), guest.call(none)]).toEqual([true, false]);
    expect(first.event).toMatchObject({ overflow: true, reportingSource: 0, more: false });
  });

  it('says so with the path that came back, when another one went meanwhile', () => {
    const host = hostWith({ kind: 'css-event' });
    const [guest] = host.guests;
    host.change(0x40, false);
    host.change(0x41, true);
    const [first, none] = [call(), call()];
    expect([guest.call(first), guest.call(none)]).toEqual([true, false]);
    expect(first.event).toMatchObject({ contentCode: 2, rsid: 0x41, overflow: true });
  });

  it('keeps no more events than there can be channel paths; then one says that others were lost', () => {
    const host = hostWith({ kind: 'css-event' });
    const [guest] = host.guests;
    for (let change = 0; change < 300; change++) host.change(0x40, true);
    expect(guest.fetchReports()).toEqual([EVENTS_PENDING]);
    const told: (boolean | undefined)[] = [];
    for (let block = call(); guest.call(block); block = call()) told.push(block.event?.overflow);
    expect(told).toEqual([true, ...new Array(255).fill(false)]);
  });

  it('tells of an event for which the kernel had no storage as of one that concerns nothing', () => {
    const host = hostWith({ kind: 'css-event' });
    const [guest] = host.guests;
    guest.hasStorage = false;
    host.change(0x40, false);
    host.change(0x41, false);
    expect(guest.fetchReports()).toEqual([EVENTS_PENDING]);
    const [first, none] = [call(), call()];
    expect([guest.call(first), guest.call(none)]).toEqual([true, false]);
    expect(first.event).toMatchObject({ overflow: true, reportingSource: 0, more: false });
  });

  it('leaves other requests, and programs that want other events, alone', () => {
    const host = hostWith({ kind: 'css-event' });
    const [guest] = host.guests;
    host.change(0x40, false);
    const description = call();
    description.command = CHSC.STORE_CHANNEL_PATH_DESCRIPTION;
    const pciOnly = call();
    pciOnly.notifications = 0x20000000;
    expect([guest.call(description), guest.call(pciOnly)]).toEqual([false, false]);
  });
});

describe('state-masks', () => {
  it('tells a change once, whichever device brings it', () => {
    const host = hostWith({ kind: 'state-masks' }, 1, 42);
    host.change(0x40, false);
    host.change(0x40, true);
    expect(host.guests[0].fetchReports()).toEqual([GONE, BACK]);
  });

  it('finds out by STSCH which of two contradicting bits came last', () => {
    const host = hostWith({ kind: 'state-masks' }, 1, 1);
    const [guest] = host.guests;
    host.change(0x40, false, false);
    host.change(0x40, true, false);
    guest.settle();
    expect(host.total('signals')).toBe(1);
    expect(host.total('schibReads')).toBe(1);
    expect(guest.fetchReports()).toEqual([BACK]);
  });
});

describe('virtual-chpids', () => {
  it('gives a guest numbers of its own, none of which is that of the virtio devices', () => {
    const relay: RelaySpecification = { kind: 'virtual-chpids', over: { kind: 'report-per-chpid' } };
    const host = new RigHost(createRelay(relay), 1, 2, [0x00, 0x40]);
    const [guest] = host.guests;
    expect([...guest.devices[1].schib.pmcw.chpids.slice(0, 2)]).toEqual([1, 2]);
    host.change(0x00, false);
    host.change(0x40, false);
    expect(guest.fetchReports()).toEqual([0x04060001, 0x04060002]);
  });

  it('tells events of the channel subsystem by those numbers', () => {
    const host = hostWith({ kind: 'virtual-chpids', over: { kind: 'css-event' } });
    host.change(0x42, true);
    const block = new ChscBlock();
    block.command = CHSC.STORE_EVENT_INFORMATION;
    expect(host.guests[0].call(block)).toBe(true);
    expect(block.event).toMatchObject({ rsid: 3 });
  });
});

describe('dedupe', () => {
  it('drops what upstream would say forty-two times', () => {
    const host = hostWith({ kind: 'dedupe', policy: 'drop-equal-tail', over: { kind: 'upstream' } }, 1, 42);
    host.change(0x40, false);
    expect(host.total('signals')).toBe(42);
    expect(host.guests[0].fetchReports()).toEqual([GONE]);
  });

  it('lets a report through when the guest has fetched the one before', () => {
    const host = hostWith({ kind: 'dedupe', policy: 'drop-equal-pending', over: { kind: 'upstream' } }, 1, 1);
    const [guest] = host.guests;
    host.change(0x40, false);
    expect(guest.fetchReports()).toEqual([GONE]);
    host.change(0x40, false);
    expect(guest.fetchReports()).toEqual([GONE]);
  });

  it('keeps the last word about each path', () => {
    const host = hostWith({ kind: 'dedupe', policy: 'latest-per-rsid', over: { kind: 'upstream' } });
    host.change(0x40, false);
    host.change(0x41, false);
    host.change(0x40, true);
    expect(host.guests[0].fetchReports()).toEqual([0x04060041, BACK]);
  });
});

describe('coalesce', () => {
  const over = (kind: RelayName, window: 'tumbling' | 'debounce' | 'net-change'): RelaySpecification => ({
    kind: 'coalesce',
    window,
    lengthNs: 10 * MS,
    over: { kind },
  });

  it('tells once of changes within the window, and the relay inside decides how often', () => {
    for (const [kind, times] of [
      ['report-per-chpid', 1],
      ['upstream', 5],
    ] as const) {
      const host = hostWith(over(kind, 'tumbling'), 1, 5);
      for (const present of [false, true, false]) host.change(0x40, present);
      expect(host.total('signals')).toBe(0);
      host.run(20 * MS);
      expect(host.guests[0].fetchReports()).toEqual(new Array(times).fill(GONE));
    }
  });

  it('says nothing of a path that is back in time', () => {
    const host = hostWith(over('upstream', 'net-change'));
    host.change(0x40, false);
    host.change(0x40, true);
    host.run(20 * MS);
    expect(host.guests[0].fetchReports()).toEqual([]);
  });

  it('passes varied paths on at once', () => {
    const host = hostWith(over('state-masks', 'debounce'), 1, 1);
    host.vary(0x40, false);
    expect(host.total('signals')).toBe(1);
  });

  it('tells devices that hear of the event only after the window has ended', () => {
    const host = hostWith(over('upstream', 'tumbling'), 1, 2);
    const [guest] = host.guests;
    const link = { chpid: 0x40, flaMask: 0, fla: 0 };
    const event = { event: CHP_EVENT.OFFLINE, link, mask: 0x80 };
    guest.hear(guest.devices[0], event);
    host.run(15 * MS);
    guest.hear(guest.devices[1], event);
    host.run(30 * MS);
    expect(guest.fetchReports()).toEqual([GONE, GONE]);
  });
});
