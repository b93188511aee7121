import { type ComparedRun, failures } from './compared-run.ts';
import type { Cell, ComparisonColumn } from './comparison-column.ts';
import { PCI_COLUMNS } from './pci-columns.ts';
import type { SpanSummary } from './summary.ts';

const count = ({ counts }: SpanSummary, name: string): number => counts[name] ?? 0;
/** Counts of whoever does the I/O. */
const counted = (span: SpanSummary, { hasGuest }: ComparedRun, name: string): number =>
  count(span, `${hasGuest ? 'guest' : 'host'}.${name}`);
/** Counts that only runs with a guest have. */
const forGuest = (span: SpanSummary, { hasGuest }: ComparedRun, name: string): Cell =>
  hasGuest ? count(span, name) : null;

/** The verdict where devices went (strategies reference 1, document 0). */
const deviceKept = (detached: number, unplugged: number): Cell => {
  if (detached === 0) return null;
  return unplugged > 0 ? 'no' : 'yes';
};

type Statistic = 'mean' | 'p99' | 'max';
const time = ({ times }: SpanSummary, name: string, statistic: Statistic): Cell =>
  times[name]?.[statistic] ?? null;

const figure = ({ paths }: SpanSummary, name: string): number => paths[name] ?? 0;

/**
 * What runs of one scenario are compared by, in the order of the table: who is told of a path, what that costs, when
 * masks are right again, what becomes of requests, how paths are loaded. Of the times of paths the table has the
 * longest: a change is known when the last device knows it. What never happens has no time, but makes masks stale.
 */
