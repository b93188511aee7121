import { describe, expect, test } from 'vitest';
import { errorsOf, resolve } from './load.ts';

const link = (chpid: number, controlUnit: number) => ({ chpid, controlUnit });

describe('faults of links', () => {
  const machine = `machine:
  controlUnits: { lcu0: { paths: 0.40-0.41 }, lcu1: { paths: 0.41-0.42 } }
  dasd: { 0.0.1000: { controlUnit: lcu0 } }
  directors: { sw1: { chpids: 0.41 } }
  cables: { trunk: { controlUnits: [lcu1] } }
`;

  test('go through what the machine says', () => {
    const { directors, cables } = resolve(machine).machine;
    expect(directors).toEqual([{ name: 'sw1', links: [link(0x41, 0), link(0x41, 1)] }]);
    expect(cables).toEqual([{ name: 'trunk', links: [link(0x41, 1), link(0x42, 1)] }]);
  });

  test.each([
    ['chpid: 0.41', [link(0x41, 0), link(0x41, 1)], ''],
    ['controlUnit: lcu1', [link(0x41, 1), link(0x42, 1)], ''],
    ['controlUnit: lcu0-lcu1, port: 1', [link(0x41, 0), link(0x42, 1)], 'control unit lcu0-lcu1 port 1'],
    ['director: sw1', [link(0x41, 0), link(0x41, 1)], 'director sw1'],
    ['director: sw1, controlUnit: lcu1', [link(0x41, 1)], 'director sw1 control unit lcu1'],
    ['cable: trunk, chpid: 0.42', [link(0x42, 1)], 'cable trunk chpid 0.42'],
  ])('{ %s } names links and the part that breaks', (what, links, part) => {
    const [fault] = resolve(`${machine}faults: [{ at: 1s, do: link-down, ${what} }]`).faults;
    expect(fault).toEqual({ kind: 'link', name: '', atNs: 1e9, on: false, links, part });
  });

  test('break down by their kind', () => {
    const partsOf = (kind: string): unknown => {
      const [fault] = resolve(
        `${machine}faults: [{ at: 0s, do: breakdown, of: ${kind}, mttf: 30d, mttr: 2h }]`,
      ).faults;
      return fault.kind === 'breakdown' && fault.parts.map(({ label }) => label);
    };
    expect(partsOf('chpids')).toEqual(['chpid 0.40', 'chpid 0.41', 'chpid 0.42', 'chpid 0.43']);
    expect(partsOf('links')).toEqual([
      'link 0.40 lcu0',
      'link 0.41 lcu0',
      'link 0.41 lcu1',
      'link 0.42 lcu1',
    ]);
    expect(partsOf('ports')).toEqual([
      'control unit lcu0 port 0',
      'control unit lcu0 port 1',
      'control unit lcu1 port 0',
      'control unit lcu1 port 1',
    ]);
    expect(partsOf('directors')).toEqual(['director sw1']);
    expect(partsOf('cables')).toEqual(['cable trunk']);
  });

  test.each([
    [
      'do: link-down',
      '1:10: faults[0]: does not say which links; name a chpid, controlUnit, director or cable',
    ],
    [
      'do: link-down, director: sw9',
      'faults[0].director: unknown director "sw9"; describe it in machine.directors',
    ],
    [
      'do: link-down, controlUnit: lcu7',
      'faults[0].controlUnit: unknown control unit "lcu7"; did you mean "lcu0"?',
    ],
    [
      'do: link-down, chpid: 0.40, port: 1',
      'faults[0].port: is the port of no control unit; name the controlUnit too',
    ],
    [
      'do: link-down, controlUnit: lcu0, port: 7',
      'faults[0]: there is no such link; no control unit has such a path that goes that way',
    ],
    ['do: slow, chpid: 0.40', 'faults[0]: does not say how slow; give a delay or a bandwidth'],
    [
      'do: flap, chpid: 0.40, down: 1s',
      'faults[0]: does not say for how long; give down and up, or a pattern',
    ],
    [
      'do: flap, chpid: 0.40, pattern: [1s, 2s, 3s]',
      'faults[0].pattern: ends with half a pair; give each loss its time and the time after it',
    ],
    [
      'do: flap, chpid: 0.40, down: 1s, up: 1s, pattern: [1s, 2s]',
      'faults[0].pattern: takes the place of down and up; keep one of them',
    ],
    ['do: flap, down: 1s, up: 1s', 'faults[0].chpid: is missing; name it, or write what: link'],
    [
      'do: flap, chpid: 0.40, controlUnit: lcu0, down: 1s, up: 1s',
      'faults[0].controlUnit: concerns links; write what: link',
    ],
    [
      'do: error-rate, chpid: 0.40, probability: 1%, rhythm: { on: 1s }',
      'faults[0].rhythm: does not say for how long; give on and off, or a pattern',
    ],
    [
      'do: breakdown, of: links, mttf: 1d, mttr: 1h, shape: 3',
      'faults[0].shape: has no meaning with exponential; write distribution: weibull',
    ],
    [
      'do: breakdown, of: links, mttf: 1d, mttr: 1h, distribution: weibull, shape: 0',
      'faults[0].shape: is out of range; take 0.1 to 20',
    ],
    [
      'do: breakdown, of: directors, mttf: 1d, mttr: 1h',
      'faults[0].of: there are no directors; describe them in machine.directors',
    ],
  ])('{ %s } is a mistake', (what, message) => {
    const errors = errorsOf(`faults: [{ at: 1s, ${what} }]`);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(message);
  });

  test('a director with a wrong end is a mistake where it stands', () => {
    expect(errorsOf('machine: { directors: { sw1: { chpids: [0.40, 0.50], controlUnits: lcu9 } } }')).toEqual(
      [
        's.yaml:1:47: machine.directors.sw1.chpids[1]: chpid 0.50 is not in the machine; machine.chpids has 0.40-0.43',
        's.yaml:1:68: machine.directors.sw1.controlUnits: unknown control unit "lcu9"; did you mean "lcu0"?',
      ],
    );
  });
});
