/** States of a ccw device (device.h:enum dev_state), with the numbers that traces show. */
export const DEV_STATE = {
  NOT_OPER: 0,
  SENSE_ID: 1,
  OFFLINE: 2,
  VERIFY: 3,
  ONLINE: 4,
  W4SENSE: 5,
  DISBAND_PGID: 6,
  BOXED: 7,
  TIMEOUT_KILL: 8,
  QUIESCE: 9,
  DISCONNECTED: 10,
  DISCONNECTED_SENSE_ID: 11,
  CMFCHANGE: 12,
  CMFUPDATE: 13,
  STEAL_LOCK: 14,
} as const;
export type StateName = keyof typeof DEV_STATE;
export type DevState = (typeof DEV_STATE)[StateName];

/** Names by number. */
export const STATE_NAMES = Object.keys(DEV_STATE) as readonly StateName[];

/** Events of the device state machine (device.h:enum dev_event). */
export const DEV_EVENT = { NOTOPER: 0, INTERRUPT: 1, TIMEOUT: 2, VERIFY: 3 } as const;
export type EventName = keyof typeof DEV_EVENT;
export type DevEvent = (typeof DEV_EVENT)[EventName];
export const EVENT_NAMES = Object.keys(DEV_EVENT) as readonly EventName[];

/** States in which nothing of the common I/O layer's own is going on (device_fsm.h:dev_fsm_final_state). */
export const isFinalState = (state: DevState): boolean =>
  state === DEV_STATE.NOT_OPER ||
  state === DEV_STATE.OFFLINE ||
  state === DEV_STATE.ONLINE ||
  state === DEV_STATE.BOXED;

/** Kept by its driver although no path leads to it. */
export const isDisconnected = (state: DevState): boolean =>
  state === DEV_STATE.DISCONNECTED || state === DEV_STATE.DISCONNECTED_SENSE_ID;
