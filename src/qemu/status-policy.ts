import type { VirtualSubchannel } from './subchannel.ts';

/**
 * What becomes of status that the host has for a subchannel which the guest has disabled: that of the host's own halt, for
 * instance, after the guest has given the device up. `qemu` shows it all the same, where TSCH cannot take it away (cc 3) and
 * MSCH is refused for its sake (cc 1): the guest never gets the device back. `drop-disabled` is a proposal: QEMU reads it
 * and forgets it. A disabled subchannel of the machine is never made status pending, either (PoP, subchannel-enabled bit).
 */
export const STATUS_POLICIES = ['qemu', 'drop-disabled'] as const;
export type StatusPolicy = (typeof STATUS_POLICIES)[number];

/** Whether the guest gets status of the host for this subchannel, and an interruption for it. */
export const keepsStatus = (policy: StatusPolicy, { schib }: VirtualSubchannel): boolean =>
  policy === 'qemu' || schib.pmcw.enabled === 1;
