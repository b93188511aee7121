import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadScenarioText, type Run, runScenario } from '../../src/index.ts';
import { counts, simulated } from './scenario.ts';

/*
 * The ways of a block store to an ISM function (document 4, experiment E19). What each layer makes of it is worked out here
 * again, byte by byte: nothing below calls the code under test.
 */
interface Move {
  readonly bytes: number;
  readonly offset: number;
  readonly operand: number;
}

/** Where each block store of the driver begins, and its length. */
function blocksOf({ bytes, offset }: Move): [number, number][] {
  const blocks: [number, number][] = [];
  for (let at = offset; at < offset + bytes; at++) {
    if (at === offset || at % 4096 === 0) blocks.push([at, 0]);
    blocks[blocks.length - 1][1]++;
  }
  return blocks;
}

/** QEMU's writes: doublewords counted from the beginning of a block. */
const writesOf = (move: Move): [number, number][] =>
  blocksOf(move).flatMap(([at, bytes]) => {
    const writes: [number, number][] = [];
    for (let done = 0; done < bytes; done++) {
      if (done % 8 === 0) writes.push([at + done, 0]);
      writes[writes.length - 1][1]++;
    }
    return writes;
  });

/** Naturally aligned pieces of one write: a piece ends where the next byte could begin a wider or equal one. */
function pieces([at, bytes]: readonly [number, number], widest: number): number {
  if (bytes === 0) return 0;
  const fits = [8, 4, 2, 1].find((size) => size <= widest && size <= bytes && at % size === 0)!;
  return 1 + pieces([at + fits, bytes - fits], widest);
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const stores = (parts: readonly [number, number][], widest: number): number =>
  total(parts.map((part) => pieces(part, widest)));

interface Layers {
  readonly exits: number;
  readonly writes: number;
  readonly stores: number;
  readonly taken: number;
  readonly verdict: string;
}

/** What the moves of a run must come to, by the way and the host's kernel. */
const EXPECTED: Readonly<Record<string, (moves: readonly Move[]) => Layers>> = {
  native: (moves) => direct(moves, 0, 0),
  'interpreted 6.16': (moves) => direct(moves, 0, 0),
  'split 5.10': (moves) => lost(moves, writes(moves), stores(writes(moves), 4)),
  'split 6.16': (moves) => lost(moves, writes(moves), stores(writes(moves), 8)),
  'bar-rw 5.10': (moves) => lost(moves, blocks(moves), stores(blocks(moves), 4)),
  'bar-rw 6.16': (moves) => lost(moves, blocks(moves), stores(blocks(moves), 8)),
  'region 5.10': (moves) => direct(moves, blocks(moves).length, blocks(moves).length),
  'variant-driver 2026-07': (moves) => direct(moves, blocks(moves).length, blocks(moves).length),
};
const blocks = (moves: readonly Move[]): [number, number][] => moves.flatMap(blocksOf);
const writes = (moves: readonly Move[]): [number, number][] => moves.flatMap(writesOf);
const direct = (moves: readonly Move[], exits: number, written: number): Layers => {
  const made = blocks(moves).length;
  return { exits, writes: written, stores: made, taken: made, verdict: 'works' };
};
const lost = (moves: readonly Move[], written: readonly unknown[], made: number): Layers => ({
  exits: blocks(moves).length,
  writes: written.length,
  stores: made,
  taken: 0,
  verdict: 'mio_reject',
});

function scenarioOf(way: string, moves: readonly Move[]): string {
  const [path, kernel] = way.split(' ');
  const list = moves.map(
    ({ bytes, offset, operand }) =>
      `{ bytes: ${bytes}, offset: ${offset}, operand: ${operand}, from: 2s, force: on }`,
  );
  const pci = `moves: [${list.join(', ')}]`;
  const systems =
    path === 'native'
      ? `lpar: { pci: { ${pci} } }`
      : `host: { kind: kvm-host, kernel: "${kernel}", pci: {} }
  guest1: { kind: guest, on: host, pci: { path: ${path}, ${pci} } }`;
  return `duration: 3s
machine: { chpids: { "0.40": {} }, dasd: { "0.0.1000": {} }, pci: { functions: { ism0: {} } } }
systems:
  ${systems}
`;
}

const layersOf = (run: Run): Layers => {
  const { exits, writes: written, stores: made, taken, verdict } = run.summary.pci![0];
  return { exits, writes: written, stores: made, taken, verdict };
};

describe('moves of any length, place and alignment', () => {
  const move = fc.record({
    bytes: fc.integer({ min: 1, max: 20_000 }),
    offset: fc.nat(9_000),
    operand: fc.nat(4_095),
  });

  test.each(Object.entries(EXPECTED))(
    '%s: each layer makes of them what its rule says',
    async (way, expected) => {
      await fc.assert(
        fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 4 }), async (moves) => {
          const run = await simulated(scenarioOf(way, moves));
          expect(layersOf(run)).toEqual(expected(moves));
        }),
        { numRuns: 5 },
      );
    },
  );
});

