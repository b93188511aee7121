import type { Process, Steps } from '../../kernel/process.ts';
import { E } from '../errno.ts';
import { BlockProgram } from './block-program.ts';
import type { DasdDevice } from './dasd-device.ts';
import { sleepOn } from './sleep-on.ts';

/**
 * What the kernel reads of a new disk to find its partitions (block/partitions/ibm.c): block 0, which every partition
 * format begins with, the volume label in block 2, and in the compatible disk layout the VTOC's labels as long as they
 * follow each other.
 */
export function* scanPartitions(self: Process, device: DasdDevice): Steps {
  const { volume } = device;
  yield* readBlock(self, device, 0);
  const label = yield* readBlock(self, device, LABEL_BLOCK);
  if (label === null || !isVolumeLabel(label)) return;
  let block = blockOf(label, VTOC_AT, device) + 1;
  while (block < volume.blocks) {
    const entry = yield* readBlock(self, device, block);
    if (entry === null || !LABEL_FORMATS.includes(entry[FORMAT_AT])) return;
    block++;
  }
}

const LABEL_BLOCK = 2;
/** "VOL1" in EBCDIC, the label's key. */
const VOL1 = [0xe5, 0xd6, 0xd3, 0xf1];
/** Address of the VTOC, CCHHR, in the label. */
const VTOC_AT = 15;
/** Format identifier of a data-set label, and those of labels after which others may follow: 1, 4, 5, 7, 8, 9. */
const FORMAT_AT = 44;
const LABEL_FORMATS = [0xf1, 0xf4, 0xf5, 0xf7, 0xf8, 0xf9];

const isVolumeLabel = (label: Uint8Array): boolean => VOL1.every((byte, at) => label[at] === byte);

function blockOf(label: Uint8Array, at: number, device: DasdDevice): number {
  const { tracksPerCylinder, blocksPerTrack } = device.volume;
  const upper = (label[at + 2] << 8) | label[at + 3];
  const cylinder = ((upper >>> 4) << 16) | (label[at] << 8) | label[at + 1];
  const track = cylinder * tracksPerCylinder + (upper & 0x0f);
  return track * blocksPerTrack + label[at + 4];
}

/** One block; the bytes when it is a label, an empty array when it is an ordinary block, null after an error. */
function* readBlock(self: Process, device: DasdDevice, block: number): Steps<Uint8Array | null> {
  const program = new BlockProgram();
  const versions = new Float64Array(1);
  program.build(device.volume, block, 1, false, versions, 0);
  const request = device.shared.createRequest(program);
  request.lpm = device.paths.ppm;
  request.retries = device.defaultRetries;
  request.expiresNs = device.defaultExpiresNs;
  const rc = yield* sleepOn(self, device, request);
  if (rc !== E.OK) return null;
  return program.ccws[program.length - 1].data ?? new Uint8Array(0);
}