export const COMPARISON_COLUMNS: readonly ComparisonColumn[] = [
  {
    name: 'notifications',
    title: ['told', 'QEMU'],
    kind: 'count',
    place: 'phases',
    group: 'told',
    doc: "Notifications of channel-path events from the host's kernel to QEMU: `kernel.eventfd.path`.",
    cell: (span, run) => forGuest(span, run, 'kernel.eventfd.path'),
  },
  {
    name: 'io_notifications',
    title: ['QEMU', 'I/O'],
    kind: 'count',
    place: 'phases',
    group: 'told',
    doc: "Notifications of I/O interruptions from the host's kernel to QEMU: `kernel.eventfd.io`. An idle guest has them of what it does about the path, and of what the host has stopped.",
    cell: (span, run) => forGuest(span, run, 'kernel.eventfd.io'),
  },
  {
    name: 'reports',
    title: ['', 'CRWs'],
    kind: 'count',
    place: 'phases',
    group: 'told',
    doc: 'Channel reports to the system that does the I/O: `vmm.crw` for a guest, `machine.crw` for a partition.',
    cell: (span, { hasGuest }) => count(span, hasGuest ? 'vmm.crw' : 'machine.crw'),
  },
  {
    name: 'machine_checks',
    title: ['', 'mchks'],
    kind: 'count',
    place: 'phases',
    group: 'told',
    doc: 'Machine checks in that system.',
    cell: (span, run) => counted(span, run, 'machine_check'),
  },
  {
    name: 'host.stsch',
    title: ['STSCH', 'host'],
    kind: 'count',
    place: 'phases',
    group: 'cost',
    doc: 'STORE SUBCHANNEL in hosts and partitions.',
    cell: (span) => count(span, 'host.stsch'),
  },
  {
    name: 'host.xsch',
    title: ['XSCH', 'host'],
    kind: 'count',
    place: 'phases',
    group: 'cost',
    doc: 'CANCEL SUBCHANNEL in hosts and partitions: the first step to stop what may be running on a path that goes.',
    cell: (span) => count(span, 'host.xsch'),
  },
  {
    name: 'host.hsch',
    title: ['HSCH', 'host'],
    kind: 'count',
    place: 'phases',
    group: 'cost',
    doc: 'HALT SUBCHANNEL in hosts and partitions: the next step, where nothing could be cancelled.',
    cell: (span) => count(span, 'host.hsch'),
  },
  {
    name: 'guest.stsch',
    title: ['STSCH', 'guest'],
    kind: 'count',
    place: 'phases',
    group: 'cost',
    doc: 'STORE SUBCHANNEL in guests.',
    cell: (span, run) => forGuest(span, run, 'guest.stsch'),
  },
  {
    name: 'exits',
    title: ['guest', 'exits'],
    kind: 'count',
    place: 'phases',
    group: 'cost',
    doc: 'How often a CPU left its guest for QEMU to handle an I/O instruction: `guest.exit`.',
    cell: (span, run) => forGuest(span, run, 'guest.exit'),
  },
  {
    name: 'verify',
    title: ['paths', 'verified'],
    kind: 'count',
    place: 'phases',
    ofPolicies: true,
    group: 'cost',
    doc: 'Path verifications of devices, in the system that does the I/O.',
    cell: (span, run) => counted(span, run, 'verify'),
  },
  {
    name: 'path.verify_peak',
    title: ['at a', 'time'],
    kind: 'count',
    place: 'phases',
    ofPolicies: true,
    group: 'cost',
    doc: 'Most devices of a system that verified their paths at one time.',
    cell: (span) => figure(span, 'path.verify_peak'),
  },
  {
    name: 'path.detect',
    title: ['', 'detect'],
    kind: 'time',
    place: 'phases',
    group: 'paths',
    doc: 'A path changes to the first sign of it in the system; the longest.',
    cell: (span) => time(span, 'path.detect', 'max'),
  },
  {
    name: 'path.knowledge',
    title: ['', 'known'],
    kind: 'time',
    place: 'phases',
    group: 'paths',
    doc: "A path changes until the system's masks equal the truth; the longest.",
    cell: (span) => time(span, 'path.knowledge', 'max'),
  },
  {
    name: 'path.restore',
    title: ['', 'in use'],
    kind: 'time',
    place: 'phases',
    group: 'paths',
    doc: 'A path returns until the system uses it again; the longest.',
    cell: (span) => time(span, 'path.restore', 'max'),
  },
  {
    name: 'path.failover',
    title: ['fail-', 'over'],
    kind: 'time',
    place: 'phases',
    ofPolicies: true,
    group: 'paths',
    doc: 'A path goes until its requests, started on another, have their answers; the longest.',
    cell: (span) => time(span, 'path.failover', 'max'),
  },
  {
    name: 'path.stale',
    title: ['', 'stale'],
    kind: 'time',
    place: 'phases',
    group: 'paths',
    doc: 'Sum over devices of the time during which masks were wrong.',
    cell: ({ pathStaleNs }) => pathStaleNs,
  },
  {
    name: 'no_path_told',
    title: ['no path', 'told'],
    kind: 'word',
    place: 'phases',
    group: 'paths',
    doc: 'Whether I/O to a device without any path can be told from other failures, as in a partition: `yes`, the device was disconnected with no path in its masks before a request failed; `later`, after one had failed; `no`, it was not, or its masks were wrong. The worst answer of all devices.',
    cell: ({ noPathTold }) => noPathTold ?? null,
  },
  {
    name: 'device_kept',
    title: ['device', 'kept'],
    kind: 'word',
    place: 'phases',
    group: 'paths',
    doc: 'Whether guests keep the devices that are taken out of the configuration of the machine: `no` where QEMU has taken one from its guest, who gets it back from nobody but an operator.',
    cell: (span) => deviceKept(count(span, 'machine.device_detached'), count(span, 'vmm.unplugged')),
  },
  {
    name: 'path.stranded',
    title: ['devices', 'stranded'],
    kind: 'count',
    place: 'run',
    group: 'paths',
    doc: 'Devices that were given up for want of a path, and are not in use at the end although one leads to them again.',
    cell: (span) => count(span, 'path.stranded'),
  },
  {
    name: 'path.disable',
    title: ['time to', 'give up'],
    kind: 'time',
    place: 'phases',
    ofPolicies: true,
    group: 'given up',
    doc: 'First of the errors on a path until it is given up for them; the longest.',
    cell: (span) => time(span, 'path.disable', 'max'),
  },
  {
    name: 'path.disable_errors',
    title: ['errors', 'by then'],
    kind: 'number',
    place: 'phases',
    ofPolicies: true,
    group: 'given up',
    doc: 'Errors on a path by the time it is given up; mean.',
    cell: ({ paths }) => paths['path.disable_errors'] ?? null,
  },
  {
    name: 'path.capacity_lost',
    title: ['capacity', 'lost'],
    kind: 'time',
    place: 'everywhere',
    ofPolicies: true,
    group: 'given up',
    doc: 'Sum over channel paths of the time during which they were not used, because they were broken or were given up; the part of its devices that did without it counts.',
    cell: (span) => figure(span, 'path.capacity_lost'),
  },
  {
    name: 'path.suppressed_good',
    title: ['kept out', 'for nothing'],
    kind: 'time',
    place: 'phases',
    ofPolicies: true,
    group: 'given up',
    doc: 'Time during which channel paths that were there were kept out of use because they had gone too often.',
    cell: (span) => figure(span, 'path.suppressed_good'),
  },
  {
    name: 'path.false_suppressions',
    title: ['falsely', 'kept out'],
    kind: 'count',
    place: 'phases',
    ofPolicies: true,
    group: 'given up',
    doc: 'How often a channel path was kept out of use that came back and did not go again meanwhile.',
    cell: (span) => figure(span, 'path.false_suppressions'),
  },
  {
    name: 'io.failed',
    title: ['I/Os', 'failed'],
    kind: 'count',
    place: 'everywhere',
    group: 'requests',
    doc: 'Requests that were given back with an error.',
    cell: (span) => count(span, 'io.failed'),
  },
  {
    name: 'io.killed',
    title: ['I/Os', 'killed'],
    kind: 'count',
    place: 'everywhere',
    group: 'requests',
    doc: 'Requests in progress that were terminated.',
    cell: (span) => count(span, 'io.killed'),
  },
  {
    name: 'io.retried',
    title: ['I/Os', 'retried'],
    kind: 'count',
    place: 'everywhere',
    group: 'requests',
    doc: 'Starts again of requests.',
    cell: (span) => count(span, 'io.retried'),
  },
  {
    name: 'path.blocks_at_risk',
    title: ['blocks', 'at risk'],
    kind: 'count',
    place: 'everywhere',
    ofPolicies: true,
    group: 'requests',
    doc: 'Blocks of 4 KiB of writes that were in progress on a channel path when it went, and had to be started again.',
    cell: (span) => figure(span, 'path.blocks_at_risk'),
  },
  {
    name: 'io.lost',
    title: ['I/Os', 'lost'],
    kind: 'count',
    place: 'run',
    group: 'requests',
    doc: 'Requests that were accepted and neither answered nor still under way.',
    cell: (span) => count(span, 'io.lost'),
  },
  {
    name: 'io.stale_reads',
    title: ['stale', 'reads'],
    kind: 'count',
    place: 'run',
    group: 'requests',
    doc: 'Reads that returned older data than the last completed write.',
    cell: (span) => count(span, 'io.stale_reads'),
  },
  {
    name: 'io.rate',
    title: ['I/Os', 'per s'],
    kind: 'rate',
    place: 'everywhere',
    group: 'load',
    doc: 'Requests answered per second.',
    cell: ({ ioRate }) => ioRate,
  },
  {
    name: 'io.response.mean',
    title: ['response', 'mean'],
    kind: 'time',
    place: 'everywhere',
    group: 'load',
    doc: 'Arrival of a request to its answer, mean.',
    cell: (span) => time(span, 'io.response', 'mean'),
  },
  {
    name: 'io.response.p99',
    title: ['response', 'p99'],
    kind: 'time',
    place: 'everywhere',
    group: 'load',
    doc: 'Arrival of a request to its answer, 99th percentile.',
    cell: (span) => time(span, 'io.response', 'p99'),
  },
  {
    name: 'path.utilisation',
    title: ['paths', 'busy'],
    kind: 'ratio',
    place: 'everywhere',
    group: 'load',
    doc: 'Mean utilisation of the channel paths.',
    cell: (span) => loaded(span, mean(span.channelPaths.map(({ utilisation }) => utilisation))),
  },
  {
    name: 'path.imbalance',
    title: ['', 'imbalance'],
    kind: 'number',
    place: 'everywhere',
    group: 'load',
    doc: 'Operations of the busiest channel path over the mean of all.',
    cell: (span) => loaded(span, imbalance(span.channelPaths.map(({ operations }) => operations))),
  },
  {
    name: 'checks_failed',
    title: ['checks', 'failed'],
    kind: 'count',
    place: 'run',
    group: 'judged',
    doc: 'Thresholds, expectations and checks of a program that make the command fail.',
    cell: (_span, { summary }) => failures(summary).length,
  },
  ...PCI_COLUMNS,
];

/** Paths are loaded by applications: what control programs do on them says nothing of a selection policy. */
const loaded = ({ ioRate }: SpanSummary, value: number): Cell => (ioRate > 0 ? value : null);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const imbalance = (operations: readonly number[]): number => Math.max(...operations) / mean(operations);
