import { CHSC, CHSC_RESPONSE, type ChscBlock } from '../zarch/chsc.ts';
import { isWellFormed, type RequestRules } from '../zarch/chsc-codec.ts';

/**
 * What the machine refuses in requests of CHANNEL SUBSYSTEM CALL (architecture reference A.13): another length than the
 * command's and ones in reserved places are errors of the request block, and there are no request formats but 0.
 */
export const MACHINE_REQUEST_RULES: RequestRules = {
  unknownCommand: CHSC_RESPONSE.INVALID_COMMAND,
  commands: {
    [CHSC.STORE_CHANNEL_PATH_DESCRIPTION]: ascending,
    [CHSC.STORE_SUBCHANNEL_DESCRIPTION]: ascending,
    [CHSC.STORE_EVENT_INFORMATION]: wellFormed,
    [CHSC.STORE_CHARACTERISTICS]: wellFormed,
    [CHSC.ENABLE_FACILITY]: wellFormed,
  },
};

function wellFormed(request: Uint8Array, block: ChscBlock): number {
  if (!isWellFormed(request, block.command)) return CHSC_RESPONSE.INVALID_REQUEST;
  return block.requestFormat === 0 ? 0 : CHSC_RESPONSE.INVALID_FORMAT;
}

function ascending(request: Uint8Array, block: ChscBlock): number {
  const refused = wellFormed(request, block);
  if (refused !== 0) return refused;
  return block.last < block.first ? CHSC_RESPONSE.INVALID_REQUEST : 0;
}
