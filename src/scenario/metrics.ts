import { EVENT_NAMES, EVENT_TABLE, type EventDefinition } from '../observe/event-table.ts';
import { COMMAND_NAMES } from '../zarch/commands.ts';

/**
 * Everything a run measures, by the name under which results print it and thresholds ask for it. A name without labels
 * is the sum, or the distribution over everything; labels narrow it down.
 */
export type MetricKind = 'count' | 'time' | 'ratio' | 'number' | 'rate' | 'bandwidth';

export interface Metric {
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: string;
  /** Labels that may stand in `where`. */
  readonly labels: readonly string[];
  readonly doc: string;
}

const UNITS: Readonly<Record<MetricKind, string>> = {
  count: '',
  time: 'ns',
  ratio: '',
  number: '',
  rate: '1/s',
  bandwidth: 'B/s',
};

const metric = (name: string, kind: MetricKind, labels: readonly string[], doc: string): Metric => ({
  name,
  kind,
  unit: UNITS[kind],
  labels,
  doc,
});

/** Layers whose systems execute instructions. */
const SYSTEM_LAYERS = ['host', 'guest'];

/** Distributions of times: `<name>.mean`, `.p50`, …, `.max`. */
const STATISTICS = ['mean', 'p50', 'p95', 'p99', 'p999', 'max'] as const;
export type Statistic = (typeof STATISTICS)[number];

const REQUEST_LABELS = ['system', 'workload'];
const PATH_LABELS = ['system', 'chpid'];

/** Times of which every statistic is a metric. */
export const TIMES: Readonly<Record<string, { readonly labels: readonly string[]; readonly doc: string }>> = {
  'io.response': { labels: REQUEST_LABELS, doc: 'Arrival of a request to its answer.' },
  'io.iosq': { labels: REQUEST_LABELS, doc: 'Waiting in the driver: arrival to the first accepted start.' },
  'io.pend': { labels: REQUEST_LABELS, doc: 'Function pending: start accepted to first command accepted.' },
  'io.cmr': { labels: REQUEST_LABELS, doc: 'Initial command response, a part of pend.' },
  'io.channel_busy': { labels: REQUEST_LABELS, doc: 'Waiting for a busy channel path, a part of pend.' },
  'io.cu_busy': { labels: REQUEST_LABELS, doc: 'Waiting for a busy control unit, a part of pend.' },
  'io.device_busy': { labels: REQUEST_LABELS, doc: 'Waiting for a busy device, a part of pend.' },
  'io.disc': { labels: REQUEST_LABELS, doc: 'The device works without the channel.' },
  'io.conn': { labels: REQUEST_LABELS, doc: 'Connected to the channel.' },
  'io.interrupt_delay': { labels: REQUEST_LABELS, doc: 'Status pending to its interruption handled.' },
  'path.detect': { labels: PATH_LABELS, doc: 'A path changes to the first sign of it in a system.' },
  'path.knowledge': { labels: PATH_LABELS, doc: "A path changes until the system's masks equal the truth." },
  'path.restore': { labels: PATH_LABELS, doc: 'A path returns until the system uses it again.' },
  'path.failover': { labels: PATH_LABELS, doc: 'A path goes until its requests are started on another.' },
  'path.disable': {
    labels: PATH_LABELS,
    doc: 'First of the errors on a path until it is given up for them.',
  },
  'pci.move': {
    labels: ['system'],
    doc: 'A move of data into a shared buffer: its request to the end of its last store.',
  },
  'path.verify': { labels: ['system'], doc: "Verification of one device's paths." },
};

/** Labels of the counts of a layer. The machine is one, and requests are told apart by the metrics of their times. */
const LABELS: Readonly<Record<EventDefinition['layer'], readonly string[]>> = {
  machine: [],
  system: ['system', 'cc'],
  kernel: ['system'],
  vmm: ['system'],
  io: [],
};

/** Counts of which others are parts: the sum of all whose names begin with this one and a point. */
const SUMS: Readonly<Record<string, string>> = {
  'kernel.eventfd': 'User space is told of something by the kernel, whatever it is.',
  'kernel.io_overwritten':
    'A request was written into the I/O region over status that user space had not read.',
};

