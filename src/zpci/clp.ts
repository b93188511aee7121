import { CLP, CLP_OPERATION, CLP_REQUEST_BYTES, CLP_RESPONSE, SCLP_RESPONSE } from '../zarch/clp.ts';
import { isEnabledHandle } from '../zarch/pci.ts';
import { isConfigured } from './function-states.ts';
import type { PciFunction } from './pci-function.ts';
import type { ServiceAnswer } from './processor.ts';

/** A request of CALL LOGICAL PROCESSOR, as far as its answer depends on it. */
export interface ClpRequest {
  readonly command: number;
  readonly bytes: number;
  readonly handle: number;
  readonly group: number;
  readonly operation: number;
  /** SET PCI FN, enable: DMA address spaces that are asked for. */
  readonly dmaSpaces: number;
}

/** The group that all functions of a system are in: only its limits matter. */
export const ONLY_GROUP = 0;

/** Response code to a request that is not carried out: length first, then the command's own (s390-pci-inst.c:clp_service_call). */
export function clpResponse(request: ClpRequest, functions: readonly PciFunction[]): number {
  if (request.bytes !== CLP_REQUEST_BYTES) return CLP_RESPONSE.LENGTH;
  switch (request.command) {
    case CLP.LIST:
      return CLP_RESPONSE.OK;
    case CLP.QUERY_FUNCTION:
      return byHandle(functions, request.handle) === undefined
        ? CLP_RESPONSE.INVALID_HANDLE
        : CLP_RESPONSE.OK;
    case CLP.QUERY_GROUP:
      return request.group === ONLY_GROUP ? CLP_RESPONSE.OK : CLP_RESPONSE.UNKNOWN_GROUP;
    case CLP.SET_FUNCTION:
      return setResponse(byHandle(functions, request.handle), request);
    default:
      return CLP_RESPONSE.UNKNOWN_COMMAND;
  }
}

function setResponse(fn: PciFunction | undefined, { operation, dmaSpaces }: ClpRequest): number {
  if (fn === undefined) return CLP_RESPONSE.INVALID_HANDLE;
  const on = isEnabledHandle(fn.handle);
  switch (operation) {
    case CLP_OPERATION.ENABLE:
      if (dmaSpaces === 0) return CLP_RESPONSE.NO_DMA_SPACE;
      if (dmaSpaces !== 1) return CLP_RESPONSE.INSUFFICIENT_RESOURCES;
      return on ? CLP_RESPONSE.HANDLE_NOT_VALID : CLP_RESPONSE.OK;
    case CLP_OPERATION.DISABLE:
      return on ? CLP_RESPONSE.OK : CLP_RESPONSE.HANDLE_NOT_VALID;
    default:
      return CLP_RESPONSE.HANDLE_NOT_VALID;
  }
}

/** SET PCI FN with one DMA space, carried out. */
export function setFunction(
  functions: readonly PciFunction[],
  handle: number,
  operation: number,
): ServiceAnswer {
  const request = {
    command: CLP.SET_FUNCTION,
    bytes: CLP_REQUEST_BYTES,
    handle,
    group: ONLY_GROUP,
    operation,
    dmaSpaces: 1,
  };
  const response = clpResponse(request, functions);
  const fn = byHandle(functions, handle);
  if (response !== CLP_RESPONSE.OK || fn === undefined) return { response, handle };
  const done = fn.take(operation === CLP_OPERATION.ENABLE ? 'enable' : 'disable');
  return { response: done ? response : CLP_RESPONSE.HANDLE_NOT_VALID, handle: fn.handle };
}

/** SCLP configure or deconfigure of an adapter (s390-pci-bus.c:s390_pci_sclp_configure, _deconfigure). */
export function configureFunction(functions: readonly PciFunction[], id: number, on: boolean): number {
  const fn = functions.find((other) => other.id === id);
  if (fn === undefined) return SCLP_RESPONSE.UNKNOWN_ADAPTER;
  if (fn.state === 'reserved') return SCLP_RESPONSE.RESERVED;
  if (isConfigured(fn.state) === on) return SCLP_RESPONSE.NO_ACTION;
  fn.take(on ? 'configure' : 'deconfigure');
  return SCLP_RESPONSE.DONE;
}

export const byHandle = (functions: readonly PciFunction[], handle: number): PciFunction | undefined =>
  functions.find((fn) => fn.handle === handle && fn.state !== 'reserved');
