import { assert } from '../kernel/assert.ts';

/**
 * States of a PCI function (QEMU s390-pci-bus.h:ZpciState; the machine's are the same). Reserved: nobody has it. Standby: it
 * is there and can be configured. Disabled: it is in the configuration, and can be enabled. Blocked: after an error, loads
 * and stores work again, and no data may move yet.
 */
export const FUNCTION_STATES = [
  'reserved',
  'standby',
  'disabled',
  'enabled',
  'blocked',
  'error',
  'permanent-error',
] as const;
export type FunctionState = (typeof FUNCTION_STATES)[number];
export const stateNumber = (state: FunctionState): number => FUNCTION_STATES.indexOf(state);

/** What happens to functions: from outside, by SCLP, by CLP, by an error, by MODIFY PCI FUNCTION CONTROLS. */
export type FunctionEvent =
  | 'add'
  | 'remove'
  | 'configure'
  | 'deconfigure'
  | 'enable'
  | 'disable'
  | 'fail'
  | 'break'
  | 'reset-block'
  | 'reset-error';

/** `refuse`: the one who asks is told so by a response code; `ignore`: nothing happens. */
type Next = FunctionState | 'refuse' | 'ignore';

const OUTSIDE = {
  enable: 'refuse',
  disable: 'refuse',
  'reset-block': 'refuse',
  'reset-error': 'refuse',
} as const;
/** Functions that nobody uses do not fail. */
const UNUSED = { fail: 'ignore', break: 'ignore' } as const;
const IN_CONFIGURATION = {
  add: 'ignore',
  remove: 'reserved',
  configure: 'refuse',
  deconfigure: 'standby',
} as const;

export const FUNCTION_TRANSITIONS = {
  reserved: {
    ...OUTSIDE,
    ...UNUSED,
    add: 'standby',
    remove: 'ignore',
    configure: 'refuse',
    deconfigure: 'refuse',
  },
  standby: {
    ...OUTSIDE,
    ...UNUSED,
    add: 'ignore',
    remove: 'reserved',
    configure: 'disabled',
    deconfigure: 'refuse',
  },
  disabled: { ...OUTSIDE, ...UNUSED, ...IN_CONFIGURATION, enable: 'enabled' },
  enabled: {
    ...OUTSIDE,
    ...IN_CONFIGURATION,
    disable: 'disabled',
    fail: 'error',
    break: 'permanent-error',
  },
  blocked: {
    ...IN_CONFIGURATION,
    enable: 'refuse',
    disable: 'disabled',
    fail: 'error',
    break: 'permanent-error',
    'reset-block': 'refuse',
    'reset-error': 'enabled',
  },
  error: {
    ...IN_CONFIGURATION,
    enable: 'refuse',
    disable: 'disabled',
    fail: 'ignore',
    break: 'permanent-error',
    'reset-block': 'blocked',
    'reset-error': 'enabled',
  },
  'permanent-error': {
    ...OUTSIDE,
    ...IN_CONFIGURATION,
    disable: 'disabled',
    fail: 'ignore',
    break: 'ignore',
  },
} as const satisfies Record<FunctionState, Record<FunctionEvent, Next>>;

export const nextState = (state: FunctionState, event: FunctionEvent): Next =>
  FUNCTION_TRANSITIONS[state][event];

/** Handles of functions in these states have the enabled bit. */
export const isEnabledState = (state: FunctionState): boolean =>
  state === 'enabled' || state === 'blocked' || state === 'error' || state === 'permanent-error';

/** States in which the function is in a system's configuration. */
export const isConfigured = (state: FunctionState): boolean => state !== 'reserved' && state !== 'standby';

export function assertEdge(from: FunctionState, event: FunctionEvent, to: FunctionState): void {
  assert(nextState(from, event) === to, `no PCI function goes from ${from} to ${to} on ${event}`);
}
