import type { Pmcw } from '../zarch/schib.ts';

/**
 * Subchannels on which no channel program of the model is executed, as STSCH shows them (PoP, subchannel-information block;
 * types as in Linux, asm/schid.h and cio.h). `qdio` is an I/O subchannel with queues in storage, as network adapters have it;
 * the others are of a type of their own. No channel path leads to any of them here.
 */
export const SUBCHANNEL_KINDS = {
  chsc: { subchannelType: 1, qdio: 0, deviceNumberValid: 0 },
  message: { subchannelType: 2, qdio: 0, deviceNumberValid: 0 },
  eadm: { subchannelType: 3, qdio: 0, deviceNumberValid: 0 },
  qdio: { subchannelType: 0, qdio: 1, deviceNumberValid: 1 },
} as const satisfies Record<string, Partial<Pmcw>>;
export type SubchannelKind = keyof typeof SUBCHANNEL_KINDS;
