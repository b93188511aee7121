import type { VirtualSubchannel } from './subchannel.ts';

/** How devices reach the guest without having been asked. */
export interface Notifier {
  /** Alert status, unless status is pending already (css.c:css_conditional_io_interrupt). */
  unsolicited(sch: VirtualSubchannel): void;
  /** An adapter interruption of a virtio device. */
  adapter(isc: number): void;
}
