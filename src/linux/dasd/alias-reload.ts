import type { Process, Steps } from '../../kernel/process.ts';
import { E } from '../errno.ts';
import type { DasdDevice } from './dasd-device.ts';
import type { LogicalControlUnits } from './logical-control-unit.ts';
import { readConfiguration } from './recognition.ts';

/** Asks an alias anew which base it stands for, and with it the whole logical control unit (`dasd_eckd_reload_device`). */
export function* reloadAlias(self: Process, device: DasdDevice, units: LogicalControlUnits): Steps {
  if (device.uid === null || device.offline) return;
  units.of(device, device.uid).remove(device);
  if ((yield* readConfiguration(self, device)) !== E.OK) return;
  units.of(device, device.uid).addAnew(device);
}
