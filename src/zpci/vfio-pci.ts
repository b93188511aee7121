import type { Cpu } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import type { KernelFeatures } from '../linux/kernel-features.ts';
import { BLOCK_BOUNDARY } from '../zarch/pci.ts';
import { PciAccess, type StoredContent } from './access.ts';
import { PFT_ISM } from './function-kinds.ts';
import { nextBarPiece } from './io-chunks.ts';
import type { PciFunction } from './pci-function.ts';
import { ALL_ONES, type PciInstructions } from './pci-instructions.ts';

/** Something that QEMU wants to store into a BAR with one system call, or to load from it. */
export interface BarTransfer {
  readonly space: number;
  readonly offset: number;
  readonly length: number;
  readonly content: StoredContent | null;
}

/** A function of the host, as whoever has opened it can use it. */
export interface OpenFunction {
  readonly fn: PciFunction;
  write(cpu: Cpu, transfer: BarTransfer): Errno;
  /** What is there; all ones where that cannot be read. */
  read(cpu: Cpu, transfer: BarTransfer): number;
}

/** Drivers that give functions of a host to user space. */
export type HostDriver = 'vfio-pci' | 'store-region' | 'ism-vfio-pci';

/** What a host's drivers work with. */
export interface HostPci {
  readonly instructions: PciInstructions;
  readonly features: KernelFeatures;
  /** ioread and iowrite use mapped addresses: the machine has them, and pci=nomio was not given. */
  readonly mio: boolean;
}

export function openFunction(driver: HostDriver, fn: PciFunction, host: HostPci): OpenFunction | null {
  switch (driver) {
    case 'vfio-pci':
      return new BarAccess(fn, host);
    case 'store-region':
      return new BlockAccess(fn, host);
    case 'ism-vfio-pci':
      return host.features.vfioPciIsm && fn.kind.pft === PFT_ISM ? new BlockAccess(fn, host) : null;
  }
}

/**
 * vfio-pci (vfio_pci_rdwr.c:vfio_pci_bar_rw): BARs are read and written by ioread and iowrite in pieces of at most four or
 * eight bytes. These choose the instructions by the machine, not by the function: with MIO a function that has no mapped
 * addresses gets an address that is mapped to nothing. What becomes of a write, iowrite does not tell.
 */
class BarAccess implements OpenFunction {
  readonly fn: PciFunction;
  private readonly host: HostPci;
  private readonly access = new PciAccess();

  constructor(fn: PciFunction, host: HostPci) {
    this.fn = fn;
    this.host = host;
  }

  write(cpu: Cpu, { space, offset, length }: BarTransfer): Errno {
    const { mio, instructions } = this.host;
    const instruction = mio ? 'pcistgi' : 'pcistg';
    for (let done = 0; done < length; ) {
      const piece = this.piece(offset + done, length - done);
      this.access.set(instruction, this.fn.handle, space, offset + done, piece);
      instructions.executeNow(cpu, this.access, this.fn.id);
      done += piece;
    }
    return E.OK;
  }

  read(cpu: Cpu, { space, offset, length }: BarTransfer): number {
    const { mio, instructions } = this.host;
    let loaded = ALL_ONES;
    for (let done = 0; done < length; ) {
      const piece = this.piece(offset + done, length - done);
      this.access.set(mio ? 'pcilgi' : 'pcilg', this.fn.handle, space, offset + done, piece);
      instructions.executeNow(cpu, this.access, this.fn.id);
      if (done === 0) loaded = this.access.loaded;
      done += piece;
    }
    return loaded;
  }

  private piece(offset: number, length: number): number {
    return nextBarPiece(offset, length, this.host.features.vfioPciWide ? WIDE : NARROW);
  }
}

const NARROW = 4;
const WIDE = 8;

/**
 * One system call is one PCI STORE BLOCK, with the function's handle: the driver for ISM of 2026 (drivers/vfio/pci/ism), and
 * the region that was proposed in 2021, through which QEMU hands the guest's instruction over with its page pinned.
 */
class BlockAccess implements OpenFunction {
  readonly fn: PciFunction;
  private readonly host: HostPci;
  private readonly access = new PciAccess();

  constructor(fn: PciFunction, host: HostPci) {
    this.fn = fn;
    this.host = host;
  }

  write(cpu: Cpu, { space, offset, length, content }: BarTransfer): Errno {
    if (length > this.fn.group.longestStore) return E.INVAL;
    if ((offset % BLOCK_BOUNDARY) + length > BLOCK_BOUNDARY) return E.INVAL;
    this.access.set('pcistb', this.fn.handle, space, offset, length);
    this.access.content = content;
    return this.host.instructions.executeNow(cpu, this.access, this.fn.id);
  }

  read(cpu: Cpu, { space, offset, length }: BarTransfer): number {
    this.access.set('pcilg', this.fn.handle, space, offset, length);
    this.host.instructions.executeNow(cpu, this.access, this.fn.id);
    return this.access.loaded;
  }
}
