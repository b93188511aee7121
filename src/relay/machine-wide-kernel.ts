import type { Process, Steps } from '../kernel/process.ts';
import type { PathLink } from '../linux/subchannel.ts';
import {
  type KernelRelay,
  type PathEvent,
  pathReport,
  type RelayedDevice,
} from '../linux/vfio/event-relay.ts';
import { atOnce } from './at-once.ts';

/**
 * The kernel half of strategies with one queue and one eventfd for a whole virtual machine. As files belong to devices,
 * the eventfd of one of them, the speaker, stands for that of the machine, and each of them reads the same queue.
 */
export class MachineWideKernelRelay implements KernelRelay {
  readonly name: string;
  readonly offersSchib = true;
  readonly offersReports = true;
  private readonly words: number[] = [];
  private readonly devices = new Set<RelayedDevice>();
  private speaker: RelayedDevice | null = null;
  private last: PathLink | null = null;

  constructor(name: string) {
    this.name = name;
  }

  pathEvent(_self: Process, device: RelayedDevice, event: PathEvent): Steps {
    this.devices.add(device);
    const report = pathReport(event);
    if (report !== 0 && event.link !== this.last && device.isOpen) {
      this.last = event.link;
      device.countReport(report);
      this.words.push(...this.wordsOf(report, event.link));
      this.speak();
    }
    return atOnce();
  }

  hasNews(device: RelayedDevice): boolean {
    return device === this.speaker && this.words.length > 0;
  }

  read(_self: Process, _device: RelayedDevice): Steps<number> {
    return atOnce(this.words.shift() ?? 0);
  }

  deviceGone(device: RelayedDevice): void {
    this.devices.delete(device);
    if (device !== this.speaker) return;
    this.speaker = null;
    if (this.words.length > 0) this.speak();
  }

  /** What is kept of an event: its report and, in some strategies, more. */
  protected wordsOf(report: number, _link: PathLink): number[] {
    return [report];
  }

  private speak(): void {
    if (this.speaker?.isOpen !== true) this.speaker = [...this.devices].find(({ isOpen }) => isOpen) ?? null;
    this.speaker?.notify();
  }
}
