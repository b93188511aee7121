import type { Process, Steps } from '../kernel/process.ts';
import type { KernelRelay, PathEvent, RelayedDevice } from '../linux/vfio/event-relay.ts';
import { atOnce } from './at-once.ts';

/** The kernel half of strategies that tell user space of nothing. User space may or may not read the SCHIB. */
export class SilentKernelRelay implements KernelRelay {
  readonly name: string;
  readonly offersSchib: boolean;
  readonly offersReports: boolean = false;
  readonly held = 0;

  constructor(name: string, offersSchib: boolean) {
    this.name = name;
    this.offersSchib = offersSchib;
  }

  pathEvent(_self: Process, _device: RelayedDevice, _event: PathEvent): Steps {
    return atOnce();
  }

  hasNews(_device: RelayedDevice): boolean {
    return false;
  }

  read(_self: Process, _device: RelayedDevice): Steps<number> {
    return atOnce(0);
  }

  deviceGone(_device: RelayedDevice): void {}
}
