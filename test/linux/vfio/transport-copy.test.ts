import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TransportArea } from '../../../src/channel/transport-program/transport-area.ts';
import { E } from '../../../src/linux/errno.ts';
import { kernelFeatures } from '../../../src/linux/kernel-features.ts';
import { PAGE_BYTES } from '../../../src/linux/vfio/guest-memory.ts';
import { KernelArena } from '../../../src/linux/vfio/kernel-arena.ts';
import { TranslatedProgram } from '../../../src/linux/vfio/translated-program.ts';
import { Orb } from '../../../src/zarch/orb.ts';
import { Scsw } from '../../../src/zarch/scsw.ts';
import { DeviceCommand, encodeCommandBlock, transportCountOf } from '../../../src/zarch/tccb.ts';
import { commandWordsOf, decodeTcw, encodeTcw, TCW_BYTES, Tcw } from '../../../src/zarch/tcw.ts';
import { encodeTidaw, TIDAW_BYTES, TIDAW_FLAG, Tidaw } from '../../../src/zarch/tidaw.ts';
import { BASE, HEAP, ScatteredMemory, UNMAPPED } from './guest-program.ts';

/* Programs in transport mode of a guest whose pages are scattered over the storage of its host: what the host starts. */

const BLOCK = BASE + 0x1000;
const STATUS = BASE + 0x2000;
const LIST = BASE + 0x3000;
const DATA = BASE + 0x10000;
const { LAST, SKIP, TRANSFER, INSERT_CHECK } = TIDAW_FLAG;
type Word = readonly [flags: number, count: number, address: number];

const READ_BLOCK = encodeCommandBlock(
  [Object.assign(new DeviceCommand(), { command: 0x06, count: 0x1000 })],
  transportCountOf(0x1000),
);

/** A guest with a control word like this, and the translation of the program that it designates. */
function situation(fields: Partial<Tcw>, words: readonly Word[] = []) {
  const memory = new ScatteredMemory(5);
  const program = new TranslatedProgram(kernelFeatures('6.16'), KernelArena.behind(memory.host, HEAP, 0));
  const tcw = Object.assign(new Tcw(), {
    commandWords: commandWordsOf(READ_BLOCK.length),
    commandsAddress: BLOCK,
    statusAddress: STATUS,
    ...fields,
  });
  memory.store(BASE, encodeTcw(tcw));
  memory.store(BLOCK, READ_BLOCK);
  words.forEach(([flags, count, address], at) => {
    memory.store(LIST + at * TIDAW_BYTES, encodeTidaw(Object.assign(new Tidaw(), { flags, count, address })));
  });
  return { memory, program, orb: Object.assign(new Orb(), { transportMode: 1, programAddress: BASE }) };
}

function translate({ memory, program, orb }: ReturnType<typeof situation>): number {
  const rc = program.init(orb, memory.memory) || program.prefetch();
  if (rc === E.OK) program.complete(1, 0x80);
  else program.free();
  return rc;
}

/** The control word that the host starts. */
function started({ memory, program }: ReturnType<typeof situation>): Tcw {
  const bytes = new Uint8Array(TCW_BYTES);
  memory.host.fetch(program.orb.programAddress, bytes);
  return decodeTcw(bytes);
}

/** Output as the host's channel subsystem fetches it. */
function output(it: ReturnType<typeof situation>): { bytes: number[]; checkBytes: number; check: number } {
  const { outputAddress: address, outputCount: total, outputIndirect } = started(it);
  const area = new TransportArea(it.memory.host);
  const bytes = new Uint8Array(total);
  area.move({ address, total, indirect: outputIndirect === 1, access: 'fetch', key: 0 }, bytes, total);
  return { bytes: [...bytes.subarray(0, area.moved)], checkBytes: area.checkBytes, check: area.check };
}

const filled = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at % 251) + 1);

