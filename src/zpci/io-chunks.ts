import { BLOCK_BOUNDARY } from '../zarch/pci.ts';

/**
 * Into how many pieces each layer cuts what it is to store. All of these are pure functions of place and length; the steps
 * that store the pieces are short.
 */

/** Longest piece of a copy from and to BARs (asm/pci_io.h:ZPCI_MAX_READ_SIZE, ZPCI_MAX_WRITE_SIZE). */
export const LONGEST_READ = 8;
export const LONGEST_WRITE = 128;

/** How a kernel copies blocks to BARs: any multiple of eight bytes at a time, or powers of two (feature zpciBlockStores). */
export type CopyRule = 'blocks' | 'powers';

/**
 * Bytes of the next store, or load, of a copy (zpci_get_max_io_size; before 6.7 zpci_get_max_write_size).
 * @param to first address argument of the kernel's function: the BAR's side of a write
 * @param memory second one, from which the block boundary is counted in both directions
 */
export function nextChunk(
  rule: CopyRule,
  to: number,
  memory: number,
  length: number,
  longest: number,
): number {
  return rule === 'blocks'
    ? blockChunk(to, memory, length, longest)
    : powerChunk(to, memory, length, longest);
}

function blockChunk(to: number, memory: number, length: number, longest: number): number {
  const size = Math.min(length, BLOCK_BOUNDARY - (memory % BLOCK_BOUNDARY), longest);
  if (to % 8 === 0 && memory % 8 === 0 && size % 8 === 0) return size;
  return size >= 8 ? 8 : powerBelow(size);
}

/** The largest power of two that fits, and that both addresses are multiples of. */
function powerChunk(to: number, memory: number, length: number, longest: number): number {
  const most = Math.min(length, longest);
  let size = 1;
  while (size * 2 <= most && to % (size * 2) === 0 && memory % (size * 2) === 0) size *= 2;
  return size;
}

function powerBelow(size: number): number {
  let power = 1;
  while (power * 2 <= size) power *= 2;
  return power;
}

/**
 * Bytes of the next access of vfio-pci to a BAR (vfio_pci_rdwr.c:vfio_pci_core_do_io_rw): the widest that the place is a
 * multiple of and that fits. `widest`: 4; 8 from 6.11 on (feature vfioPciWide).
 */
export function nextBarPiece(offset: number, length: number, widest: number): number {
  let size = widest;
  while (size > length || offset % size !== 0) size /= 2;
  return size;
}

/** Bytes of the next move of the ISM driver: none goes over a boundary of 4 KiB of the buffer (ism_drv.c:ism_move). */
export const nextMove = (offset: number, length: number): number =>
  Math.min(BLOCK_BOUNDARY - (offset % BLOCK_BOUNDARY), length);

/**
 * Bytes that one access of QEMU to a BAR has for an instruction's length from 1 to 8 (exec/memop.h:size_memop): lengths
 * that are no power of two come out as their lowest bit.
 */
export const qemuAccessBytes = (length: number): number => length & -length;

/** The parts, in order, that repeated use of a rule makes of a range. */
export function partsOf(length: number, next: (done: number, left: number) => number): number[] {
  const parts: number[] = [];
  for (let done = 0; done < length; ) {
    const part = next(done, length - done);
    parts.push(part);
    done += part;
  }
  return parts;
}
