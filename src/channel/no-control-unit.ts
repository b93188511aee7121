import { SimulationDefect } from '../kernel/assert.ts';
import type { ControlUnit } from './control-unit.ts';

/** What is at the end of the paths of a subchannel that has none: nothing ever gets there. */
export function noControlUnit(): ControlUnit {
  return {
    name: 'none',
    initialSelection: nothingArrives,
    execute: nothingArrives,
    nextCommand: nothingArrives,
    executeCommand: nothingArrives,
    cancel: nothingArrives,
    setLogicalPath: nothingArrives,
    systemReset: nothingArrives,
    selectiveReset: nothingArrives,
    busyOver: { deviceEnd: nothingArrives, controlUnitEnd: nothingArrives },
  };
}

function nothingArrives(): never {
  throw new SimulationDefect('a subchannel without channel paths reached a control unit');
}
