import { describe, expect, test } from 'vitest';
import { B, enabledRig, ORB, P, type QemuRig, QemuRig as Rig, TERMINAL } from './rig.ts';

const ENDED = '0c000000';
const PROGRAM_CHECK = '00200000';
/** SCSW words 1 and 2 of a program: where it ended and how. */
const ending = (rig: QemuRig, ccws: readonly number[], word1: number = ORB.PLAIN): string =>
  rig.program(ccws, word1).replace(/^.*?\./, '');
const at = (address: number): string => address.toString(16).padStart(8, '0');
const nops = (count: number, address: number): number[] =>
  Array.from({ length: count }, (_, index) => [index < count - 1 ? 0x03600001 : 0x03200001, address]).flat();

describe('status of a program', () => {
  test('a NOP ends at once, and the status is there before and after it is fetched', () => {
    const rig = enabledRig();
    rig.store(P, 0x03200001, 0);
    expect(rig.ssch()).toBe('cc 0');
    rig.stsch();
    expect(rig.schibScsw).toBe(`00804007.${at(P + 8)}.${ENDED}`);
    expect(rig.pmcw.slice(0, 8)).toBe('deadbeef');
    expect(rig.tsch()).toBe('cc 0');
    expect([rig.scsw, rig.esw]).toEqual([
      `00804007.${at(P + 8)}.${ENDED}`,
      '00800000.00000000.00000000.00000000.00000000',
    ]);
    rig.stsch();
    expect(rig.schibScsw).toBe(`00800000.${at(P + 8)}.${ENDED}`);
  });

  test('a subchannel without status gives cc 1, its SCSW and zeros', () => {
    const rig = enabledRig();
    rig.fill(0x1100, 0xee, 96);
    expect(rig.tsch()).toBe('cc 1');
    expect(rig.words(0x1100, 16)).toBe(Array(16).fill('00000000').join('.'));
    expect(rig.word(0x1100 + 64), 'the measurement word is not touched').toBe('eeeeeeee');
  });

  test('the residual count stays until a command sets it again', () => {
    const rig = enabledRig();
    expect(ending(rig, [0xe420012c, B])).toBe(`${at(P + 8)}.0c00002c`);
    expect(ending(rig, [0x0320004d, B])).toBe(`${at(P + 8)}.0c00002c`);
    expect(ending(rig, [0xe4200008, B])).toBe(`${at(P + 8)}.${ENDED}`);
  });
});

describe('lengths', () => {
  test('another count than 256 for SENSE ID is a program check unless SLI is on', () => {
    const rig = enabledRig();
    expect(ending(rig, [0xe4000100, B])).toBe(`${at(P + 8)}.${ENDED}`);
    expect(ending(rig, [0xe4000008, B])).toBe(`${at(P + 8)}.${PROGRAM_CHECK}`);
    expect(ending(rig, [0xe4200008, B])).toBe(`${at(P + 8)}.${ENDED}`);
    expect(ending(rig, [0xe4a00008, B]), 'SLI with data chaining').toBe(`${at(P + 8)}.${PROGRAM_CHECK}`);
  });

  test('SENSE ID says FF only where the control unit can be told', () => {
    const rig = enabledRig();
    rig.program([0xe4200004, B]);
    expect(rig.word(B)).toBe('ff383204');
    rig.program([0xe4200003, B]);
    expect(rig.word(B)).toBe('00383204');
  });

  test('data chaining does not exist: the program simply ends', () => {
    expect(ending(enabledRig(), [0x03a00001, B, 0x00200001, B])).toBe(`${at(P + 8)}.${ENDED}`);
  });
});

