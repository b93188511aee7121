import { admit, DROP, type DuplicatePolicy, QUEUE } from './duplicate-reports.ts';
import { modifiedMachine } from './modified-machine.ts';
import type { Relay } from './relay.ts';

/** K: QEMU looks at the reports that wait for the guest before it queues another one. */
export const dedupe = (over: Relay, policy: DuplicatePolicy): Relay => ({
  kernel: over.kernel,
  vmm: (machine) => {
    const { queue } = machine.css.reports;
    const report = (word: number): void => {
      const admission = admit(policy, queue.waiting(), word);
      if (admission === DROP) return;
      if (admission !== QUEUE) queue.remove(admission);
      machine.report(word);
    };
    return over.vmm(modifiedMachine(machine, report));
  },
});
