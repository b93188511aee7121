import type { Process, Steps } from '../kernel/process.ts';
import { E } from '../linux/errno.ts';
import { EVENT } from '../observe/event-table.ts';
import type { PciEvent } from '../zarch/chsc.ts';
import { ERROR_EVENT, FUNCTION_CONTROL } from '../zarch/pci.ts';
import { PciAccess } from './access.ts';
import { ERROR_OUTCOME, type ErrorOutcome, type LinuxFunction } from './linux-function.ts';
import type { LinuxPci } from './linux-pci.ts';

/** Errors of functions (pci_event.c:__zpci_event_error). What is left in error waits for an operator. */
export function* handleError(pci: LinuxPci, self: Process, event: PciEvent): Steps {
  const outcome = yield* errorOutcome(pci, self, event);
  pci.emit(EVENT['pci.error'], event.functionId, event.code, outcome);
}

function* errorOutcome(pci: LinuxPci, self: Process, event: PciEvent): Steps<ErrorOutcome> {
  const fn = pci.find(event.functionId);
  if (fn === undefined) return ERROR_OUTCOME.IGNORED;
  const seen = yield* pci.lookUp(self, fn.id);
  // An event with a stale handle is about a function that has been enabled anew meanwhile.
  if (seen === undefined || seen.handle !== event.functionHandle) return ERROR_OUTCOME.IGNORED;
  fn.handle = event.functionHandle;
  if (isOneOf(ERROR_EVENT.MEASUREMENT, event.code)) return ERROR_OUTCOME.LOGGED;
  if (isOneOf(ERROR_EVENT.PERMANENT, event.code)) return lost(fn, ERROR_OUTCOME.LOST);
  if (!pci.linux.features.zpciRecovery) return lost(fn, ERROR_OUTCOME.LEFT);
  const outcome = yield* attemptRecovery(pci, self, fn);
  return outcome === ERROR_OUTCOME.RECOVERED ? outcome : lost(fn, outcome);
}

const isOneOf = (codes: readonly number[], code: number): boolean => codes.includes(code);

/** zpci_event_io_failure. */
function lost(fn: LinuxFunction, outcome: ErrorOutcome): ErrorOutcome {
  fn.channel = 'permanent-failure';
  return outcome;
}

/** zpci_event_attempt_error_recovery. */
function* attemptRecovery(pci: LinuxPci, self: Process, fn: LinuxFunction): Steps<ErrorOutcome> {
  if (fn.channel === 'permanent-failure') return ERROR_OUTCOME.LOST;
  fn.channel = 'frozen';
  if (fn.passedThrough) return ERROR_OUTCOME.PASSED_THROUGH;
  if (!fn.bound) return ERROR_OUTCOME.NO_DRIVER;
  if (fn.kind.recovery === 'none') return ERROR_OUTCOME.NO_SUPPORT;
  const unblocked = fn.kind.recovery === 'unblock' && (yield* clearErrorState(pci, self, fn));
  if (!unblocked && !(yield* hotReset(pci, self, fn))) return ERROR_OUTCOME.FAILED;
  fn.channel = 'normal';
  return ERROR_OUTCOME.RECOVERED;
}

/** Loads and stores first, so that the driver can look at its device; then data. */
function* clearErrorState(pci: LinuxPci, self: Process, fn: LinuxFunction): Steps<boolean> {
  return (
    (yield* control(pci, self, fn, FUNCTION_CONTROL.RESET_BLOCK)) &&
    (yield* control(pci, self, fn, FUNCTION_CONTROL.RESET_ERROR))
  );
}

/** zpci_hot_reset_device: disabled and enabled anew. */
function* hotReset(pci: LinuxPci, self: Process, fn: LinuxFunction): Steps<boolean> {
  yield* pci.disable(self, fn);
  return (yield* pci.enable(self, fn)) === E.OK;
}

function* control(pci: LinuxPci, self: Process, fn: LinuxFunction, what: number): Steps<boolean> {
  const access = new PciAccess().set('mpcifc', fn.handle, 0, 0, 0);
  access.control = what;
  return (yield* pci.instructions.execute(self, access, fn.id)) === E.OK;
}