describe('checks of a CCW', () => {
  test.each([
    ['MIDA', 0x03210001, PROGRAM_CHECK],
    ['PCI', 0x03280001, ENDED],
    ['command 00', 0x00200001, PROGRAM_CHECK],
    ['command 10', 0x10200001, PROGRAM_CHECK],
    ['suspend without permission', 0x03220001, PROGRAM_CHECK],
    ['count 0', 0x03200000, ENDED],
  ])('%s', (_name, word, status) => {
    expect(ending(enabledRig(), [word, B])).toBe(`${at(P + 8)}.${status}`);
  });

  test('a bad second CCW is where the program stops', () => {
    expect(ending(enabledRig(), [0x03600001, B, 0x20200001, B])).toBe(`${at(P + 16)}.${PROGRAM_CHECK}`);
  });

  test.each([
    ['zero', ORB.PLAIN, 0, 8],
    ['not a doubleword', ORB.PLAIN, P + 4, P + 12],
    ['beyond 16 MiB in format 0', ORB.FORMAT_0, 0x01000000, 0x01000008],
    ['outside storage', ORB.PLAIN, 0x7ffff000, 0x7ffff008],
  ])('program address %s', (_name, word1, cpa, ended) => {
    const rig = enabledRig();
    rig.ssch(word1, cpa);
    rig.tsch();
    expect(rig.scsw.slice(9)).toBe(`${at(ended)}.${PROGRAM_CHECK}`);
  });

  test('format 0: count 0 is refused, a transfer in channel may have any left half and flags', () => {
    const rig = enabledRig();
    expect(ending(rig, [0x03045000, 0x20000000], ORB.FORMAT_0)).toBe(`${at(P + 8)}.${PROGRAM_CHECK}`);
    const program = [0x28000000 | (P + 16), 0xff00ffff, 0, 0, 0x03045000, 0x20000001];
    expect(ending(rig, program, ORB.FORMAT_0)).toBe(`${at(P + 24)}.${ENDED}`);
  });

  test('255 CCWs without a data address are let through, 256 are not', () => {
    const rig = enabledRig();
    expect(ending(rig, nops(255, 0))).toBe(`${at(P + 255 * 8)}.${ENDED}`);
    expect(ending(rig, nops(256, 0))).toBe(`${at(P + 256 * 8)}.${PROGRAM_CHECK}`);
    expect(ending(rig, nops(256, B))).toBe(`${at(P + 256 * 8)}.${ENDED}`);
  });
});

describe('transfer in channel', () => {
  test.each([
    ['as the first CCW', [0x08000000, P + 16, 0, 0, 0x03200001, B], P + 24, ENDED],
    ['twice in a row', [0x08000000, P + 8, 0x08000000, P + 16, 0x03200001, B], P + 16, PROGRAM_CHECK],
    ['with flags', [0x08600001, P + 16], P + 8, PROGRAM_CHECK],
    ['to an odd address', [0x08000000, P + 20], P + 28, PROGRAM_CHECK],
    ['with a left half in format 1', [0x18000000, P + 16], P + 8, PROGRAM_CHECK],
  ])('%s', (_name, ccws, ended, status) => {
    expect(ending(enabledRig(), ccws)).toBe(`${at(ended)}.${status}`);
  });

  test('a loop ends after as many CCWs as the guest may execute', () => {
    const rig = enabledRig({ ccwLimit: 1000 });
    expect(ending(rig, [0x03600001, B, 0x08000000, P])).toMatch(/\.00200000$/);
  });
});

