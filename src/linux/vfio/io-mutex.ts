import { SubchannelLock } from '../subchannel-lock.ts';

/** The mutex of a device's regions (`private->io_mutex`): readers and the kernel's own work wait for it, writers do not. */
export class IoMutex extends SubchannelLock {
  tryAcquire(): boolean {
    if (this.holds > 0) return false;
    this.holds = 1;
    return true;
  }
}