/** The count that a count is a part of. */
export function wholeOf(name: string): string | null {
  const whole = name.slice(0, name.lastIndexOf('.'));
  return Object.hasOwn(SUMS, whole) ? whole : null;
}

function eventCounts(): Metric[] {
  const counts = new Map<string, Metric>();
  for (const event of EVENT_NAMES) {
    const { layer, count, doc } = EVENT_TABLE[event];
    if (count === '') continue;
    const layers = layer === 'system' ? SYSTEM_LAYERS : [layer];
    const labels = LABELS[layer];
    for (const prefix of layers) {
      const name = `${prefix}.${count}`;
      // Several events may be counted under one name.
      const others = counts.get(name)?.doc;
      counts.set(name, metric(name, 'count', labels, others === undefined ? doc : `${others} ${doc}`));
    }
  }
  return [...counts.values()];
}

function commandCounts(): Metric[] {
  const names = COMMAND_NAMES.filter((name) => !name.startsWith('command_'));
  return SYSTEM_LAYERS.flatMap((layer) =>
    names.map((name) =>
      metric(
        `${layer}.${name}`,
        'count',
        ['system'],
        `Channel command ${name} in programs that were started.`,
      ),
    ),
  );
}

const timeMetrics = Object.entries(TIMES).flatMap(([name, { labels, doc }]) =>
  STATISTICS.map((statistic) =>
    metric(`${name}.${statistic}`, 'time', labels, `${doc.slice(0, -1)}: ${statistic}.`),
  ),
);

export const METRICS: readonly Metric[] = [
  ...eventCounts(),
  ...Object.entries(SUMS).map(([name, doc]) => metric(name, 'count', ['system'], doc)),
  ...commandCounts(),
  metric('io.lost', 'count', [], 'Requests that were accepted and neither answered nor still under way.'),
  metric('io.stale_reads', 'count', [], 'Reads that returned older data than the last completed write.'),
  metric(
    'path.stranded',
    'count',
    [],
    'Devices that were given up for want of a path, and are not in use at the end although one leads to them again.',
  ),
  metric('io.rate', 'rate', REQUEST_LABELS, 'Requests answered per second.'),
  ...timeMetrics,
  metric('path.stale', 'time', ['system'], 'Sum over devices of the time during which masks were wrong.'),
  metric(
    'path.capacity_lost',
    'time',
    PATH_LABELS,
    'Sum over channel paths of the time during which they were not used, because they were broken or were given up; the part of its devices that did without it counts.',
  ),
  metric(
    'path.blocks_at_risk',
    'number',
    PATH_LABELS,
    'Blocks of 4 KiB of writes that were in progress on a channel path when it went, and had to be started again.',
  ),
  metric('path.disable_errors', 'number', PATH_LABELS, 'Errors on a path by the time it is given up; mean.'),
  metric(
    'path.suppressed',
    'time',
    PATH_LABELS,
    'Sum over channel paths of the time during which they were kept out of use because they went too often.',
  ),
  metric('path.suppressed_good', 'time', PATH_LABELS, 'The part of it in which they were there.'),
  metric(
    'path.false_suppressions',
    'number',
    PATH_LABELS,
    'How often a channel path was kept out of use that came back and did not go again meanwhile.',
  ),
  metric(
    'path.verify_peak',
    'number',
    ['system'],
    'Most devices of a system that verified paths at one time.',
  ),
  metric(
    'path.utilisation',
    'ratio',
    ['chpid'],
    "Share of time that a channel path's processor or wire was busy, whichever was busier (with one exchange at a time: that it was open); mean over channel paths.",
  ),
  metric('path.imbalance', 'number', [], 'Operations of the busiest channel path over the mean of all.'),
];

const BY_NAME = new Map(METRICS.map((entry) => [entry.name, entry]));

export const findMetric = (name: string): Metric | undefined => BY_NAME.get(name);
export const METRIC_NAMES: readonly string[] = METRICS.map(({ name }) => name);
export const COUNT_NAMES: readonly string[] = METRICS.filter(({ kind }) => kind === 'count').map(
  ({ name }) => name,
);