describe('a page of 4096 bytes (strategies E19)', () => {
  const PAGE: Move = { bytes: 4096, offset: 0, operand: 0 };

  test('is 1 store natively, 512 writes and 1024 stores where it is split twice, and 1 otherwise', async () => {
    const ways = ['native', 'split 5.10', 'bar-rw 5.10', 'region 5.10', 'interpreted 6.16'];
    const layers = await Promise.all(
      ways.map(async (way) => layersOf(await simulated(scenarioOf(way, [PAGE])))),
    );
    expect(layers.map(({ writes: written, stores: made }) => [written, made])).toEqual([
      [0, 1],
      [512, 1024],
      [1, 1024],
      [1, 1],
      [0, 1],
    ]);
  });
});

describe('scenarios/e19-ism.yaml', () => {
  test('each way has its verdict', async () => {
    const text = readFileSync(new URL('../../scenarios/e19-ism.yaml', import.meta.url), 'utf8');
    const loaded = loadScenarioText('e19-ism.yaml', text);
    if (!loaded.ok) throw new Error(loaded.errors[0].message);
    const verdicts: Record<string, string> = {};
    for (const scenario of loaded.scenario.runs) {
      const run = await runScenario(scenario);
      verdicts[scenario.variant] = run.summary.pci![0].verdict;
    }
    expect(verdicts).toEqual({
      interpreted: 'works',
      native: 'works',
      'refused-7.2': 'refused(msix)',
      'refused-10.2': 'refused(interpretation)',
      unchecked: 'specification',
      'split-5.10': 'mio_reject',
      'split-6.16': 'mio_reject',
      'split-nomio': 'split',
      'bar-rw': 'mio_reject',
      region: 'works',
      'variant-driver': 'works',
      'variant-driver-split': 'order',
    });
  });
});

describe('an expected verdict', () => {
  const two = (expected: string): string => `duration: 3s
machine: { chpids: { "0.40": {} }, dasd: { "0.0.1000": {} }, pci: { functions: { ism0: {}, ism1: {}, disk: { type: nvme } } } }
systems: { lpar: { pci: { moves: [{ function: ism1 }] } } }
expect: [${expected}]
`;

  test.each([
    ['{ verdict: works, where: { function: ism1 } }', ''],
    ['{ verdict: idle, where: { function: ism0, system: lpar } }', ''],
    ['{ verdict: works }', 'lpar ism0: idle, lpar ism1: works'],
    ['{ verdict: split, where: { function: ism1 } }', 'lpar ism1: works'],
    ['{ verdict: idle, where: { function: disk } }', 'there is no such ISM function'],
  ])('%s: %s', async (expected, reason) => {
    const [verdict] = (await simulated(two(expected))).summary.expectations;
    expect([verdict.fails, verdict.reason]).toEqual([reason !== '', reason]);
  });
});

describe('a function that a guest cannot have', () => {
  const refusal = async (pci: string, guest: string): Promise<string> => {
    const text = `duration: 3s
machine: { chpids: { "0.40": {} }, dasd: { "0.0.1000": {} }, pci: { functions: { f0: ${pci} } } }
systems: { host: { kind: kvm-host, kernel: "2026-07", pci: {} }, guest1: { kind: guest, on: host, pci: ${guest} } }
`;
    const fields: number[] = [];
    await simulated(text, [], {
      onEvent: (row) => row.event === 'vmm.pci-realized' && fields.push(row.fields['refusal']),
    });
    return fields.join();
  };

  test.each([
    ['{ type: ism }', '{}', '0'],
    ['{ type: ism, state: standby }', '{}', '4'],
    ['{ type: ism, state: reserved }', '{ path: region }', '4'],
    ['{ type: ism }', '{ path: variant-driver }', '0'],
    ['{ type: nvme }', '{ path: variant-driver }', '3'],
    ['{ type: nvme }', '{ path: intercepted }', '0'],
  ])('%s by %s: %s', async (pci, guest, expected) => {
    expect(await refusal(pci, guest)).toBe(expected);
  });
});

