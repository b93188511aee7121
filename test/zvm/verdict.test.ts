import { describe, expect, test } from 'vitest';
import { Irb } from '../../src/zarch/irb.ts';
import { CSTAT, DSTAT, FCTL } from '../../src/zarch/scsw.ts';
import { type Verdict, verdictOf } from '../../src/zvm/verdict.ts';

function irb(status: { cc?: number; fctl?: number; dstat?: number; cstat?: number; message?: number }): Irb {
  const { message = 0, ...scsw } = status;
  const block = new Irb();
  Object.assign(block.scsw, { fctl: FCTL.START, ...scsw });
  block.concurrentSense = message === 0 ? 0 : 1;
  block.sense[7] = message;
  return block;
}

describe('what status says about the path', () => {
  test.each<[string, Irb, Verdict]>([
    ['channel end and device end', irb({ dstat: 0x0c }), 'device'],
    ['unit check', irb({ dstat: DSTAT.UNIT_CHECK, message: 4 }), 'device'],
    ['reset notification', irb({ dstat: DSTAT.UNIT_CHECK, message: 8 }), 'reset'],
    ['deferred condition code 3', irb({ cc: 3 }), 'no-path'],
    ['interface-control check', irb({ cstat: CSTAT.INTERFACE_CONTROL_CHECK }), 'path-error'],
    ['channel-control check', irb({ cstat: CSTAT.CHANNEL_CONTROL_CHECK }), 'path-error'],
    ['incorrect length', irb({ cstat: CSTAT.INCORRECT_LENGTH }), 'device'],
    ['a path error after a halt function', irb({ fctl: 6, cstat: 2 }), 'device'],
    ['the end of a clear function', irb({ fctl: FCTL.CLEAR }), 'device'],
  ])('%s', (_, block, verdict) => {
    expect(verdictOf(block)).toBe(verdict);
  });
});
