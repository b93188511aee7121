import type { ChannelProgram } from './ccw.ts';
import type { PathMask } from './path-mask.ts';

/** Operation-request block, command mode. */
export class Orb {
  intparm = 0;
  key = 0;
  suspendControl = 0;
  format1 = 1;
  prefetch = 1;
  initialStatus = 0;
  addressLimit = 0;
  suppressSuspended = 0;
  /** Channel-program type: one for a transport-control word. */
  transportMode = 0;
  idaw64 = 1;
  idawBlock2k = 0;
  lpm: PathMask = 0;
  incorrectLengthSuppression = 0;
  program: ChannelProgram | null = null;
  /** Uniform draws that the request carries from its creation, so that another path or a retry moves no stream. */
  hitDraw = 0;
  serviceDraw = 0;
}
