import type { Process, Steps } from '../kernel/process.ts';
import { EVENT } from '../observe/event-table.ts';
import type { PciEvent } from '../zarch/chsc.ts';
import { AVAILABILITY } from '../zarch/pci.ts';
import type { LinuxFunction } from './linux-function.ts';
import type { LinuxPci } from './linux-pci.ts';

/** Functions that come and go (pci_event.c:zpci_event_availability). An event may be stale: what is the case now decides. */
export function* handleAvailability(pci: LinuxPci, self: Process, event: PciEvent): Steps {
  const fn = pci.find(event.functionId);
  pci.emit(EVENT['pci.availability'], event.functionId, event.code, fn === undefined ? 0 : 1);
  if (event.code === AVAILABILITY.SEVERAL_CHANGED) yield* pci.scan(self);
  else if (fn === undefined) yield* newFunction(pci, self, event);
  else yield* knownFunction(pci, self, fn, event);
}

function* newFunction(pci: LinuxPci, self: Process, { functionId, functionHandle, code }: PciEvent): Steps {
  if (code !== AVAILABILITY.CONFIGURED && code !== AVAILABILITY.STANDBY) return;
  const seen = yield* pci.lookUp(self, functionId);
  if (seen === undefined) return;
  const fn = pci.add(seen, code === AVAILABILITY.CONFIGURED ? 'configured' : 'standby');
  fn.handle = functionHandle;
  if (fn.state === 'configured') yield* pci.scanConfigured(self, fn);
}

function* knownFunction(pci: LinuxPci, self: Process, fn: LinuxFunction, event: PciEvent): Steps {
  switch (event.code) {
    case AVAILABILITY.CONFIGURED:
      if (fn.state !== 'standby') return;
      fn.state = 'configured';
      fn.handle = event.functionHandle;
      yield* pci.scanConfigured(self, fn);
      return;
    case AVAILABILITY.STANDBY:
      fn.handle = event.functionHandle;
      return;
    case AVAILABILITY.DECONFIGURATION_REQUESTED:
      if (fn.state !== 'configured') return;
      fn.handle = event.functionHandle;
      yield* pci.deconfigure(self, fn);
      return;
    case AVAILABILITY.DECONFIGURED:
      yield* deconfigured(pci, self, fn, event);
      return;
    case AVAILABILITY.RESERVED:
      pci.remove(fn);
      pci.forget(fn);
      return;
    // Others are not known, and nothing is done about them.
  }
}

/** It is gone already: the driver lets go of something that does not answer any more. */
function* deconfigured(pci: LinuxPci, self: Process, fn: LinuxFunction, event: PciEvent): Steps {
  if (fn.state === 'configured') {
    fn.handle = event.functionHandle;
    pci.remove(fn);
    yield* pci.disable(self, fn);
    fn.state = 'standby';
  }
  if ((yield* pci.lookUp(self, fn.id)) === undefined) pci.forget(fn);
}
