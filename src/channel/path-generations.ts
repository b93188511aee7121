/**
 * Channel-path generations and what they cost. Command-mode rates, link rates and open-exchange limits are the typical
 * values of the architecture reference, sections E.3 and H; every number can be overridden in a scenario.
 *
 * Occupancy of the channel processor per start is `baseNs + perCcwNs · CCWs`, chosen so that a program of two CCWs
 * gives the generation's command-mode rate; bytes are charged to the wire at `bytesPerMs`.
 */
export interface PathGeneration {
  /** Channel-path type byte of "store channel-path description". */
  readonly typeCode: number;
  /** Exchanges that may be open at one time. */
  readonly maxOpen: number;
  readonly baseNs: number;
  readonly perCcwNs: number;
  /** Payload rate of the wire in megabytes (10^6) per second, each way. */
  readonly megabytesPerSecond: number;
  /** Reading and writing share one wire. */
  readonly halfDuplex: boolean;
}

const FICON_SWITCHED = 0x1b;
const ESCON_SWITCHED = 0x05;

/** A two-CCW program occupies the channel processor for 1 s / rate; 10 µs of it for each CCW where the rate allows. */
function ficon(commandRate: number, megabytesPerSecond: number, maxOpen: number): PathGeneration {
  const perStartNs = Math.round(1e9 / commandRate);
  const perCcwNs = Math.min(10_000, Math.round(perStartNs / 4));
  return {
    typeCode: FICON_SWITCHED,
    maxOpen,
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
    baseNs: 1_600_000,
    perCcwNs: 100_000,
    megabytesPerSecond: 17,
    halfDuplex: true,
  },
  ficon: ficon(3_600, 100, 32),
  'ficon-express': ficon(7_200, 170, 32),
  'ficon-express2': ficon(13_000, 270, 64),
  'ficon-express4': ficon(14_000, 400, 64),
  'ficon-express8': ficon(20_000, 770, 64),
  'ficon-express8s': ficon(23_000, 1_600, 64),
  'ficon-express16s': ficon(23_000, 2_600, 64),
  'ficon-express16s+': ficon(23_000, 3_200, 64),
  'ficon-express32s': ficon(23_000, 6_400, 64),
} as const satisfies Record<string, PathGeneration>;
