/**
 * Channel-path generations and what they cost. Command-mode rates, link rates and open-exchange limits are the typical
 * values of the architecture reference, sections E.3 and H; every number can be overridden in a scenario.
 *
 * Occupancy of the channel processor per start is `baseNs + perCcwNs · CCWs`, chosen so that a program of two CCWs
 * gives the generation's command-mode rate; a program in transport mode costs `transportNs`, whatever it consists of. Bytes
 * are charged to the wire.
 */
export interface PathGeneration {
  /** Channel-path type byte of "store channel-path description". */
  readonly typeCode: number;
  /** Exchanges that may be open at one time: for programs in command mode, and for those in transport mode. */
  readonly maxOpen: number;
  readonly transportMaxOpen: number;
  readonly baseNs: number;
  readonly perCcwNs: number;
  /** Occupancy per start in transport mode; 0: the channel knows none. */
  readonly transportNs: number;
  /** Data that one program in transport mode may move, in units of 64 KiB (not published: without and with a limit). */
  readonly maximumDataCount: number;
  /** Payload rate of the wire in megabytes (10^6) per second, each way. */
  readonly megabytesPerSecond: number;
  /** Reading and writing share one wire. */
  readonly halfDuplex: boolean;
}

const FICON_SWITCHED = 0x1b;
const ESCON_SWITCHED = 0x05;
/** Typical number of exchanges in transport mode. */
const TRANSPORT_EXCHANGES = 750;
/** What the first channels with transport mode could move with one program, and what later ones can: 64 KiB, 1 MiB. */
const ONE_TRACK = 1;
const MANY_TRACKS = 16;

/** What a channel is like whose starts in transport mode take another time than those of its generation; 0: it knows none. */
export function transportOf(
  { transportMaxOpen, maximumDataCount }: PathGeneration,
  transportNs: number,
): Pick<PathGeneration, 'transportNs' | 'transportMaxOpen' | 'maximumDataCount'> {
  if (transportNs === 0) return { transportNs, transportMaxOpen: 0, maximumDataCount: 0 };
  return {
    transportNs,
    transportMaxOpen: transportMaxOpen || TRANSPORT_EXCHANGES,
    maximumDataCount: maximumDataCount || ONE_TRACK,
  };
}

/** A two-CCW program occupies the channel processor for 1 s / rate; 10 µs of it for each CCW where the rate allows. */
function ficon(
  commandRate: number,
  megabytesPerSecond: number,
  maxOpen: number,
  transport: { readonly rate: number; readonly dataCount: number } | null = null,
): PathGeneration {
  const perStartNs = Math.round(1e9 / commandRate);
  const perCcwNs = Math.min(10_000, Math.round(perStartNs / 4));
  return {
    typeCode: FICON_SWITCHED,
    maxOpen,
    transportMaxOpen: transport === null ? 0 : TRANSPORT_EXCHANGES,
    transportNs: transport === null ? 0 : Math.round(1e9 / transport.rate),
    maximumDataCount: transport?.dataCount ?? 0,
    baseNs: perStartNs - 2 * perCcwNs,
    perCcwNs,
    megabytesPerSecond,
    halfDuplex: false,
  };
}

export const PATH_GENERATIONS = {
  escon: {
    typeCode: ESCON_SWITCHED,
    maxOpen: 1,
    transportMaxOpen: 0,
    transportNs: 0,
    maximumDataCount: 0,
    baseNs: 1_600_000,
    perCcwNs: 100_000,
    megabytesPerSecond: 17,
    halfDuplex: true,
  },
  ficon: ficon(3_600, 100, 32),
  'ficon-express': ficon(7_200, 170, 32),
  'ficon-express2': ficon(13_000, 270, 64),
  'ficon-express4': ficon(14_000, 400, 64, { rate: 31_000, dataCount: ONE_TRACK }),
  'ficon-express8': ficon(20_000, 770, 64, { rate: 52_000, dataCount: ONE_TRACK }),
  'ficon-express8s': ficon(23_000, 1_600, 64, { rate: 92_000, dataCount: MANY_TRACKS }),
  'ficon-express16s': ficon(23_000, 2_600, 64, { rate: 93_000, dataCount: MANY_TRACKS }),
  'ficon-express16s+': ficon(23_000, 3_200, 64, { rate: 300_000, dataCount: MANY_TRACKS }),
  'ficon-express32s': ficon(23_000, 6_400, 64, { rate: 300_000, dataCount: MANY_TRACKS }),
} as const satisfies Record<string, PathGeneration>;