describe('events of PCI functions', () => {
  const machine = (functions: string, systems: string, story: string): string => `duration: 10s
machine: { chpids: { "0.40": {} }, dasd: { "0.0.1000": {} }, pci: { functions: { ${functions} } } }
systems: { ${systems} }
${story}
`;
  const ERROR = 'faults: [{ at: 3s, name: error, do: pci-error, function: f0 }]';

  test.each([
    ['nvme', '6.16', 3, 0, 2],
    ['plain', '6.16', 1, 2, 2],
    ['ism', '6.16', 1, 0, 4],
    ['nvme', '5.10', 1, 0, 7],
  ])('%s with kernel %s: %i CLP, %i MPCIFC, outcome %i', async (type, kernel, clp, mpcifc, outcome) => {
    const outcomes: number[] = [];
    const run = await simulated(
      machine(`f0: { type: ${type} }`, `lpar: { kernel: "${kernel}", pci: {} }`, ERROR),
      [],
      { onEvent: ({ event, fields }) => event === 'pci.error' && outcomes.push(fields['outcome']) },
    );
    expect(counts(run, 'error', ['host.clp', 'host.mpcifc', 'host.pci_error', 'host.machine_check'])).toEqual(
      {
        'host.clp': clp,
        'host.mpcifc': mpcifc,
        'host.pci_error': 1,
        'host.machine_check': 1,
      },
    );
    expect(outcomes).toEqual([outcome]);
  });

  test.each(['standby', 'reserved'])('a function on %s has no errors', async (state) => {
    const run = await simulated(machine(`f0: { type: nvme, state: ${state} }`, 'lpar: { pci: {} }', ERROR));
    expect(counts(run, 'error', ['machine.crw', 'machine.pci_event'])).toEqual({
      'machine.crw': 0,
      'machine.pci_event': 0,
    });
  });

  test('what is malformed for one function is no verdict on another', async () => {
    const run = await simulated(`duration: 3s
machine: { chpids: { "0.40": {} }, dasd: { "0.0.1000": {} }, pci: { functions: { f0: {}, f1: {} } } }
systems:
  host: { kind: kvm-host, pci: {} }
  guest1: { kind: guest, on: host, pci: { functions: f0, path: unchecked } }
actions: [{ at: 2999999us, system: guest1, do: pci-plug, function: f1 }]
`);
    expect(run.summary.pci!.map(({ function: name, verdict }) => [name, verdict])).toEqual([
      ['f0', 'specification'],
      ['f1', 'idle'],
    ]);
  });

  test('many functions at one time are one machine check, and an event for each', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `f${at}`);
    const functions = names.map((name) => `${name}: { type: nvme, state: standby }`).join(', ');
    const run = await simulated(
      machine(
        functions,
        'lpar: { pci: {} }',
        `faults: [{ at: 3s, name: all, do: pci-configure, function: [${names.join(', ')}], state: configured }]`,
      ),
    );
    expect(counts(run, 'all', ['machine.crw', 'host.machine_check', 'host.chsc', 'host.pci_bound'])).toEqual({
      'machine.crw': 1,
      'host.machine_check': 1,
      'host.chsc': 20,
      'host.pci_bound': 20,
    });
  });

  test('moves of ISM fail while it is in error, and go on in a new buffer when an operator has recovered it', async () => {
    const run = await simulated(
      machine(
        'f0: { type: ism }',
        'lpar: { pci: { moves: [{ from: 1s, every: 100ms, count: 80 }] } }',
        `${ERROR}\nactions: [{ at: 5s, name: operator, do: pci-recover, function: f0 }]`,
      ),
    );
    const { moves, failed, taken } = run.summary.pci![0];
    // From 3 s to 5 s, every 100 ms, both ends included: nothing works yet when the operator begins.
    expect([moves, failed, taken]).toEqual([80, 21, 59]);
  });
});
