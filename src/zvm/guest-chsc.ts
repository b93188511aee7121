import { CHSC, CHSC_RESPONSE, type ChscBlock, FACILITY_MULTIPLE_SUBCHANNEL_SETS } from '../zarch/chsc.ts';

/** Channel paths as a guest knows them. */
export interface ShownChannelPath {
  readonly chpid: number;
  readonly type: number;
}

/** General characteristic: several subchannel sets (asm/css_chars.h). */
const MULTIPLE_SUBCHANNEL_SETS = 45;

/**
 * CHANNEL SUBSYSTEM CALL under CP: descriptions of the paths that the guest is shown, and the subchannel sets. There are no
 * events to be told, and control units and links are not described.
 */
export function guestChannelSubsystemCall(
  paths: readonly ShownChannelPath[],
  subchannelSets: number,
  block: ChscBlock,
): void {
  block.response = CHSC_RESPONSE.OK;
  switch (block.command) {
    case CHSC.STORE_CHARACTERISTICS:
      block.characteristics = { general: subchannelSets > 1 ? [MULTIPLE_SUBCHANNEL_SETS] : [], chsc: [] };
      return;
    case CHSC.STORE_CHANNEL_PATH_DESCRIPTION:
      if (block.format !== 0) block.response = CHSC_RESPONSE.INVALID_REQUEST;
      block.pathDescriptions = paths
        .filter(({ chpid }) => chpid >= block.first && chpid <= block.last)
        .map(({ chpid, type }) => ({ valid: true, chpid, type, mdc: 0 }));
      return;
    case CHSC.STORE_EVENT_INFORMATION:
      block.event = null;
      block.response = CHSC_RESPONSE.NO_EVENTS;
      return;
    case CHSC.ENABLE_FACILITY:
      if (block.operation === FACILITY_MULTIPLE_SUBCHANNEL_SETS && subchannelSets > 1) return;
      block.response = CHSC_RESPONSE.FACILITY_NOT_PROVIDED;
      return;
    default:
      block.response = CHSC_RESPONSE.INVALID_COMMAND;
  }
}
