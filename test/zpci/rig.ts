import { BLIND } from '../../src/observe/observer.ts';
import { PciAccess } from '../../src/zpci/access.ts';
import { FUNCTION_KINDS, type FunctionKindName } from '../../src/zpci/function-kinds.ts';
import type { FunctionState } from '../../src/zpci/function-states.ts';
import { PciFunction } from '../../src/zpci/pci-function.ts';

/** A function in some state, with the handle that goes with it. */
export function functionIn(
  state: FunctionState,
  type: FunctionKindName = 'ism',
  longestStore = 4096,
): PciFunction {
  const kind = FUNCTION_KINDS[type];
  const fn = new PciFunction({
    name: 'fn',
    id: 1,
    kind,
    group: { longestStore, relaxedAlignment: kind.relaxedAlignment },
    state: 'reserved',
    index: 1,
    observer: BLIND,
    system: 0,
  });
  for (const event of WAY[state]) fn.take(event);
  return fn;
}

const TO_ENABLED = ['add', 'configure', 'enable'] as const;
const WAY = {
  reserved: [],
  standby: ['add'],
  disabled: ['add', 'configure'],
  enabled: TO_ENABLED,
  blocked: [...TO_ENABLED, 'fail', 'reset-block'],
  error: [...TO_ENABLED, 'fail'],
  'permanent-error': [...TO_ENABLED, 'break'],
} as const;

/** Operands with which each instruction works for an enabled function that is no ISM one. */
export function goodAccess(instruction: PciAccess['instruction'], handle: number): PciAccess {
  const length = instruction.startsWith('pcistb') ? 64 : 8;
  return new PciAccess().set(instruction, handle, 0, 64, length);
}
