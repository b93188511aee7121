import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTL, FCTL, STCTL } from '../../src/zarch/scsw.ts';
import { B, enabledRig, P, type QemuRig, TD } from './rig.ts';

/** Words that make CCWs which get somewhere: commands that exist, addresses inside the two pages. */
const usefulWord = fc.oneof(
  fc.constantFrom(0x03600001, 0x03200001, 0xe4600010, 0x04600020, 0x08000000, 0x33600001, 0x83200004),
  fc.constantFrom(0, P, P + 8, P + 16, P + 32, B, B + 4, 0x07fffff8, 0x7ffffff8),
  fc.integer({ min: 0, max: 0xffffffff }),
);

const story = fc.record({
  storage: fc.array(usefulWord, { minLength: 2, maxLength: 40 }),
  lists: fc.array(usefulWord, { minLength: 0, maxLength: 8 }),
  word1: fc.integer({ min: 0, max: 0xffffffff }).map((word) => (word | 0x8000) & ~0x0004007e),
  cpa: fc.oneof(fc.constantFrom(P, P + 8), fc.integer({ min: 0, max: 0x7fffffff })),
  after: fc.array(fc.constantFrom('tsch', 'rsch', 'hsch', 'csch', 'xsch', 'ssch', 'msch'), { maxLength: 8 }),
});

const LIMIT = 500;

function execute(rig: QemuRig, instruction: string, word1: number, cpa: number): string {
  switch (instruction) {
    case 'tsch':
      return rig.tsch();
    case 'msch':
      return rig.msch();
    case 'ssch':
      return rig.ssch(word1, cpa);
    default:
      return rig.signal(instruction as 'rsch' | 'hsch' | 'csch' | 'xsch');
  }
}

/** Whatever stands in storage, a start ends inside the instruction, with status or suspended, and never active. */
test('any words as a channel program come to an end', () => {
  fc.assert(
    fc.property(story, ({ storage, lists, word1, cpa, after }) => {
      const rig = enabledRig({ ccwLimit: LIMIT, littleEndianHost: false });
      rig.store(P, ...storage);
      rig.store(B, ...lists);
      rig.events.length = 0;
      for (const instruction of ['ssch', ...after]) {
        expect(execute(rig, instruction, word1, cpa)).toMatch(/^cc [0-3]$/);
        const { scsw } = rig.css.devices.subchannels()[0].schib;
        expect(scsw.actl & (ACTL.SUBCHANNEL_ACTIVE | ACTL.DEVICE_ACTIVE | ACTL.RESUME_PENDING)).toBe(0);
        const isSuspended = (scsw.actl & ACTL.SUSPENDED) !== 0;
        const hasStatus = (scsw.stctl & STCTL.PENDING) !== 0;
        expect((scsw.fctl & FCTL.START) === 0 || isSuspended || hasStatus).toBe(true);
        expect(scsw.count).toBeLessThanOrEqual(0xffff);
      }
      // Every function that was accepted has queued one interruption, and nothing else has.
      const queued = rig.events.filter((event) => event.startsWith('css_io_interrupt')).length;
      let taken = 0;
      while (rig.tpi() !== 'none') taken++;
      expect(taken).toBe(queued);
      expect(rig.stsch(TD)).toBe('cc 0');
    }),
    { numRuns: 400 },
  );
});
