import type { Issues } from './errors.ts';

/**
 * Workloads with a name: what a scenario would have to write to describe them, so that each value is shown, checked and
 * overridden like any other. Sources: architecture reference G.2. Sizes are whole blocks of 4 KiB, of which half a track
 * of 27,998 bytes takes seven, and a full track of 56,664 bytes has room for twelve.
 */
export const PROFILES = {
  /** Transactions. */
  oltp: { ratePerVolume: '40/s', block: '4KiB', reads: '75%', addresses: { zipf: '0.9' } },
  /** QSAM and BSAM: chains of 5, 6, 10 and 15 half-tracks, one behind the other. */
  batch: {
    arrivals: 'closed',
    think: '4ms',
    block: { '140KiB': '25%', '168KiB': '50%', '280KiB': '15%', '420KiB': '10%' },
    reads: '75%',
    addresses: 'sequential',
  },
  'batch-write': {
    arrivals: 'closed',
    think: '4ms',
    block: { '140KiB': '25%', '168KiB': '50%', '280KiB': '15%', '420KiB': '10%' },
    reads: '0%',
    addresses: 'sequential',
  },
  logging: {
    ratePerVolume: '100/s',
    block: { '4KiB': '40%', '8KiB': '30%', '16KiB': '20%', '24KiB': '10%' },
    reads: '0%',
    addresses: 'sequential',
  },
  /**
   * Two data stores of 45 % of the capacity each and a log of 10 %, each of them a part of every volume. In shares of all
   * requests: random 61 % (29 % reads, 32 % writes), sequential 39 % (11 % reads, 28 % writes).
   */
  spc1: {
    ratePerVolume: '50/s',
    mix: {
      'data-random': store('52.6%', '0.5', '4KiB', { zipf: '0.9' }, ['0', '0.45']),
      'data-scan': store('7%', '1', sizes(), 'sequential', ['0', '0.45']),
      'user-random': store('8.8%', '0.3', '4KiB', { zipf: '0.9' }, ['0.45', '0.9']),
      'user-scan': store('3.5%', '1', sizes(), 'sequential', ['0.45', '0.9']),
      'user-write': store('17.2%', '0', sizes(), 'sequential', ['0.45', '0.9']),
      log: store('10.9%', '0', sizes(), 'sequential', ['0.9', '1']),
    },
  },
  /** Volume to volume, five tracks at a time. */
  copy: { arrivals: 'copy', block: '240KiB' },
  /** Full tracks in trains: a working set goes out, or a dump is taken. */
  paging: {
    arrivals: 'trains',
    ratePerVolume: '200/s',
    train: { length: { exponential: '50ms' }, pause: { exponential: '450ms' } },
    block: '48KiB',
    reads: '50%',
    addresses: 'uniform',
  },
} as const;

function store(share: string, reads: string, block: unknown, addresses: unknown, extent: readonly string[]) {
  return { share, reads, block, addresses, extent };
}

/** Sequential requests of the SPC-1 mix. */
function sizes() {
  return { '4KiB': '40%', '8KiB': '24%', '16KiB': '20%', '32KiB': '8%', '64KiB': '8%' };
}

/** What belongs to the arrivals: a scenario that chooses others says all about them. */
const OF_ARRIVALS = ['arrivals', 'ratePerVolume', 'burst', 'train', 'think', 'applications', 'copyTo'];
/** What each pattern of a mix may say for itself. */
const OF_PATTERNS = ['block', 'reads', 'addresses', 'extent'];

/** A mapping of the text, and the keys of it that are asked for. */
interface Mapping {
  readonly [key: string]: unknown;
  readonly workload?: unknown;
  readonly profile?: unknown;
  readonly replay?: unknown;
  readonly arrivals?: unknown;
  readonly mix?: unknown;
}

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text's own data with profiles filled in, before defaults are. Refuses what would be passed over in silence. */
export function applyProfiles(data: unknown, issues: Issues): unknown {
  if (!isMapping(data) || !isMapping(data.workload)) return data;
  const workload = Object.entries(data.workload).map(([name, stream]) => {
    if (!isMapping(stream) || stream.replay !== undefined) return [name, stream];
    const whole = { ...profileOf(stream), ...stream };
    checkUnused(whole, stream, name, issues);
    return [name, whole];
  });
  return { ...data, workload: Object.fromEntries(workload) };
}

/** What the profile adds to what the stream says; nothing for a name that is none. */
function profileOf({ profile, arrivals }: Mapping): Mapping {
  if (typeof profile !== 'string' || !Object.hasOwn(PROFILES, profile)) return {};
  const values = Object.entries(PROFILES[profile as keyof typeof PROFILES]);
  return Object.fromEntries(
    arrivals === undefined ? values : values.filter(([key]) => !OF_ARRIVALS.includes(key)),
  );
}

function checkUnused(whole: Mapping, written: Mapping, name: string, issues: Issues): void {
  for (const key of [...OF_PATTERNS, 'mix']) {
    if (written[key] === undefined) continue;
    const place = ['workload', name, key];
    if (whole.arrivals === 'copy' && key !== 'block' && key !== 'extent') {
      issues.key(
        place,
        'has no meaning with copy arrivals',
        'all that is read is written, from front to end',
      );
    } else if (isMapping(whole.mix) && key !== 'mix') {
      const patterns = Object.values(whole.mix).filter(isMapping);
      if (!patterns.every((pattern) => pattern[key] !== undefined)) continue;
      issues.key(place, 'is said by every pattern of the mix', 'leave it out, or write a mix without it');
    }
  }
}
