import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { ConfiguredDevice, ErrorRateFault, FaultLink, SlowFault } from './fault.ts';

/** One step of a fault: something that is done to the machine at one instant. */
export type FaultAction = {
  readonly atNs: SimTime;
  /** Position of the fault in the scenario. */
  readonly fault: number;
} & FaultStep;

/** `on`: it works, or enters; otherwise it fails, or leaves. */
export type FaultStep =
  | { readonly kind: 'configure'; readonly chpid: Chpid; readonly on: boolean; readonly reported: boolean }
  | { readonly kind: 'vary'; readonly chpid: Chpid; readonly on: boolean; readonly system: number }
  | { readonly kind: 'link'; readonly link: FaultLink; readonly part: string; readonly on: boolean }
  | {
      readonly kind: 'gray';
      readonly link: FaultLink;
      readonly gray: ErrorRateFault | SlowFault;
      readonly on: boolean;
    }
  | { readonly kind: 'reset'; readonly controlUnit: number }
  | {
      readonly kind: 'lose-reports';
      readonly system: number;
      readonly probability: number;
      readonly limit: number;
    }
  | { readonly kind: 'device'; readonly device: ConfiguredDevice; readonly on: boolean }
  | { readonly kind: 'kill'; readonly system: number };

/** What the `fault` event says of a step. */
export const STEP_NUMBER: Readonly<Record<FaultStep['kind'], number>> = {
  configure: 0,
  vary: 1,
  link: 2,
  gray: 3,
  reset: 4,
  'lose-reports': 5,
  device: 6,
  kill: 7,
};
