import { describe, expect, it } from 'vitest';
import {
  CHANNEL_REPORT_MCIC,
  CR14_SUBMASK,
  encodeMcic,
  hasMcicBit,
  MCIC_BIT,
} from '../../src/zarch/machine-check.ts';

describe('machine-check interruption code', () => {
  it('of a channel report is the one that control programs know', () => {
    expect(CHANNEL_REPORT_MCIC).toBe(0x00400f1d_40330000n);
  });

  it('with an ancillary report has bit 44 as well', () => {
    expect(CHANNEL_REPORT_MCIC | encodeMcic(MCIC_BIT.ANCILLARY_REPORT)).toBe(0x00400f1d_403b0000n);
  });

  it('numbers its bits from the left', () => {
    expect(encodeMcic(MCIC_BIT.SYSTEM_DAMAGE)).toBe(1n << 63n);
    expect(encodeMcic(MCIC_BIT.CHANNEL_REPORT_PENDING)).toBe(0x0040_0000_0000_0000n);
    expect(encodeMcic(MCIC_BIT.CHANNEL_SUBSYSTEM_DAMAGE)).toBe(0x0010_0000_0000_0000n);
  });

  it('tells a report from damage', () => {
    expect(hasMcicBit(CHANNEL_REPORT_MCIC, MCIC_BIT.CHANNEL_REPORT_PENDING)).toBe(true);
    expect(hasMcicBit(CHANNEL_REPORT_MCIC, MCIC_BIT.CHANNEL_SUBSYSTEM_DAMAGE)).toBe(false);
  });

  it('is enabled by bit 35 of control register 14', () => {
    expect(BigInt(CR14_SUBMASK.CHANNEL_REPORT)).toBe(1n << BigInt(63 - 35));
    expect(BigInt(CR14_SUBMASK.WARNING)).toBe(1n << BigInt(63 - 39));
  });
});
