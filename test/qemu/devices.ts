import { PROGRAM } from '../../src/qemu/program-result.ts';
import type { VirtualDevice } from '../../src/qemu/subchannel.ts';

/** Devices that are only there to have numbers. */
export const VIRTUAL_DEVICE: VirtualDevice = {
  cuType: 0x3832,
  cuModel: 5,
  pathType: 0x32,
  passedThrough: false,
  execute: () => PROGRAM.REJECT,
  disabled() {},
  reset() {},
};

export const HOST_DEVICE: VirtualDevice = { ...VIRTUAL_DEVICE, passedThrough: true };
