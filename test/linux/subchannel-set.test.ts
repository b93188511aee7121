import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SubchannelSet } from '../../src/linux/subchannel-set.ts';
import { NONE } from '../../src/zarch/ids.ts';

const SETS = 2;
const id = fc.integer({ min: 0, max: SETS * 0x10000 - 1 });

/** Members in their order, found by asking for one after the other. */
function members(set: SubchannelSet): number[] {
  const found: number[] = [];
  for (let ssid = 0; ssid < SETS; ssid++) {
    for (let at = set.next(ssid, ssid << 16); at !== NONE; at = set.next(ssid, at + 1)) found.push(at);
  }
  return found;
}

test('a set forgets an id and all higher ones of its subchannel set, and nothing else', () => {
  fc.assert(
    fc.property(fc.uniqueArray(id, { maxLength: 40 }), id, (added, from) => {
      const set = new SubchannelSet(SETS);
      for (const each of added) set.add(each);
      set.deleteFrom(from);
      const kept = added.filter((each) => each < from || each >>> 16 !== from >>> 16).sort((a, b) => a - b);
      expect(members(set)).toEqual(kept);
      expect(set.size).toBe(kept.length);
    }),
  );
});

test('a full set keeps what is below', () => {
  const set = new SubchannelSet(SETS);
  set.fill();
  set.deleteFrom(0x10021);
  expect(set.size).toBe(0x10021);
  expect([set.has(0x10020), set.has(0x10021), set.has(0xffff)]).toEqual([true, false, true]);
});
