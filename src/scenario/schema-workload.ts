import { z } from 'zod';
import {
  devices,
  distribution,
  keysOf,
  name,
  number,
  oneOf,
  positiveRatio,
  positiveTime,
  rate,
  ratio,
  selectedDevices,
  size,
  time,
  whole,
} from './fields.ts';
import type { ResolvedDistribution } from './resolved.ts';
import { replaySchema } from './schema-replay.ts';
import { PROFILES } from './workload-profiles.ts';

/** The part of the schema that describes what applications do. Sources: sections of the architecture reference. */

/** Defaults of fields that belong to one kind of arrivals only: 40 requests per second and volume, either way (G.2). */
export const DEFAULT_RATE = 40;
export const DEFAULT_APPLICATIONS = 1;
export const DEFAULT_THINK = {
  kind: 'exponential',
  meanNs: 25_000_000,
} as const satisfies ResolvedDistribution;

/** One size, or shares by size. */
const block = () => z.union([size(), z.record(z.string(), positiveRatio())]);

const addresses = () =>
  z.union([
    oneOf(['uniform', 'sequential']),
    z.strictObject({
      zipf: number().optional().describe('Skew θ, 0 to 2: the k-th most popular place gets k^−θ.'),
      sequential: z
        .strictObject({
          start: ratio().optional().describe('Where it begins, as a share of the extent; default: anywhere.'),
          run: whole(1, 1_000_000_000)
            .optional()
            .describe('Mean number of requests before it jumps elsewhere; default: it never does.'),
        })
        .optional()
        .describe('One request behind the other.'),
      hot: z
        .strictObject({
          share: positiveRatio().prefault('0.8').describe('Share of the requests that go to hot pieces.'),
          of: positiveRatio().prefault('0.2').describe('Share of the extent that is hot.'),
          extents: whole(1, 10_000).prefault('4').describe('Number of pieces, at even distances.'),
        })
        .optional()
        .describe('Busy data sets: some pieces get most requests.'),
    }),
  ]);

const extent = () => z.tuple([ratio(), positiveRatio()]);

const pattern = z.strictObject({
  share: positiveRatio().describe("Share of the workload's requests; shares need not sum to one."),
  volumes: selectedDevices().optional().describe('Volumes that get them; default: all of the workload.'),
  block: block().optional().describe('As that of the workload, which is the default.'),
  reads: ratio().optional().describe('As that of the workload, which is the default.'),
  addresses: addresses().optional().describe('As those of the workload, which are the default.'),
  extent: extent().optional().describe('As that of the workload, which is the default.'),
});
export type ParsedPattern = z.output<typeof pattern>;

const workload = z.strictObject({
  on: name().optional().describe('System that issues the requests; default: the first.'),
  volumes: selectedDevices().prefault('all').describe('Volumes that are read and written.'),
  profile: oneOf(keysOf(PROFILES))
    .optional()
    .describe('Set of values for what the workload does not say itself (G.2).'),
  arrivals: oneOf(['poisson', 'mmpp', 'trains', 'closed', 'copy'])
    .prefault('poisson')
    .describe(
      'Open with exponential gaps, open with bursts, open in trains, closed with think times, or copies (G.2).',
    ),
  ratePerVolume: rate()
    .optional()
    .describe(
      'Requests per volume and second, outside bursts for mmpp, inside trains; default: 40/s (poisson, mmpp, trains).',
    ),
  burst: z
    .strictObject({
      ratePerVolume: rate().describe('Requests per volume and second inside a burst.'),
      length: positiveTime().describe('Mean length of a burst, ns.'),
      every: positiveTime().describe('Mean time between the end of a burst and the next, ns.'),
    })
    .optional()
    .describe('Bursts of mmpp arrivals.'),
  train: z
    .strictObject({
      length: distribution().describe('How long a train is, ns.'),
      pause: distribution().describe('Time from the end of a train to the next, ns.'),
    })
    .optional()
    .describe('Trains of requests at even distances.'),
  think: distribution()
    .optional()
    .describe(
      'Time between an answer and the next request, ns; default: exponential 25 ms (closed), none (copy).',
    ),
  applications: whole(1, 10_000)
    .optional()
    .describe('Applications per volume, or per pair of volumes; default: 1 (closed, copy).'),
  copyTo: devices()
    .optional()
    .describe('Volumes that are written, the first with what the first was read; default: the second half.'),
  shape: z
    .strictObject({
      day: z
        .array(z.tuple([time(), number()]))
        .min(1)
        .describe(
          'Times and the factor of all rates then, linear in between and round the end of the period.',
        ),
      period: positiveTime().prefault('24h').describe('When it begins again, ns.'),
      begin: time().prefault('0h').describe('Time of the day at which the simulation begins, ns.'),
    })
    .optional()
    .describe('How rates rise and fall together (poisson, mmpp, trains).'),
  skew: z
    .strictObject({
      volumes: z
        .strictObject({
          zipf: number().describe('Exponent θ, 0 to 2: the k-th busiest volume gets k^−θ.'),
        })
        .describe('How requests are divided among volumes.'),
    })
    .optional()
    .describe('Some volumes are busier than others, the mean rate stays (poisson, mmpp, trains).'),
  block: block()
    .prefault('4KiB')
    .describe(
      'Bytes per request, up to 760 KiB, in whole blocks of 4 KiB: 27KiB, half a track, moves seven; or shares by size (linux 5.12).',
    ),
  reads: ratio().prefault('0.75').describe('Share of reads, 0 to 1 (G.2).'),
  addresses: addresses().prefault({ zipf: '0.9' }).describe('Which blocks are asked for (G.2).'),
  extent: extent()
    .prefault(['0', '1'])
    .describe('Part of each volume that is used: where it begins and ends, as shares.'),
  mix: z
    .record(z.string(), pattern)
    .optional()
    .describe('Patterns of requests by name: each request follows one of them.'),
  from: time().prefault('1s').describe('First request not before this time, ns; devices are online by then.'),
  replay: replaySchema,
  reserve: z
    .strictObject({
      every: distribution().describe('Time from a release to the next reserve of the same volume, ns.'),
      hold: distribution().describe('How long a volume is kept reserved, ns.'),
    })
    .optional()
    .describe('The system reserves each volume from time to time, and releases it.'),
  until: time().optional().describe('No request after this time, ns; default: the end of the run.'),
});

export const workloadSchema = z
  .union([z.literal('none'), z.record(z.string(), workload)])
  .prefault('none')
  .describe('Streams of block requests by name, or none.');
export type ParsedWorkload = z.output<typeof workloadSchema>;
export type ParsedStream = z.output<typeof workload>;
