import { clearScsw } from './block-copy.ts';
import { ALL_PATHS, NO_PATHS } from './path-mask.ts';
import type { Schib } from './schib.ts';

/**
 * What a program has set, and what it has started, is gone, as after a system reset (architecture reference B.6). Device
 * number, installed and available paths stay.
 */
export function initializeSchib(schib: Schib): void {
  const { pmcw, scsw } = schib;
  pmcw.intparm = 0;
  pmcw.isc = 0;
  pmcw.enabled = 0;
  pmcw.limitMode = 0;
  pmcw.measurementMode = 0;
  pmcw.multipath = 0;
  pmcw.lpm = pmcw.pim;
  pmcw.pnom = NO_PATHS;
  pmcw.lpum = NO_PATHS;
  pmcw.measurementIndex = 0;
  pmcw.pom = ALL_PATHS;
  pmcw.measurementFormat1 = 0;
  pmcw.extendedMeasurement = 0;
  pmcw.concurrentSense = 0;
  schib.measurementBlock = 0;
  clearScsw(scsw);
}
