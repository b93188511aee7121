import type { SimTime } from '../kernel/time.ts';
import { NS_PER_S } from '../kernel/time.ts';
import type { ErrorHistory, PathErrorPolicy } from '../linux/path-recovery.ts';
import type { ControlUnitOptions } from './recovery-specification.ts';

const NS_PER_MINUTE: SimTime = 60 * NS_PER_S;

/**
 * z/OS with PATH_SCOPE=DEVICE (strategies reference R2): a path is given up when it fails a test, by each device for
 * itself. Errors alone do not count.
 */
export const zosDevice: PathErrorPolicy = {
  scope: 'device',
  account: () => false,
};

/**
 * z/OS with PATH_SCOPE=CU (R3): the path is given up by all devices of the control unit in the moment in which so many
 * minutes in a row have had so many errors each. Minutes are those of the clock.
 */
export const zosControlUnit = ({ threshold, interval }: ControlUnitOptions): PathErrorPolicy => ({
  scope: 'control-unit',
  account(history: ErrorHistory, now: SimTime): boolean {
    const minute = Math.floor(now / NS_PER_MINUTE);
    if (minute !== history.span) {
      const isNext = minute === history.span + 1 && history.inSpan >= threshold;
      history.badSpans = isNext ? history.badSpans + 1 : 0;
      history.span = minute;
      history.inSpan = 0;
    }
    history.inSpan++;
    return history.inSpan >= threshold && history.badSpans + 1 >= interval;
  },
});