describe('the copy of a program in transport mode', () => {
  it('has the control block, and the guest can change its own as it likes', () => {
    const it = situation({
      read: 1,
      inputAddress: DATA,
      inputCount: 0x1000,
      interrogateAddress: BASE + 0x40,
    });
    expect(translate(it)).toBe(E.OK);
    it.memory.store(BLOCK, new Uint8Array(READ_BLOCK.length));
    const tcw = started(it);
    const block = new Uint8Array(READ_BLOCK.length);
    it.memory.host.fetch(tcw.commandsAddress, block);
    expect(block).toEqual(READ_BLOCK);
    expect(tcw).toMatchObject({ interrogateAddress: 0, statusAddress: it.memory.at(STATUS) });
    expect(it.program.orb).toMatchObject({ transportMode: 1, lpm: 0x80 });
  });

  it('gives an area a list, with a word for each page', () => {
    const it = situation({ write: 1, outputAddress: DATA + 0x800, outputCount: 0x2000 });
    const bytes = filled(0x2000);
    it.memory.store(DATA + 0x800, bytes);
    expect(translate(it)).toBe(E.OK);
    expect(output(it)).toEqual({ bytes: [...bytes], checkBytes: 0, check: 0 });
    // Three pages of data, and that of the status block.
    expect(it.program.pages).toBe(4);
  });

  it('keeps flags, and goes on over block boundaries by transfers', () => {
    const areas = fc.array(fc.tuple(fc.nat(PAGE_BYTES - 64), fc.integer({ min: 1, max: 64 }), fc.boolean()), {
      minLength: 1,
      maxLength: 280,
    });
    fc.assert(
      fc.property(areas, (parts) => {
        const words = parts.map(([into, count, checked], at): Word => {
          const isLast = at === parts.length - 1;
          const flags = isLast ? LAST : checked ? INSERT_CHECK : 0;
          return [flags, count, DATA + (at % 16) * PAGE_BYTES + into];
        });
        let total = 0;
        for (const [flags, count] of words) {
          total += count;
          if (flags === INSERT_CHECK) total += 4 + ((4 - (total % 4)) % 4);
        }
        // The guest's own list has its transfer where a block ends.
        const list: Word[] = [...words];
        for (let at = 255; at < list.length; at += 256)
          list.splice(at, 0, [TRANSFER, 0, LIST + (at + 1) * TIDAW_BYTES]);
        const it = situation({ write: 1, outputIndirect: 1, outputAddress: LIST, outputCount: total }, list);
        it.memory.store(DATA, filled(16 * PAGE_BYTES));
        const expected = words.flatMap(([, count, address]) => [...it.memory.fetch(address, count)]);
        expect(translate(it)).toBe(E.OK);
        expect(output(it)).toEqual({ bytes: expected, checkBytes: total - expected.length, check: 0 });
      }),
      { numRuns: 30 },
    );
  });

  it('is not made for an area that no list could hold', () => {
    const endless = situation({ read: 1, inputAddress: DATA, inputCount: 0xffffffff });
    expect(translate(endless)).toBe(E.INVAL);
    expect(endless.program.pages).toBe(0);
  });

  it('pins nothing for what is skipped', () => {
    const words: Word[] = [
      [SKIP, 0x800, UNMAPPED],
      [LAST, 0x800, DATA],
    ];
    const it = situation({ read: 1, inputIndirect: 1, inputAddress: LIST, inputCount: 0x1000 }, words);
    expect(translate(it)).toBe(E.OK);
    expect(it.program.pages).toBe(2);
  });

  it('shows the guest its own address of the control word', () => {
    const it = situation({ read: 1, inputAddress: DATA, inputCount: 0x1000 });
    translate(it);
    const scsw = Object.assign(new Scsw(), { transport: 1, ccwAddress: it.program.orb.programAddress });
    it.program.updateScsw(scsw);
    expect(scsw.ccwAddress).toBe(BASE);
  });

  it.each<[string, Partial<Tcw>, readonly Word[]]>([
    ['a control block', { commandsAddress: UNMAPPED }, []],
    ['a status block', { statusAddress: UNMAPPED }, []],
    ['an area', { read: 1, inputAddress: UNMAPPED, inputCount: 8 }, []],
    ['a list', { read: 1, inputIndirect: 1, inputAddress: UNMAPPED, inputCount: 8 }, []],
    [
      'an area of a list',
      { read: 1, inputIndirect: 1, inputAddress: LIST, inputCount: 8 },
      [[LAST, 8, UNMAPPED]],
    ],
    [
      'the end of a list',
      { read: 1, inputIndirect: 1, inputAddress: LIST, inputCount: 8 },
      [[TRANSFER, 0, LIST]],
    ],
  ])('is refused (−EINVAL) without %s, and nothing stays pinned', (_, fields, words) => {
    const it = situation(fields, words);
    expect(translate(it)).toBe(E.INVAL);
    expect(it.memory.memory.pinned).toBe(0);
  });

  it('gives back what it has pinned', () => {
    const it = situation({ read: 1, inputAddress: DATA, inputCount: 0x1000 });
    translate(it);
    expect(it.memory.memory.pinned).toBe(2);
    expect(it.program.hasPinned(DATA, 1)).toBe(true);
    it.program.free();
    expect(it.memory.memory.pinned).toBe(0);
    expect(it.program.hasPinned(DATA, 1)).toBe(false);
  });
});
