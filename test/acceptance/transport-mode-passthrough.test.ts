import { describe, expect, test } from 'vitest';
import { count, simulated } from './scenario.ts';

/* Transport mode in a guest of a KVM host: as QEMU and vfio-ccw are, and with both as `transport: pass` has them. */

interface Machine {
  readonly transport: string;
  readonly chpids?: string;
  readonly zhpf?: boolean;
  readonly kernel?: string;
  readonly reads?: number;
  readonly block?: string;
  readonly faults?: string;
}

const guest = ({
  transport,
  chpids = '"0.40-0.41": { type: ficon-express16s+ }',
  zhpf = true,
  kernel = '6.16',
  reads = 1,
  block = '4KiB',
  faults = '[]',
}: Machine): string => `duration: 5s
machine:
  chpids: { ${chpids} }
  controlUnits: { lcu0: { zhpf: ${zhpf} } }
  dasd: { "0.0.1000-0.0.1003": {} }
systems:
  host: { kind: kvm-host, kernel: "${kernel}" }
  guest1: { kind: guest, on: host, kernel: "${kernel}", passthrough: "0.0.1000-0.0.1003" }
strategies: { transport: ${transport} }
faults: ${faults}
workload: { all: { on: guest1, from: 2s, ratePerVolume: 50/s, reads: ${reads}, block: ${block}, addresses: uniform } }
`;

async function run(machine: Machine) {
  const outcome = await simulated(guest(machine));
  expect(['io.failed', 'io.lost', 'io.stale_reads'].map((name) => count(outcome, name))).toEqual([0, 0, 0]);
  expect(count(outcome, 'io.completed')).toBeGreaterThan(0);
  return outcome;
}

describe('Linux in a guest', () => {
  test.each(['qemu', 'kernel'])(
    'with policy %s never tries, so that nobody has anything to refuse',
    async (transport) => {
      const outcome = await run({ transport });
      expect(count(outcome, 'guest.prefix_read')).toBe(0);
      expect(count(outcome, 'guest.read_track_data') + count(outcome, 'guest.read_mt')).toBeGreaterThan(0);
      expect(count(outcome, 'kernel.refused')).toBe(0);
    },
  );

  test('that is shown the facility uses it, as one in a partition does', async () => {
    const outcome = await run({ transport: 'pass' });
    expect(count(outcome, 'guest.prefix_read')).toBe(count(outcome, 'io.completed'));
    expect(count(outcome, 'kernel.refused')).toBe(0);
  });

  test.each([
    ['its control unit knows no such mode', { zhpf: false }],
    [
      'one of its paths does not',
      { chpids: '0.40: { type: ficon-express16s+ }, 0.41: { type: ficon-express2 }' },
    ],
    ['a path has the number of the virtual one', { chpids: '0.00: { type: ficon-express16s+ }, 0.41: {}' }],
  ])('does not where %s', async (_when, machine) => {
    expect(count(await run({ transport: 'pass', ...machine }), 'guest.prefix_read')).toBe(0);
  });

  test.each(['4.17', '5.10', '6.1', '2026-07'])(
    'and of its host of kernel %s has it all the same',
    async (kernel) => {
      const outcome = await run({ transport: 'pass', kernel, reads: 0.5, block: '64KiB' });
      expect(count(outcome, 'guest.prefix_read')).toBeGreaterThan(0);
      expect(count(outcome, 'guest.prefix')).toBeGreaterThan(0);
    },
  );

  test('has its programs repeated when a path goes', async () => {
    const faults = '[{ at: 3s, chpid: 0.40, do: configure-off }, { at: 4s, chpid: 0.40, do: configure-on }]';
    const outcome = await run({ transport: 'pass', faults, reads: 0.5 });
    expect(count(outcome, 'guest.prefix_read')).toBeGreaterThan(0);
  });
});

test('channels are busy for the same time in a guest and in a partition', async () => {
  const native = guest({ transport: 'pass' }).replace(
    /systems:[\s\S]*?strategies:.*\n/,
    'systems: { guest1: { kind: partition, dasd: "0.0.1000-0.0.1003" } }\n',
  );
  const busy = async (text: string) => (await simulated(text)).metric('path.utilisation', {}, '').value;
  const inGuest = await busy(guest({ transport: 'pass' }));
  expect(inGuest / (await busy(native))).toBeCloseTo(1, 1);
  expect((await busy(guest({ transport: 'qemu' }))) / inGuest).toBeGreaterThan(5);
});
