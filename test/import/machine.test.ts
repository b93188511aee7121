import { describe, expect, test } from 'vitest';
import { resolve } from '../scenario/load.ts';
import { fixture, imported, mistakes, shown, volumeRows } from './tools.ts';

describe('the machine of a scenario shows what was imported', () => {
  test.each([
    ['of a partition', { lscss: [fixture('lpar.lscss.txt')] }],
    ['of a guest of z/VM', { lscss: [fixture('zvm.lscss.txt')], lsdasd: [fixture('zvm.lsdasd.txt')] }],
    ['with short ids and in capitals', { lscss: [fixture('short.lscss.txt')] }],
    [
      'with two subchannel sets, all sections, and a fourth mask',
      {
        lscss: [fixture('sets.lscss.txt')],
        lschp: [fixture('sets.lschp.txt')],
        lsdasd: [fixture('sets.lsdasd-u.txt')],
      },
    ],
  ])('%s', async (_, given) => {
    const table = given.lscss[0].text;
    const rows = volumeRows((await shown(imported(given))).lscss);
    expect(rows.length).toBeGreaterThan(1);
    // Channel-attached volumes of other kinds are kept out.
    expect(rows).toEqual(volumeRows(table));
  });

  test('with the states of its channel paths', async () => {
    const scenario = imported({ lscss: [fixture('sets.lscss.txt')], lschp: [fixture('sets.lschp.txt')] });
    const states = (text: string): string[] =>
      text
        .split('\n')
        .filter((row) => / 1b /.test(row))
        .map((row) => row.split(/ +/).slice(0, 4).join(' '));
    expect(states((await shown(scenario)).lschp)).toEqual(states(fixture('sets.lschp.txt').text));
  });

  test('with the sizes of its volumes', async () => {
    const scenario = imported({ lscss: [fixture('zvm.lscss.txt')], lsdasd: [fixture('zvm.lsdasd.txt')] });
    const { lsdasd } = await shown(scenario);
    expect(lsdasd).toMatch(/^0\.0\.0200 .* 414000$/m);
    expect(lsdasd).toMatch(/^0\.0\.0201 .* 601020$/m);
  });
});

describe('what lsdasd tells', () => {
  const { machine } = resolve(
    imported({ lscss: [fixture('sets.lscss.txt')], lsdasd: [fixture('sets.lsdasd-u.txt')] }),
  );
  const volume = (deviceNumber: number) =>
    machine.dasd.find(({ first, last }) => first <= deviceNumber && deviceNumber <= last)!;

  test('is the unit address, which is no part of the device number', () => {
    expect([volume(0x1000).firstUnitAddress, volume(0x1001).firstUnitAddress]).toEqual([0x10, 0x01]);
  });

  test('is whose alias a device is: of any base, or of one', () => {
    expect([volume(0x10fe).aliasOf, volume(0x10ff).aliasOf]).toEqual(['any', 0x01]);
  });

  test.each(['long.lsdasd.txt', 'compat.lsdasd.txt', 'zvm.lsdasd.txt'])(
    'alone makes a machine: %s',
    (file) => {
      expect(resolve(imported({ lsdasd: [fixture(file)] })).machine.dasd.length).toBeGreaterThan(0);
    },
  );

  test('are the paths, in its long form', () => {
    const [unit] = resolve(imported({ lsdasd: [fixture('long.lsdasd.txt')] })).machine.controlUnits;
    expect(unit.paths).toEqual([0x1a, 0x2a, 0x3a, 0x0a]);
  });
});

test('lschp alone makes a machine, too', () => {
  const { machine } = resolve(imported({ lschp: [fixture('sets.lschp.txt')] }));
  expect(machine.channelPaths.map(({ chpid }) => chpid)).not.toContain(0x76);
  expect(machine.channelPaths.find(({ chpid }) => chpid === 0x40)?.standBy).toBe(true);
});

