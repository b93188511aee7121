import type { Process, Steps } from '../../kernel/process.ts';
import { NO_PATHS, type PathMask, pathBit } from '../../zarch/path-mask.ts';
import { CHP_EVENT } from '../subchannel-driver.ts';
import type { VfioDevice } from './device.ts';

/**
 * What a guest learns when a report says that the parameters of its subchannel are modified, as when a managed channel path
 * moves. Linux only looks whether the subchannel is still there: `silent`. With `path-event`, which is a proposal, the
 * relay is told of each path that has gone or come, as if its channel path had.
 */
export const MODIFIED_POLICIES = ['silent', 'path-event'] as const;
export type ModifiedPolicy = (typeof MODIFIED_POLICIES)[number];

/**
 * Paths of a device that were available when its user was told last, with their CHPIDs: a path that is uninstalled takes
 * its CHPID with it. The SCHIB will not do for that: user space has it stored anew at any time.
 */
export class ToldPaths {
  private pam: PathMask = NO_PATHS;
  private readonly chpids = new Uint8Array(8);

  /** The user knows all that the SCHIB shows. */
  update({ pam, pim, chpids }: VfioDevice): void {
    this.pam = pam & pim;
    this.chpids.set(chpids);
  }

  /** Tells the relay what has changed. The caller has stored the SCHIB and holds the subchannel's lock. */
  *tell(self: Process, device: VfioDevice): Steps {
    const { relay, driver } = device;
    if (relay === null || !device.isOpen || driver.modified === 'silent') return;
    const { pam, chpids } = this;
    const now = device.pam & device.pim;
    for (let index = 0; index < 8; index++) {
      const mask = pathBit(index);
      if (((now ^ pam) & mask) === NO_PATHS) continue;
      const comes = (now & mask) !== NO_PATHS;
      const chpid = (comes ? device.chpids : chpids)[index];
      const event = comes ? CHP_EVENT.ONLINE : CHP_EVENT.OFFLINE;
      yield* relay.pathEvent(self, device, { event, link: { chpid, flaMask: 0, fla: 0 }, mask });
    }
    this.update(device);
  }
}
