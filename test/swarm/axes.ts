import { PATH_GROUPINGS } from '../../src/linux/dasd/path-grouping.ts';
import { KERNELS } from '../../src/linux/kernel-features.ts';
import { GONE_POLICIES } from '../../src/linux/vfio/gone-policy.ts';
import { HOST_VARY_POLICIES } from '../../src/linux/vfio/host-vary.ts';
import { MODIFIED_POLICIES } from '../../src/linux/vfio/modified-paths.ts';
import { PATH_GROUP_OWNERS } from '../../src/linux/vfio/path-group-owner.ts';
import { REGION_LAYOUTS } from '../../src/linux/vfio/region-layout.ts';
import { RECOVERY_NAMES } from '../../src/pathing/recovery-specification.ts';
import { PLAIN_SELECTIONS } from '../../src/pathing/specification.ts';
import { CANCEL_POLICIES } from '../../src/qemu/cancel-policy.ts';
import { QEMU_RELEASES } from '../../src/qemu/qemu-features.ts';
import { RESUME_POLICIES } from '../../src/qemu/resume-policy.ts';
import { STATUS_POLICIES } from '../../src/qemu/status-policy.ts';
import { TRANSPORT_POLICIES } from '../../src/qemu/transport-policy.ts';
import { WINDOW_KINDS } from '../../src/relay/coalescing-window.ts';
import { DUPLICATE_POLICIES } from '../../src/relay/duplicate-reports.ts';
import { RELAY_NAMES } from '../../src/relay/specification.ts';
import type { Json, Mapping } from './json.ts';
import type { SystemKind } from './world.ts';

/** A key of the scenario language that is drawn: one entry makes a new one part of the swarm. */
export interface Axis {
  readonly key: string;
  /** What stands twice is twice as likely. */
  readonly values: readonly Json[];
  /** A value is a mapping whose keys stand in the place of this one. */
  readonly spread?: true;
  /** How often it is left alone, 0 to 1, when that is not as usual. */
  readonly leftOut?: number;
}

export const MACHINE: readonly Axis[] = [
  { key: 'model', values: ['verbose-lpar', 'quiet-arrive', 'sei-only'] },
  {
    key: 'reports',
    values: [{ arrive: false }, { gone: false }, { eventInformation: false }, { configurationAsEvent: true }],
  },
  { key: 'noPath', values: ['cc3', 'deferred-cc3'] },
  {
    key: 'order',
    values: [
      'mask,io,report',
      'mask,report,io',
      'io,mask,report',
      'io,report,mask',
      'report,mask,io',
      'report,io,mask',
    ].map((order) => order.split(',')),
  },
  { key: 'pathGroupReturn', values: ['ungrouped', 'reset'] },
  { key: 'lostIo', values: ['ifcc', 'silent', 'deferred-cc3'] },
  { key: 'crwQueueDepth', values: [1, 2, 64] },
  { key: 'eventQueueDepth', values: [1, 64] },
  { key: 'detect', values: [{ configure: '0s' }, { link: '1ms' }, { link: '2s' }, { noPath: '5ms' }] },
];

export const CHANNEL_PATH: readonly Axis[] = [
  { key: 'type', values: ['escon', 'ficon', 'ficon-express8s', 'ficon-express16s+', 'ficon-express32s'] },
  { key: 'maxOpen', values: [1, 2, 32] },
  { key: 'distance', values: ['0m', '50km'] },
];

export const CONTROL_UNIT: readonly Axis[] = [
  { key: 'type', values: ['1750', '2105', '2107', '3990-6'] },
  { key: 'modelByte', values: ['c2', 'e9'] },
  { key: 'cache', values: [{ hitRatio: 0 }, { hitRatio: 0.2 }, { lru: '1MiB' }] },
  { key: 'backend', values: ['flash', 'disk', 'mechanics'] },
  { key: 'hitRead', values: ['3ms', { exponential: '1ms' }] },
  { key: 'hitWrite', values: ['2ms', { erlang: { stages: 3, mean: '1ms' } }] },
  { key: 'control', values: ['5ms', { uniform: ['0s', '1ms'] }] },
  { key: 'maxConcurrentPerPort', values: [1, 2, 256] },
  { key: 'zhpf', values: ['on'] },
];

export const DASD: readonly Axis[] = [
  { key: 'missingInterrupt', values: ['0s', '2s', '30s'] },
  { key: 'cylinders', values: [300, 3000] },
  { key: 'modelByte', values: ['0a', '0e'] },
  { key: 'pom', values: ['00', 'bf'] },
];

const LINUX: readonly Axis[] = [
  { key: 'kernel', values: Object.keys(KERNELS) },
  { key: 'cpus', values: [1, 2, 8] },
  {
    key: 'dasdOptions',
    values: [
      { expires: '1s' },
      { expires: '1s', retries: 2 },
      { retries: 5 },
      { pathThreshold: 1 },
      { pathThreshold: 3, pathInterval: '1s' },
      { pathThreshold: 1, autodisable: false },
      { failfast: true },
      { zhpf: false },
      { reservationPolicy: 'fail' },
    ],
  },
  {
    key: 'costs',
    values: [
      { handlerToThread: '5ms' },
      { interrupt: '100us' },
      { driverPath: '1ms' },
      { mcckToHandler: '0s' },
    ],
  },
];

const RELEASES = Object.entries(QEMU_RELEASES);
/** Releases in which a guest sees devices of its host without further ado, and those that squash images. */
const UNRESTRICTED = RELEASES.filter(([, { imagesUnrestricted }]) => imagesUnrestricted).map(
  ([name]) => name,
);
const SQUASHING = RELEASES.filter(([, { squashOption }]) => squashOption !== 'unknown').map(([name]) => name);