describe('suspend and resume', () => {
  const SUSPENDING = [0x03620001, B, 0xe4200004, B];

  test('a suspended program has no status, but an interruption', () => {
    const rig = enabledRig();
    rig.store(P, ...SUSPENDING);
    expect(rig.ssch(ORB.SUSPEND)).toBe('cc 0');
    rig.stsch();
    expect(rig.schibScsw.slice(0, 8)).toBe('00804020');
    expect(rig.tpi()).toBe('0 deadbeef isc 3');
    expect(rig.tsch()).toBe('cc 1');
  });

  test('RSCH goes on at the CCW that is still there', () => {
    const rig = enabledRig();
    rig.store(P, ...SUSPENDING);
    rig.ssch(ORB.SUSPEND);
    expect(rig.signal('rsch'), 'the flag is still on').toBe('cc 0');
    expect(rig.tsch()).toBe('cc 1');
    rig.store(P, 0x03600001);
    expect(rig.signal('rsch')).toBe('cc 0');
    expect([rig.tsch(), rig.scsw]).toEqual(['cc 0', `00804007.${at(P + 16)}.${ENDED}`]);
    expect(rig.word(B)).toBe('ff383204');
  });

  test('a resumed program may be suspended again, even where SSCH did not allow it', () => {
    const rig = enabledRig();
    rig.store(P, 0x03620001, B, 0x03220001, B);
    rig.ssch(ORB.SUSPEND);
    rig.store(P, 0x03600001);
    rig.signal('rsch');
    rig.stsch();
    expect(rig.schibScsw.slice(0, 8)).toBe('00804020');
  });

  test('XSCH takes the program away, HSCH ends it', () => {
    const rig = enabledRig();
    rig.store(P, ...SUSPENDING);
    rig.ssch(ORB.SUSPEND);
    expect([rig.signal('xsch'), rig.tsch()]).toEqual(['cc 0', 'cc 1']);
    rig.ssch(ORB.SUSPEND);
    expect([rig.signal('hsch'), rig.tsch()]).toEqual(['cc 0', 'cc 0']);
    expect(rig.scsw).toBe(`00802021.${at(P + 8)}.00000000`);
  });
});

describe('sense data', () => {
  const REJECTED = [0xdd200001, B];
  const SENSE = [0x04200020, B];

  test('a command that nobody knows is rejected; the sense byte is fetched once', () => {
    const rig = enabledRig();
    expect(rig.program(REJECTED)).toBe(`00804017.${at(P + 8)}.02000000`);
    expect(rig.esw.slice(9, 17)).toBe('00000000');
    rig.program(SENSE);
    expect(rig.word(B)).toBe('80000000');
    rig.program(SENSE);
    expect(rig.word(B)).toBe('00000000');
  });

  test('with concurrent sense the bytes come with the status and are gone', () => {
    const rig = enabledRig();
    rig.msch((schib) => {
      schib[27] |= 1;
    });
    expect(rig.program(REJECTED)).toBe(`04824017.${at(P + 8)}.02000000`);
    expect([rig.esw.slice(9, 17), rig.ecw]).toEqual(['01002000', '80000000.00000000']);
    rig.program(SENSE);
    expect(rig.word(B)).toBe('00000000');
  });
});

describe('what sticks to the SCSW', () => {
  test('deferred condition code 3 stays until a reset', () => {
    const rig = enabledRig();
    rig.program([0x03200001, B]);
    expect(rig.ssch(0x00c00000)).toBe('cc 0');
    expect([rig.tsch(), rig.scsw.slice(0, 8)]).toEqual(['cc 0', '03804411']);
    rig.disable();
    rig.enable();
    rig.signal('csch');
    rig.tsch();
    expect(rig.program([0x03200001, B]).slice(0, 8)).toBe('03804007');
    rig.css.reset();
    rig.enable();
    expect(rig.program([0x03200001, B]).slice(0, 8)).toBe('00804007');
  });

  test('CSCH keeps old status bits and adds another interruption', () => {
    const rig = enabledRig();
    rig.store(P, 0x03200001, B);
    rig.ssch();
    expect([rig.signal('csch'), rig.tsch()]).toEqual(['cc 0', 'cc 0']);
    expect(rig.scsw).toBe(`00801007.${at(P + 8)}.00000000`);
    expect([rig.tpi(), rig.tpi(), rig.tpi()]).toEqual(['0 deadbeef isc 3', '0 deadbeef isc 3', 'none']);
  });

  test('idle functions: CSCH without device status, HSCH with device end', () => {
    const rig = enabledRig();
    rig.signal('csch');
    rig.tsch();
    expect(rig.scsw).toBe('00001001.00000000.00000000');
    rig.signal('hsch');
    rig.tsch();
    expect(rig.scsw).toBe('00002001.00000000.04000000');
  });
});

test('the terminal without a user needs intervention', () => {
  const rig = new Rig({}, TERMINAL);
  rig.enable();
  expect(rig.program([0x05200010, B])).toBe('00804017.00000000.02000000');
  rig.program([0x04200020, B]);
  expect(rig.word(B)).toBe('40000000');
});
