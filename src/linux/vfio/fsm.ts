import type { RegionLayout } from './region-layout.ts';

/**
 * The state machine of a subchannel that is passed through (vfio_ccw_fsm.c:vfio_ccw_jumptable). Numbers are those of
 * the tracepoints.
 *
 *            OPEN                 IO_REQ                   SSCH cc 0
 *   STANDBY ──────► IDLE ───────────────► CP_PROCESSING ─────────────► CP_PENDING
 *           ◄──────   ▲  ◄──────────────── refused                         │
 *            CLOSE    └──────────────────── final status of the program ◄──┘
 */
export const VFIO_STATE = {
  NOT_OPER: 0,
  STANDBY: 1,
  IDLE: 2,
  CP_PROCESSING: 3,
  CP_PENDING: 4,
  /** None of Linux': the subchannel is gone, and the device waits for it (`gone-policy.ts`). */
  DISCONNECTED: 5,
} as const;
export type VfioState = (typeof VFIO_STATE)[keyof typeof VFIO_STATE];

export const VFIO_EVENT = {
  NOT_OPER: 0,
  IO_REQ: 1,
  INTERRUPT: 2,
  ASYNC_REQ: 3,
  OPEN: 4,
  CLOSE: 5,
  /** None of Linux': the subchannel of a disconnected device is operational again. */
  OPER: 6,
} as const;
export type VfioEvent = (typeof VFIO_EVENT)[keyof typeof VFIO_EVENT];

export type VfioAction =
  | 'nop'
  | 'notoper'
  | 'io-error'
  | 'io-retry'
  | 'io-busy'
  | 'io-request'
  /** Layout `one`: any function that the I/O region can name, or only those that stop an operation. */
  | 'io-function'
  | 'io-stop'
  | 'async-error'
  | 'async-retry'
  | 'async-request'
  | 'irq'
  | 'disabled-irq'
  | 'open'
  | 'close'
  | 'disconnect'
  | 'reconnect'
  | 'io-gone'
  | 'async-gone'
  /** Never given to the state machine. */
  | 'impossible';

type FsmTable = Readonly<Record<VfioState, Readonly<Record<VfioEvent, VfioAction>>>>;

const { NOT_OPER, IO_REQ, INTERRUPT, ASYNC_REQ, OPEN, CLOSE, OPER } = VFIO_EVENT;

/** Linux 6.1 and later. A second OPEN, or a CLOSE before one, would have the subchannel unregistered. */
const TABLE: FsmTable = {
  [VFIO_STATE.NOT_OPER]: {
    [NOT_OPER]: 'nop',
    [IO_REQ]: 'io-error',
    [INTERRUPT]: 'disabled-irq',
    [ASYNC_REQ]: 'async-error',
    [OPEN]: 'nop',
    [CLOSE]: 'nop',
    [OPER]: 'impossible',
  },
  [VFIO_STATE.STANDBY]: {
    [NOT_OPER]: 'notoper',
    [IO_REQ]: 'io-error',
    [INTERRUPT]: 'disabled-irq',
    [ASYNC_REQ]: 'async-error',
    [OPEN]: 'open',
    [CLOSE]: 'notoper',
    [OPER]: 'impossible',
  },
  [VFIO_STATE.IDLE]: {
    [NOT_OPER]: 'notoper',
    [IO_REQ]: 'io-request',
    [INTERRUPT]: 'irq',
    [ASYNC_REQ]: 'async-request',
    [OPEN]: 'notoper',
    [CLOSE]: 'close',
    [OPER]: 'impossible',
  },
  [VFIO_STATE.CP_PROCESSING]: {
    [NOT_OPER]: 'notoper',
    [IO_REQ]: 'io-retry',
    [INTERRUPT]: 'irq',
    [ASYNC_REQ]: 'async-retry',
    [OPEN]: 'notoper',
    [CLOSE]: 'close',
    [OPER]: 'impossible',
  },
  [VFIO_STATE.CP_PENDING]: {
    [NOT_OPER]: 'notoper',
    [IO_REQ]: 'io-busy',
    [INTERRUPT]: 'irq',
    [ASYNC_REQ]: 'async-request',
    [OPEN]: 'notoper',
    [CLOSE]: 'close',
    [OPER]: 'impossible',
  },
  [VFIO_STATE.DISCONNECTED]: {
    [NOT_OPER]: 'nop',
    [IO_REQ]: 'io-gone',
    [INTERRUPT]: 'disabled-irq',
    [ASYNC_REQ]: 'async-gone',
    [OPEN]: 'nop',
    [CLOSE]: 'nop',
    [OPER]: 'reconnect',
  },
};

/** The same where some events never come. */
const without = (table: FsmTable, events: readonly VfioEvent[]): FsmTable => {
  const cells = Object.fromEntries(events.map((event) => [event, 'impossible' as const]));
  return Object.fromEntries(
    Object.entries(table).map(([state, actions]) => [state, { ...actions, ...cells }]),
  ) as unknown as FsmTable;
};

/** Before, devices were opened and closed past the state machine. */
const TABLE_5_2 = without(TABLE, [OPEN, CLOSE]);
/** Without commands a program in translation (the state was called BOXED) was as good as one that runs. */
const FIRST_TABLE: FsmTable = {
  ...without(TABLE_5_2, [ASYNC_REQ]),
  [VFIO_STATE.CP_PROCESSING]: {
    ...without(TABLE_5_2, [ASYNC_REQ])[VFIO_STATE.CP_PROCESSING],
    [IO_REQ]: 'io-busy',
  },
};

/** Layout `one`: halt and clear come with the I/O region, and are taken in the states in which commands are. */
const inOneRegion = (table: FsmTable): FsmTable => {
  const states = without(table, [ASYNC_REQ]);
  return {
    ...states,
    [VFIO_STATE.IDLE]: { ...states[VFIO_STATE.IDLE], [IO_REQ]: 'io-function' },
    [VFIO_STATE.CP_PENDING]: { ...states[VFIO_STATE.CP_PENDING], [IO_REQ]: 'io-stop' },
  };
};

const TABLE_IN_ONE = inOneRegion(TABLE);
const TABLE_5_2_IN_ONE = inOneRegion(TABLE_5_2);

/** The table of a kernel. One that has no commands takes none in the I/O region either. */
export function fsmTable(
  features: { readonly vfioOpenClose: boolean; readonly vfioCommandRegion: boolean },
  layout: RegionLayout = 'separate',
): FsmTable {
  if (!features.vfioCommandRegion) return FIRST_TABLE;
  if (layout === 'one') return features.vfioOpenClose ? TABLE_IN_ONE : TABLE_5_2_IN_ONE;
  return features.vfioOpenClose ? TABLE : TABLE_5_2;
}

/**
 * The same where a device is kept whose subchannel is gone. What makes a defect of user space have the subchannel
 * unregistered (a second OPEN, a CLOSE before one) still does.
 */
export const keepingGoneDevices = (table: FsmTable): FsmTable =>
  Object.fromEntries(
    Object.entries(table).map(([state, actions]) => [
      state,
      actions[NOT_OPER] === 'notoper' ? { ...actions, [NOT_OPER]: 'disconnect' } : actions,
    ]),
  ) as unknown as FsmTable;