export const SYSTEM: Readonly<Record<SystemKind, readonly Axis[]>> = {
  partition: LINUX,
  'kvm-host': [
    ...LINUX.filter(({ key }) => key !== 'costs'),
    { key: 'qemu', values: UNRESTRICTED },
    { key: 'online', values: ['all', 'none'] },
    { key: 'costs', values: [{ translate: '50us' }, { work: '1ms' }, { listStep: '5us' }] },
  ],
  'zvm-host': [
    { key: 'cpus', values: [1, 2, 8] },
    {
      key: 'cp',
      values: [
        { show: 'one' },
        { show: 'all' },
        { foreignGroup: 'offline', senseGroup: 'hidden' },
        { senseGroup: 'hidden' },
        { show: 'all', foreignGroup: 'offline', senseGroup: 'hidden' },
      ],
    },
  ],
  guest: [
    ...LINUX.filter(({ key }) => key !== 'costs'),
    { key: 'virtio', values: [0, 1, 3] },
    { key: 'subchannelSets', values: [1, 4] },
    { key: 'forcePrefetch', values: [true, false] },
    {
      key: 'squash',
      values: SQUASHING.map((qemu) => ({ qemu, squashMcss: true })),
      spread: true,
      leftOut: 0.9,
    },
    {
      key: 'costs',
      values: [{ handlerToThread: '5ms' }, { intercept: '200us' }, { vcpuWake: '1ms' }, { eventFd: '1ms' }],
    },
  ],
  'zvm-guest': LINUX,
};

const RELAY_MODIFIERS: readonly ((over: Json) => Mapping)[] = [
  ...WINDOW_KINDS.map((window) => (over: Json) => ({ coalesce: { window, length: '20ms', over } })),
  ...DUPLICATE_POLICIES.map((policy) => (over: Json) => ({ dedupe: { policy, over } })),
  (over) => ({ 'virtual-chpids': { over } }),
];
/** Modified relays are many, so each plain one stands more than once. */
const RELAYS: readonly Json[] = [
  ...RELAY_MODIFIERS.flatMap(() => RELAY_NAMES),
  ...RELAY_MODIFIERS.flatMap((modified) => RELAY_NAMES.map(modified)),
  ...RELAY_MODIFIERS.map((modified) => modified({ coalesce: { over: 'report-per-chpid' } })),
  ...RELAY_MODIFIERS.map((modified) => modified({ dedupe: { over: 'state-masks' } })),
];

export const STRATEGY: readonly Axis[] = [
  {
    key: 'selection',
    values: [
      ...PLAIN_SELECTIONS,
      'steering',
      { steering: { alpha: 1, reprobe: 0 } },
      { steering: { alpha: 0.5, reprobe: 0.2, margin: 0 } },
    ],
  },
  {
    key: 'recovery',
    values: [
      ...RECOVERY_NAMES,
      { linux: { timer: ['1s'] } },
      { 'zos-cu': { threshold: 1, interval: 1 } },
      { 'link-recovery': { flaps: 2, within: '5s', hold: '1s' } },
      { 'hold-down': { halfLife: '1s', suppress: 1.5 } },
    ],
  },
  { key: 'inFlight', values: ['kill', 'ladder', 'wait', 'timeout', { timeout: { after: '500ms' } }] },
  {
    key: 'verificationThrottle',
    values: ['none', { concurrent: 1 }, { concurrent: 1, per: 'control-unit' }, { concurrent: 3 }],
  },
  { key: 'grouping', values: PATH_GROUPINGS },
];

/** What only KVM hosts and their guests look at. */
export const HOST_STRATEGY: readonly Axis[] = [
  { key: 'relay', values: RELAYS },
  { key: 'hostVary', values: HOST_VARY_POLICIES },
  { key: 'modified', values: MODIFIED_POLICIES },
  { key: 'pathGroup', values: PATH_GROUP_OWNERS },
  { key: 'cancel', values: CANCEL_POLICIES },
  { key: 'resume', values: RESUME_POLICIES },
  { key: 'gone', values: GONE_POLICIES },
  { key: 'regions', values: REGION_LAYOUTS },
  { key: 'status', values: STATUS_POLICIES },
  { key: 'transport', values: TRANSPORT_POLICIES },
];

const BURST = { ratePerVolume: '400/s', length: '40ms', every: '400ms' };

export const WORKLOAD: readonly Axis[] = [
  {
    key: 'arrivals',
    spread: true,
    values: [
      { ratePerVolume: '30/s' },
      { ratePerVolume: '100/s' },
      { arrivals: 'mmpp', ratePerVolume: '5/s', burst: BURST },
      {
        arrivals: 'trains',
        ratePerVolume: '200/s',
        train: { length: '50ms', pause: { exponential: '450ms' } },
      },
      { arrivals: 'closed', applications: 3, think: { exponential: '10ms' } },
    ],
  },
  { key: 'block', values: ['4KiB', '24KiB', '120KiB', '760KiB', { '4KiB': 0.6, '48KiB': 0.4 }] },
  { key: 'reads', values: [0, 0.5, 0.75, 1] },
  {
    key: 'addresses',
    values: [
      'uniform',
      'sequential',
      { zipf: 1.5 },
      { sequential: { run: 5 } },
      { hot: { share: 0.9, of: 0.1 } },
    ],
  },
  {
    key: 'extent',
    values: [
      [0, 0.01],
      [0.5, 0.6],
    ],
  },
  { key: 'reserve', leftOut: 0.9, values: [{ every: { exponential: '300ms' }, hold: '50ms' }] },
];
