/**
 * Priorities among events at the same nanosecond: lower acts first. The machine acts before the host, the host
 * before the guest, so that an instruction always sees what the hardware did "at the same time".
 */
export const PRIORITY = {
  /** Faults and operator actions at the machine: the truth changes before anybody reacts to it. */
  FAULT: 0,
  /** Channel subsystem, channel paths, control units, devices. */
  MACHINE: 1,
  /** Linux in a partition or as KVM host. */
  HOST: 2,
  /** QEMU. */
  VMM: 3,
  /** Linux as a guest. */
  GUEST: 4,
  /** Applications: arrivals and think times. */
  WORKLOAD: 5,
  /** Measurement: interval ends, phase boundaries, samples. They see everything else that happened at their time. */
  OBSERVER: 6,
} as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];
