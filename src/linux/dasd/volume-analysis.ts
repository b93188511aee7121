import type { Process, Steps } from '../../kernel/process.ts';
import { CCW_FLAG } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';
import type { DasdDevice } from './dasd-device.ts';
import { ANALYSIS_EXPIRES_NS, ANALYSIS_RETRIES, BLOCK_SIZE, FLAG, MESSAGE, STATUS } from './definitions.ts';
import { EXTENT_BYTES, LOCATE_BYTES, putExtent, putLocate } from './eckd-parameters.ts';
import { controlCcw, controlProgram, type DasdRequest } from './request.ts';
import { isNoRecordFound } from './sense-classification.ts';
import { sleepOn } from './sleep-on.ts';
import { cdlRecordLength, recordsPerTrack } from './track-format.ts';

/** How a volume is formatted, from the count areas of its first records (dasd_eckd.c: dasd_eckd_do_analysis). */
export type Layout = 'cdl' | 'ldl' | 'unformatted' | 'unsupported' | 'error';

const COUNT_BYTES = 8;
/** Records 1 to 4 of track 0 and record 1 of track 1. */
const AREA_HEADS = [0, 0, 0, 0, 1];
const AREA_RECORDS = [1, 2, 3, 4, 1];

interface CountArea {
  readonly cylinder: number;
  readonly head: number;
  readonly record: number;
  readonly keyLength: number;
  readonly dataLength: number;
}

function parseCount(bytes: Uint8Array): CountArea {
  return {
    cylinder: (bytes[0] << 8) | bytes[1],
    head: (bytes[2] << 8) | bytes[3],
    record: bytes[4],
    keyLength: bytes[5],
    dataLength: (bytes[6] << 8) | bytes[7],
  };
}

const isInPlace = (area: CountArea, index: number): boolean =>
  area.cylinder === 0 && area.head === AREA_HEADS[index] && area.record === AREA_RECORDS[index];

const isOrdinary = (area: CountArea): boolean => area.keyLength === 0 && area.dataLength === BLOCK_SIZE;

/** The layout that five count areas show. Only blocks of 4 KiB are supported here. */
function layoutOf(counts: readonly Uint8Array[]): Layout {
  const areas = counts.map(parseCount);
  const isLabel = (area: CountArea, index: number): boolean =>
    isInPlace(area, index) && area.keyLength === 4 && area.dataLength === cdlRecordLength(index, 0) - 4;
  if (areas.slice(0, 3).every(isLabel)) return isOrdinary(areas[3]) ? 'cdl' : 'unsupported';
  const isUniform = areas.every((area, index) => isInPlace(area, index) && isOrdinary(area));
  return isUniform ? 'ldl' : 'unsupported';
}

/** Reads the count areas: first without error recovery, since "no record found" means an unformatted volume. */
export function* analyseVolume(self: Process, device: DasdDevice): Steps<Layout> {
  const counts = AREA_RECORDS.map(() => new Uint8Array(COUNT_BYTES));
  const first = analysisRequest(device, counts);
  first.flags &= ~FLAG.USE_ERP;
  first.retries = 0;
  first.expiresNs = ANALYSIS_EXPIRES_NS;
  yield* sleepOn(self, device, first);
  let outcome = outcomeOf(first);
  if (outcome === 'error') {
    const second = analysisRequest(device, counts);
    yield* sleepOn(self, device, second);
    outcome = outcomeOf(second);
  }
  const layout = outcome === 'read' ? layoutOf(counts) : outcome;
  apply(device, layout);
  return layout;
}

function outcomeOf(request: DasdRequest): 'read' | 'unformatted' | 'error' {
  if (request.status === STATUS.DONE) return 'read';
  const { ending } = request;
  return ending.hasSense && isNoRecordFound(ending.sense) ? 'unformatted' : 'error';
}

function apply(device: DasdDevice, layout: Layout): void {
  const { volume } = device;
  volume.usesCdl = layout === 'cdl';
  volume.blocksPerTrack = recordsPerTrack(BLOCK_SIZE);
  volume.blocks = volume.cylinders * volume.tracksPerCylinder * volume.blocksPerTrack;
  if (layout === 'unformatted') device.message(MESSAGE.NOT_FORMATTED);
  if (layout === 'error') device.message(MESSAGE.LAYOUT_ERROR);
  if (layout === 'unsupported') device.message(MESSAGE.LAYOUT_UNSUPPORTED);
}

function analysisRequest(device: DasdDevice, counts: readonly Uint8Array[]): DasdRequest {
  const { volume } = device;
  const chain = CCW_FLAG.CHAIN_COMMAND;
  const extent = new Uint8Array(EXTENT_BYTES);
  putExtent(extent, 0, COMMAND.read_count, 0, 1, volume, 0);
  const locate = (track: number, count: number): Uint8Array => {
    const bytes = new Uint8Array(LOCATE_BYTES);
    putLocate(bytes, 0, COMMAND.read_count, track, 0, count, 0, volume.tracksPerCylinder);
    return bytes;
  };
  const readCount = (index: number, flags: number) =>
    controlCcw(COMMAND.read_count, flags, COUNT_BYTES, counts[index]);
  const program = controlProgram(
    controlCcw(COMMAND.define_extent, chain, EXTENT_BYTES, extent),
    controlCcw(COMMAND.locate_record, chain, LOCATE_BYTES, locate(0, 4)),
    readCount(0, chain),
    readCount(1, chain),
    readCount(2, chain),
    readCount(3, chain),
    controlCcw(COMMAND.locate_record, chain, LOCATE_BYTES, locate(1, 1)),
    readCount(4, 0),
  );
  const request = device.shared.createRequest(program);
  request.retries = ANALYSIS_RETRIES;
  request.flags |= FLAG.SUPPRESS_NRF;
  return request;
}
