import { type EventInformation, NO_PATH_EVENT, type PciEvent, SEI_PCI_CONTENT } from '../zarch/chsc.ts';

/** What a PCI function tells: availability, or an error with its address. */
export interface PciNotice {
  readonly functionHandle: number;
  readonly functionId: number;
  /** PCI event code: 0301 configured, 0303 deconfiguration requested, 0304 deconfigured, 0308 gone … */
  readonly code: number;
  readonly error?: { readonly word: number; readonly failingAddress: number };
}

/**
 * Events of PCI functions that wait for CHANNEL SUBSYSTEM CALL (hw/s390x/s390-pci-bus.c:s390_pci_generate_event). One
 * channel report stands for all of them: the next is made only after a program has read the last event. Programs that do
 * not ask for events of this type can so keep all later reports from coming.
 */
export class PciEvents {
  private readonly waiting: PciNotice[] = [];
  /** A report has been made, and no program has read the last event since (channel_subsys.sei_pending). */
  isReported = false;
  private readonly report: () => void;

  /** `report` queues the channel report. */
  constructor(report: () => void) {
    this.report = report;
  }

  add(notice: PciNotice): void {
    this.waiting.push(notice);
    if (this.isReported) return;
    this.isReported = true;
    this.report();
  }

  /** The oldest event, null when there is none. */
  store(): EventInformation | null {
    const notice = this.waiting.shift();
    if (notice === undefined) return null;
    const more = this.waiting.length > 0;
    if (!more) this.isReported = false;
    return {
      ...NO_PATH_EVENT,
      overflow: false,
      more,
      contentCode: contentOf(notice),
      pci: encodedEvent(notice),
    };
  }

  /** Subsystem reset: the report has been forgotten, events wait on. */
  reset(): void {
    this.isReported = false;
  }
}

const contentOf = (notice: PciNotice): number =>
  notice.error === undefined ? SEI_PCI_CONTENT.AVAILABILITY : SEI_PCI_CONTENT.ERROR;

const encodedEvent = ({ functionHandle, functionId, code, error }: PciNotice): PciEvent => ({
  functionHandle,
  functionId,
  code,
  error: error?.word ?? 0,
  failingAddress: error?.failingAddress ?? 0,
});
