import type { IoInstruction } from '../channel/channel-subsystem.ts';
import type { SimTime } from '../kernel/time.ts';
import type { QemuRelease } from './qemu-features.ts';

/** Who executes the guest: QEMU's own translator, or the host's hardware with KVM. They keep interruptions differently. */
export type Accelerator = 'tcg' | 'kvm';

export interface VirtualCssOptions {
  readonly release: QemuRelease;
  readonly accelerator: Accelerator;
  /**
   * Machine option s390-squash-mcss: image 0 is the default one, and every device is put into it. Null: the command line
   * does not name it.
   */
  readonly squashMcss: boolean | null;
  /**
   * QEMU runs on a host with little-endian words, as every recording was made: it decodes 31-bit IDAWs wrongly
   * (behaviour reference 2.2). False: a host of the s390 architecture.
   */
  readonly littleEndianHost: boolean;
  /** Main storage of the guest, a multiple of 4096. */
  readonly storageBytes: number;
  /**
   * CCWs that one start or resume function may execute; the next one ends the program with a program check. QEMU has no
   * such limit and never comes back from an endless program.
   */
  readonly ccwLimit: number;
  /** Cost of each instruction on the issuing CPU, in nanoseconds; zero for those that are left out. */
  readonly instructionCostNs: Readonly<Partial<Record<IoInstruction, SimTime>>>;
}

/** QEMU 7.2 with its own translator on an x86 host: what was recorded. */
export const RECORDED_QEMU: VirtualCssOptions = {
  release: '7.2',
  accelerator: 'tcg',
  squashMcss: null,
  littleEndianHost: true,
  storageBytes: 0x08000000,
  ccwLimit: 65_536,
  instructionCostNs: {},
};
