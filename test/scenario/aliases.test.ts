import { describe, expect, test } from 'vitest';
import { errorsOf, resolve } from './load.ts';

const machine = (aliases: string, unit = '{}'): string => `machine:
  controlUnits: { lcu0: ${unit}, lcu1: {} }
  dasd:
    "0.0.1000-0.0.1003": { controlUnit: lcu0 }
    "0.0.2000-0.0.2003": { controlUnit: lcu1, unitAddress: 16 }
    ${aliases}
workload: { oltp: {} }
`;

describe('aliases', () => {
  test('know the unit address of their base, and are nobody’s volumes', () => {
    const { machine: hardware, workloads } = resolve(
      machine('"0.0.1ff0-0.0.1ff1": { aliasOf: 0.0.2002, controlUnit: lcu1 }'),
    );
    const aliases = hardware.dasd.filter(({ aliasOf }) => aliasOf !== undefined);
    expect(aliases).toMatchObject([{ first: 0x1ff0, last: 0x1ff1, aliasOf: 18, firstUnitAddress: 20 }]);
    expect(workloads[0].volumes.map(({ first, last }) => [first, last])).toEqual([
      [0x1000, 0x1003],
      [0x2000, 0x2003],
    ]);
  });

  test.each([
    [
      '0.0.1ff0: { aliasOf: 0.0.2002, controlUnit: lcu0 }',
      'device 0.0.2002 is no volume of the same control unit',
    ],
    [
      '0.0.1ff0: { aliasOf: 0.0.1fff, controlUnit: lcu0 }',
      'device 0.0.1fff is no volume of the same control unit',
    ],
    ['0.0.1ff0: { aliasOf: lcu0, controlUnit: lcu0 }', 'device "lcu0" is not a bus id'],
  ])('%s', (aliases, problem) => {
    expect(errorsOf(machine(aliases)).join()).toContain(problem);
  });

  test('need a control unit that knows them', () => {
    const text = machine('0.0.1ff0: { aliasOf: any, controlUnit: lcu0 }', '{ type: 3990-6 }');
    expect(errorsOf(text).join()).toContain('control unit lcu0 knows no aliases');
  });

  test('cannot be asked for by applications', () => {
    const text = machine('0.0.1ff0: { aliasOf: any, controlUnit: lcu0 }').replace(
      'oltp: {}',
      'oltp: { volumes: 0.0.1ff0 }',
    );
    expect(errorsOf(text)).toHaveLength(1);
  });
});
