/** Error numbers as Linux returns them: 0 or negative. */
export const E = {
  OK: 0,
  PERM: -1,
  NOENT: -2,
  IO: -5,
  NXIO: -6,
  AGAIN: -11,
  NOMEM: -12,
  ACCES: -13,
  FAULT: -14,
  BUSY: -16,
  EXIST: -17,
  NODEV: -19,
  INVAL: -22,
  NOLINK: -67,
  TIME: -62,
  USERS: -87,
  OPNOTSUPP: -95,
  TIMEDOUT: -110,
} as const;
export type Errno = number;
