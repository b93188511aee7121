import type { Process, Steps } from '../kernel/process.ts';
import type { PathLink } from '../linux/subchannel.ts';
import {
  type KernelRelay,
  type PathEvent,
  pathReport,
  type RelayedDevice,
} from '../linux/vfio/event-relay.ts';
import { Crw, crwWord, decodeCrw, RSC, withOverflow } from '../zarch/crw.ts';
import { atOnce } from './at-once.ts';

/** Reports were lost: nobody knows which. */
export const REPORTS_LOST = crwWord({ ...new Crw(), overflow: 1, rsc: RSC.CHANNEL_SUBSYSTEM });

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
  /** User space is told, behind everything else, that an event found no storage. */
  protected readonly tellsLoss: boolean = false;
  private lost = false;

  constructor(name: string) {
    this.name = name;
  }

  pathEvent(_self: Process, device: RelayedDevice, event: PathEvent): Steps {
    this.devices.add(device);
    const report = pathReport(event);
    if (report !== 0 && event.link !== this.last && device.isOpen) {
      this.last = event.link;
      if (!device.hasRoom(report, this.held)) this.overflowed();
      else if (device.takeStorage(report)) this.words.push(...this.wordsOf(report, event.link));
      else this.lost = this.tellsLoss;
      if (this.isPending) this.speak();
    }
    return atOnce();
  }

  hasNews(device: RelayedDevice): boolean {
    return device === this.speaker && this.isPending;
  }

  read(_self: Process, device: RelayedDevice): Steps<number> {
    const word = this.words.shift();
    if (word === undefined) return atOnce(this.readLoss());
    if (isLastWord(word)) device.giveBackStorage();
    return atOnce(word);
  }

  get held(): number {
    return this.words.filter(isLastWord).length;
  }

  deviceGone(device: RelayedDevice): void {
    this.devices.delete(device);
    if (device !== this.speaker) return;
    this.speaker = null;
    if (this.isPending) this.speak();
  }

  /** What is kept of an event: its report and, in some strategies, more. */
  protected wordsOf(report: number, _link: PathLink): number[] {
    return [report];
  }

  private overflowed(): void {
    this.lost = this.tellsLoss;
    if (!this.tellsLoss) this.words.push(withOverflow(this.words.pop()!));
  }

  private readLoss(): number {
    const { lost } = this;
    this.lost = false;
    return lost ? REPORTS_LOST : 0;
  }

  private get isPending(): boolean {
    return this.words.length > 0 || this.lost;
  }

  private speak(): void {
    if (this.speaker?.isOpen !== true) this.speaker = [...this.devices].find(({ isOpen }) => isOpen) ?? null;
    this.speaker?.notify();
  }
}

/** Words of one event are chained; they take storage together. */
const isLastWord = (word: number): boolean => decodeCrw(word).chained === 0;