describe('nothing is lost', () => {
  test('what is no volume is counted', () => {
    const kept = (text: string): string[] =>
      text.split('\n').filter((line) => line.startsWith('# Kept out: '));
    expect(kept(imported({ lscss: [fixture('lpar.lscss.txt')] }))).toEqual([
      '# Kept out: subchannels without a device that Linux knows: 2.',
      '# Kept out: defunct devices, which have no subchannel: 1.',
      '# Kept out: devices of type 1732/01 1731/01 (OSA or FCP): 3.',
      '# Kept out: devices of type 1732/03 1731/03 (OSA or FCP): 2.',
    ]);
  });

  test('what is not known is marked', () => {
    const text = imported({ lscss: [fixture('lpar.lscss.txt')] });
    for (const assumption of ['Generation', 'generation', 'one for each upper byte', 'Capacity', 'Layout']) {
      if (assumption === 'Generation') continue;
      expect(text).toMatch(new RegExp(`# .*${assumption}.*`));
    }
    expect(text.match(/assumed/g)!.length).toBeGreaterThanOrEqual(6);
  });

  test('several files are one machine when they fit', () => {
    const { file, text } = fixture('lpar.lscss.txt');
    const lines = text.split('\n');
    const halves = [lines.slice(0, 6), lines.slice(5)].map((part, at) => ({
      file: `${file}.${at}`,
      text: part.join('\n'),
    }));
    const withoutNames = (scenario: string): string => scenario.split('\n').slice(1).join('\n');
    expect(withoutNames(imported({ lscss: halves }))).toBe(
      withoutNames(imported({ lscss: [{ file, text }] })),
    );
  });
});

describe('a mistake is told with its place', () => {
  const ROW = '0.0.1000 0.0.0000  3390/0c 2107/e8 yes  f0  f0  ff   40414243 00000000';
  const css = (text: string): string[] => mistakes({ lscss: [{ file: 'css.txt', text }] });

  test.each([
    [
      '[root@lpar1 ~]# lscss',
      'css.txt:1:1: "[root@lpar1" is not a device; bus ids look like 0.0.1000, in image 0',
    ],
    [ROW.replace('40414243', '4041424'), 'css.txt:1:54: CHPIDs are expected'],
    [ROW.replace('f0  f0  ff', 'f0  ff'), 'css.txt:1:50: PIM, PAM and POM are expected'],
    [ROW.replace('40414243', '40404243'), 'css.txt:1:54: CHPID 40 stands on two paths of PIM'],
    [ROW.replace('0.0.0000', '0.1.0000'), 'css.txt:1:10: the subchannel is in another set than its device'],
    ['1.0.1000 0.0.0000', 'css.txt:1:1: "1.0.1000" is not a device'],
    ['0.0.1000', 'css.txt:1:9: the subchannel is missing'],
    [`${ROW} perhaps`, 'css.txt:1:72: "perhaps" is no availability'],
    [`${ROW}\n${ROW.replace('f0  ff', '70  ff')}`, 'css.txt:2:1: 0.0.1000 has another PAM than at css.txt:1'],
  ])('%s', (text, problem) => {
    expect(css(text)[0]).toContain(problem);
  });

  test('all at once, at most ten of them', () => {
    expect(css(Array.from({ length: 25 }, () => 'what').join('\n'))).toHaveLength(11);
    expect(css('a\nb\nc').map((line) => line.split(':')[1])).toEqual(['1', '2', '3']);
  });

  test('of lschp and lsdasd as well', () => {
    const chp = mistakes({ lschp: [{ file: 'chp.txt', text: '0.40 1 7 1b' }] });
    expect(chp[0]).toContain('chp.txt:1:8: Cfg. is 0 to 3 or -');
    const dasd = mistakes({ lsdasd: [{ file: 'dasd.txt', text: '0.0.1000 awake dasda' }] });
    expect(dasd[0]).toContain('dasd.txt:1:10: is no row of lsdasd');
  });

  test('when tools contradict each other', () => {
    const lsdasd = [{ file: 'dasd.txt', text: '0.0.540c  offline' }];
    expect(mistakes({ lscss: [fixture('lpar.lscss.txt')], lsdasd })[0]).toContain(
      'dasd.txt:1:1: 0.0.540c has another status than at lpar.lscss.txt:6',
    );
  });

  test('when there is no volume at all', () => {
    expect(mistakes({ lscss: [fixture('hosted.lscss.txt')] })[0]).toContain(
      'has no volume that a scenario could have',
    );
  });
});
