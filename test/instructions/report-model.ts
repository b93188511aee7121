/**
 * The channel-report queue and its machine check, as the references tell them: an oracle for both channel subsystems.
 * Reports are words. One machine check per arming; only a STCRW that found nothing arms again.
 */
export class ReportModel {
  readonly queue: number[] = [];
  /** A machine check is pending, to be taken by any CPU that is enabled for channel reports. */
  machineCheck = false;
  /** Reports that were given up because the queue was full. */
  lost = 0;
  private armed = true;
  private readonly depth: number;

  /** `depth`: reports that the queue holds; the word queued last tells of a loss. */
  constructor(depth: number) {
    this.depth = depth;
  }

  /** A report of one word, or of two that are chained: it finds room as a whole or is lost as a whole. */
  report(...words: number[]): void {
    if (this.queue.length + words.length > this.depth) {
      this.lost++;
      this.queue[this.queue.length - 1] = (this.queue[this.queue.length - 1] | OVERFLOW) >>> 0;
      return;
    }
    this.queue.push(...words);
    if (!this.armed) return;
    this.armed = false;
    this.machineCheck = true;
  }

  /** The word that STCRW stores; undefined: zeros, with cc 1. */
  stcrw(): number | undefined {
    if (this.queue.length === 0) this.armed = true;
    return this.queue.shift();
  }

  takeMachineCheck(enabled: boolean): boolean {
    const taken = enabled && this.machineCheck;
    if (taken) this.machineCheck = false;
    return taken;
  }

  /** Channel-subsystem reset: nothing was ever queued. */
  reset(): void {
    this.queue.length = 0;
    this.machineCheck = false;
    this.armed = true;
  }
}

const OVERFLOW = 0x20000000;

/** Report words, put together as the reference lays them out. */
export const channelPathWord = (chpid: number, erc: number, solicited: boolean): number =>
  ((solicited ? 0x40000000 : 0) | 0x04000000 | (erc << 16) | chpid) >>> 0;

/** Reports of one subchannel: a second, chained word names set and image when either can differ. */
export function subchannelWords(
  subchannel: number,
  set: { ssid: number; cssid: number } | null,
  erc = 4,
): number[] {
  const word = (0x03000000 | (erc << 16)) >>> 0;
  if (set === null) return [word | subchannel];
  return [(word | CHAINED | subchannel) >>> 0, word | (set.cssid << 8) | (set.ssid << 4)];
}

const CHAINED = 0x10000000;
