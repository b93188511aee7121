import { describe, expect, test } from 'vitest';
import { lscssText } from '../../src/cli/show-text.ts';
import { errorsOf, resolve } from './load.ts';
import { stateAt } from './state-at.ts';

/** How a machine can begin other than with everything in its place. */
const MACHINE = `machine:
  chpids: { "0.40-0.42": {}, 0.43: { configured: false } }
  controlUnits:
    lcu0: { paths: [0.40, 0.41, 0.43], pim: b0 }
    lcu1: { type: 3990-6, modelByte: c2, paths: [0.41, 0.42], nonPreferred: 0.41 }
  dasd:
    "0.0.1000-0.0.1001": { controlUnit: lcu0, subchannel: 0.0.0010, cylinders: 1000 }
    0.0.2000: { controlUnit: lcu1, modelByte: 0e, pam: 80, pom: bf }
    0.1.3000: { controlUnit: lcu0, subchannel: 0.1.0002 }
`;

const rowsAt = async (text: string, atNs: number): Promise<string[]> =>
  lscssText(await stateAt(resolve(text), atNs), false)
    .split('\n')
    .slice(2, -1);

describe('a machine of which not everything is there', () => {
  test('shows it: numbers, models, gaps between paths, paths that are not available', async () => {
    expect(await rowsAt(MACHINE, 1e9)).toEqual([
      '0.0.2000 0.0.0000  3390/0e 3990/c2 yes  c0  80  bf   41420000 00000000',
      '0.0.1000 0.0.0010  3390/0c 2107/e8 yes  b0  a0  ff   40004143 00000000',
      '0.0.1001 0.0.0011  3390/0c 2107/e8 yes  b0  a0  ff   40004143 00000000',
      '0.1.3000 0.1.0002  3390/0c 2107/e8 yes  b0  a0  ff   40004143 00000000',
    ]);
  });

  test('gets a path that stood by, and the one of a single device, when they are configured', async () => {
    const faults = `faults:
  - { at: 1s, do: configure-on, chpid: 0.43 }
  - { at: 1s, do: configure-off, chpid: 0.42 }
  - { at: 2s, do: configure-on, chpid: 0.42 }
`;
    const rows = await rowsAt(MACHINE + faults, 3e9);
    expect(rows.map((row) => row.split(/ +/).slice(5, 8))).toEqual([
      ['c0', 'c0', 'ff'],
      ['b0', 'b0', 'ff'],
      ['b0', 'b0', 'ff'],
      ['b0', 'b0', 'ff'],
    ]);
  });

  test('has subchannels without a device in between, at which Linux looks', async () => {
    const { machine } = resolve(MACHINE);
    expect(machine.dasd.map(({ firstSubchannel }) => firstSubchannel)).toEqual([0x10, undefined, 2]);
    expect((await stateAt(resolve(MACHINE), 1e9)).subchannels).toHaveLength(4);
  });

  test('has volumes of the size that was said', async () => {
    const { dasd } = await stateAt(resolve(MACHINE), 1e9);
    expect(dasd.find(({ device }) => device === '0.0.1000')?.blocks).toBe(1000 * 15 * 12);
  });
});

test.each([
  ['0.0.1000: { subchannel: 10.2 }', 'subchannel "10.2" is not a bus id'],
  ['0.0.1000: { subchannel: 0.1.0000 }', 'is in another set than its device'],
  ['"0.0.1000-0.0.1003": { subchannel: 0.0.fffe }', 'leaves no room for 4 devices'],
  [
    '{ 0.0.1000: { subchannel: 0.0.0001 }, 0.0.2000: { subchannel: 0.0.0001 } }',
    'subchannel 0.0.0001 is given twice',
  ],
  ['0.0.1000: { pam: f8 }', 'has paths that control unit lcu0 does not have'],
  ['0.0.1000: { pom: 1f0 }', '"1f0" is not two hex digits'],
])('machine.dasd with %s is refused', (dasd, problem) => {
  const mapping = dasd.startsWith('{') ? dasd : `{ ${dasd} }`;
  expect(errorsOf(`machine: { dasd: ${mapping} }`).join('\n')).toContain(problem);
});

test('a path-installed mask has a bit for each path', () => {
  expect(errorsOf('machine: { controlUnits: { lcu0: { pim: e0 } } }')).toEqual([
    's.yaml:1:41: machine.controlUnits.lcu0.pim: has 3 paths, but the control unit has 4; one bit for each of its paths',
  ]);
});

test('a volume that is too small for its workload is refused', () => {
  const text = 'machine: { dasd: { 0.0.1000: { cylinders: 1 } } }\nworkload: { w: { block: 760KiB } }\n';
  expect(errorsOf(text).join()).toContain('device 0.0.1000 has no room for a request of 760KiB');
});
