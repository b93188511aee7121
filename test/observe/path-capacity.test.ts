import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathCapacity } from '../../src/observe/path-capacity.ts';

const SYSTEM = 0;
const ALL = 0xc0;

/** Two devices on channel paths 0.40 and 0.41 that have been in use since time 0. */
function used(): PathCapacity {
  const capacity = new PathCapacity();
  for (const row of [0, 1]) {
    capacity.add(row, SYSTEM, [0x40, 0x41], ALL);
    capacity.masksChanged(0, row, ALL);
    capacity.driverMaskChanged(0, row, ALL);
  }
  return capacity;
}

describe('capacity lost', () => {
  it('is the time during which a channel path is broken for all of its devices', () => {
    const capacity = used();
    for (const row of [0, 1]) capacity.truthChanged(100, row, 0x40);
    for (const row of [0, 1]) capacity.truthChanged(400, row, ALL);
    expect([...capacity.lostBy(1000)]).toEqual([300, 0]);
    expect(capacity.pairs.map(({ system, chpid }) => [system, chpid])).toEqual([
      [SYSTEM, 0x40],
      [SYSTEM, 0x41],
    ]);
  });

  it('is half of it where one of two devices goes on', () => {
    const capacity = used();
    capacity.driverMaskChanged(100, 1, 0x80);
    expect([...capacity.lostBy(300)]).toEqual([0, 100]);
  });

  it('goes on while a path works that a system does not use, and counts once what is lost twice', () => {
    const capacity = used();
    for (const row of [0, 1]) capacity.truthChanged(100, row, 0x40);
    for (const row of [0, 1]) capacity.masksChanged(110, row, 0x40);
    for (const row of [0, 1]) capacity.truthChanged(200, row, ALL);
    expect(capacity.lostBy(500)[0]).toBe(400);
  });

  it('begins when a driver has its first path', () => {
    const capacity = new PathCapacity();
    capacity.add(0, SYSTEM, [0x40, 0x41], ALL);
    capacity.driverMaskChanged(50, 0, 0);
    capacity.masksChanged(100, 0, ALL);
    capacity.driverMaskChanged(1000, 0, 0x80);
    expect([...capacity.lostBy(1500)]).toEqual([0, 500]);
  });

  it('is not told apart for devices that nobody observes', () => {
    const capacity = new PathCapacity();
    capacity.driverMaskChanged(10, 7, ALL);
    expect([...capacity.lostBy(100)]).toEqual([]);
  });

  it('is what looking at every nanosecond gives', () => {
    const change = fc.record({
      after: fc.integer({ min: 0, max: 20 }),
      row: fc.integer({ min: 0, max: 1 }),
      what: fc.constantFrom('truthChanged', 'masksChanged', 'driverMaskChanged'),
      mask: fc.constantFrom(0, 0x40, 0x80, ALL),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const capacity = used();
        const masks = [0, 1].map(() => ({ truthChanged: ALL, masksChanged: ALL, driverMaskChanged: ALL }));
        const lost = [0, 0];
        let now = 0;
        for (const { after, row, what, mask } of changes) {
          for (let ns = 0; ns < after; ns++) {
            for (const { truthChanged, masksChanged, driverMaskChanged } of masks) {
              const inUse = truthChanged & masksChanged & driverMaskChanged;
              if ((inUse & 0x80) === 0) lost[0] += 0.5;
              if ((inUse & 0x40) === 0) lost[1] += 0.5;
            }
          }
          now += after;
          capacity[what as 'truthChanged'](now, row, mask);
          masks[row][what as 'truthChanged'] = mask;
        }
        expect([...capacity.lostBy(now)]).toEqual(lost);
      }),
    );
  });
});
