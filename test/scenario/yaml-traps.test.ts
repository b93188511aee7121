import { describe, expect, test } from 'vitest';
import { errorsOf, resolve } from './load.ts';

/** YAML has opinions about what looks like a number or a truth value. A scenario reads what was written. */
describe('the source text decides', () => {
  test('chpid 40 is hex 40, and 0.40 is not four tenths', () => {
    const paths = (text: string) =>
      resolve(`machine: { chpids: { 0.40: {}, 41: {} }, controlUnits: { a: { paths: ${text} } } }`).machine
        .controlUnits[0].paths;
    expect(paths('[40, 0.41]')).toEqual([0x40, 0x41]);
    expect(paths('40')).toEqual([0x40]);
    expect(paths('40-41')).toEqual([0x40, 0x41]);
    expect(paths('"0.40,0.41"')).toEqual([0x40, 0x41]);
  });

  test('device 4e10 is not 40 thousand million, 0010 is not ten', () => {
    const { machine } = resolve(
      'machine: { dasd: { 4e10: {}, 0010: {}, 1_0: {} } }'.replace(', 1_0: {}', ''),
    );
    expect(machine.dasd.map(({ first }) => first)).toEqual([0x0010, 0x4e10]);
  });

  test('kernel 5.10 is not kernel 5.1', () => {
    expect(resolve('systems: { a: { kernel: 5.10 } }').systems[0]).toMatchObject({ kernel: '5.10' });
    expect(errorsOf('systems: { a: { kernel: 5.1 } }')).toEqual([
      's.yaml:1:25: systems.a.kernel: "5.1" is unknown; did you mean "5.10"?',
    ]);
  });

  test('seeds are texts: 042, 4.20 and 0x2a stay as they are', () => {
    expect(resolve('seed: 042').seed).toBe('042');
    expect(resolve('seed: 4.20').seed).toBe('4.20');
    expect(resolve('seed: 0x2a').seed).toBe('0x2a');
    expect(resolve('seed: "042"').seed).toBe('042');
  });

  test('no, off and false are all false where a truth value is meant, and names elsewhere', () => {
    const { systems } = resolve('systems: { no: { dasdOptions: { autodisable: off } } }');
    expect(systems[0].name).toBe('no');
    expect(systems[0]).toMatchObject({ dasdOptions: { pathAutodisable: false } });
  });

  test('2107 is a control-unit type, quoted or not', () => {
    expect(resolve('machine: { controlUnits: { a: { type: 2107 } } }').machine.controlUnits[0].type).toBe(
      '2107',
    );
    expect(resolve('machine: { controlUnits: { a: { type: "2107" } } }').machine.controlUnits[0].type).toBe(
      '2107',
    );
  });

  test('dates, sexagesimals and underscores are just texts', () => {
    expect(resolve('seed: 2026-07-14').seed).toBe('2026-07-14');
    expect(errorsOf('duration: 1:30')).toEqual([
      's.yaml:1:11: duration: unknown unit ":30"; known units: ns, us, ms, s, min, h, d',
    ]);
    expect(errorsOf('machine: { crwQueueDepth: 1_000 }')).toEqual([
      's.yaml:1:27: machine.crwQueueDepth: "1_000" is not a whole number; write digits only, 1 or more',
    ]);
  });

  test('anchors and aliases repeat data', () => {
    const { workloads } = resolve('workload: { a: &one { ratePerVolume: 5/s }, b: *one }');
    expect(workloads).toMatchObject([
      { arrivals: { kind: 'poisson', perSecond: 5 } },
      { arrivals: { kind: 'poisson', perSecond: 5 } },
    ]);
  });

  test('a byte-order mark, carriage returns and comments do not matter', () => {
    expect(resolve('# a comment\r\nseed: 7 # and another\r\n').seed).toBe('7');
  });

  test('__proto__ is an unknown key like any other', () => {
    expect(errorsOf('__proto__: { seed: 3 }\nseed: 4')[0]).toMatch(
      /^s\.yaml:1:1: __proto__: unknown key; known: name,/,
    );
  });
});
