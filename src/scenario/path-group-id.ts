import { encodePgid } from '../zarch/pgid.ts';

/** CPU and machine type in path-group ids, and the TOD clock's upper word at the first system's start. */
const CPU_ID = 0x012345;
const MACHINE_TYPE = 0x3931;
const TOD_HIGH = 0xe2000000;

/** The path-group id of a system by its number. */
export const pathGroupId = (system: number): Uint8Array =>
  encodePgid({
    cpuAddress: 0,
    cssid: 0,
    cpuId: CPU_ID + system,
    machineType: MACHINE_TYPE,
    todHigh: TOD_HIGH + system,
  });
