import type { Process, Steps } from '../../kernel/process.ts';
import { CCW_FLAG } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';
import { firstPath, NO_PATHS, type PathMask } from '../../zarch/path-mask.ts';
import { E, type Errno } from '../errno.ts';
import { controlRequest, SUBORDER, subsystemDataRequest } from './control-requests.ts';
import { type CuirRequest, decodeRequest, encodeResponse, reconfigure } from './cuir.ts';
import type { DasdDevice } from './dasd-device.ts';
import { FLAG, STATE } from './definitions.ts';
import { controlCcw, controlProgram } from './request.ts';
import { sleepOn, sleepOnImmediately } from './sleep-on.ts';
import { Worker } from './worker.ts';

/** Room for one message (`struct dasd_rssd_messages`). */
const MESSAGE_BUFFER_BYTES = 4096;

/** An interruption shows attention (dasd_eckd.c: dasd_eckd_check_attention): a worker asks what the control unit wants. */
export function attention(device: DasdDevice, lpum: PathMask): void {
  device.attentions.push(lpum);
  device.attentionWork ??= new Worker(
    `dasd ${device.shared.system}.${device.cdev.deviceNumber.toString(16)} attention`,
    device.shared,
    (self) => checkAttention(self, device),
  );
  device.attentionWork.queue();
}

/** dasd_eckd_check_attention_work, once for each attention; after each message that it handled it looks for another one. */
function* checkAttention(self: Process, device: DasdDevice): Steps {
  for (let lpum = device.attentions.shift(); lpum !== undefined; lpum = device.attentions.shift()) {
    if (device.state < STATE.BASIC || device.offline) continue;
    const message = yield* readMessage(self, device, lpum);
    const request = message === null ? null : decodeRequest(message);
    if (request === null) continue;
    const response = reconfigure(device.logicalControlUnit?.members ?? [], lpum, request);
    yield* respond(self, device, lpum, request, response);
    device.attentions.push(lpum);
  }
}

/**
 * dasd_eckd_read_message_buffer: ahead of all other requests, on the path that attention came on, else on any. The running
 * request is ended for it and started again.
 */
function* readMessage(self: Process, device: DasdDevice, lpum: PathMask): Steps<Uint8Array | null> {
  for (const lpm of [lpum, NO_PATHS]) {
    const data = new Uint8Array(MESSAGE_BUFFER_BYTES);
    const request = subsystemDataRequest(device, SUBORDER.MESSAGE_BUFFER, data, 0, 0);
    for (const ccw of request.program.ccws) ccw.flags |= CCW_FLAG.SUPPRESS_LENGTH;
    request.flags = (request.flags & ~FLAG.USE_ERP) | FLAG.VERIFY_PATH;
    request.lpm = lpm;
    if ((yield* sleepOnImmediately(self, device, request)) === E.OK) return data;
  }
  return null;
}

/** dasd_eckd_psf_cuir_response: on any path, those that were just given up among them. */
function* respond(
  self: Process,
  device: DasdDevice,
  lpum: PathMask,
  { messageId }: CuirRequest,
  response: number,
): Steps<Errno> {
  const chpid = device.cdev.chpid(firstPath(lpum));
  const order = encodeResponse(messageId, response, chpid & 0xff, chpid >>> 8);
  const ccw = controlCcw(COMMAND.psf, CCW_FLAG.SUPPRESS_LENGTH, order.length, order);
  const request = controlRequest(device, controlProgram(ccw));
  request.flags |= FLAG.VERIFY_PATH;
  return yield* sleepOn(self, device, request);
}
