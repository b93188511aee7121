import { describe, expect, it } from 'vitest';
import { KERNELS, type KernelName } from '../../../src/linux/kernel-features.ts';
import { fsmTable, VFIO_EVENT, VFIO_STATE } from '../../../src/linux/vfio/fsm.ts';

/* The tables of vfio_ccw_fsm.c, as the linux reference 6.3 has them. */

const NOW = `
              NOT_OPER IO_REQ     INTERRUPT    ASYNC_REQ     OPEN    CLOSE
NOT_OPER      nop      io-error   disabled-irq async-error   nop     nop
STANDBY       notoper  io-error   disabled-irq async-error   open    notoper
IDLE          notoper  io-request irq          async-request notoper close
CP_PROCESSING notoper  io-retry   irq          async-retry   notoper close
CP_PENDING    notoper  io-busy    irq          async-request notoper close`;

const BEFORE_6_1 = `
              NOT_OPER IO_REQ     INTERRUPT    ASYNC_REQ     OPEN       CLOSE
NOT_OPER      nop      io-error   disabled-irq async-error   impossible impossible
STANDBY       notoper  io-error   disabled-irq async-error   impossible impossible
IDLE          notoper  io-request irq          async-request impossible impossible
CP_PROCESSING notoper  io-retry   irq          async-retry   impossible impossible
CP_PENDING    notoper  io-busy    irq          async-request impossible impossible`;

const FIRST = `
              NOT_OPER IO_REQ     INTERRUPT    ASYNC_REQ  OPEN       CLOSE
NOT_OPER      nop      io-error   disabled-irq impossible impossible impossible
STANDBY       notoper  io-error   disabled-irq impossible impossible impossible
IDLE          notoper  io-request irq          impossible impossible impossible
CP_PROCESSING notoper  io-busy    irq          impossible impossible impossible
CP_PENDING    notoper  io-busy    irq          impossible impossible impossible`;

/** One region for everything: no commands, and functions where they were. */
const NOW_IN_ONE = NOW.replace(/async-\w+ +/g, 'impossible ')
  .replace('io-request', 'io-function')
  .replace('io-busy', 'io-stop');

const EXPECTED: readonly [KernelName, string][] = [
  ['4.17', FIRST],
  ['5.7', BEFORE_6_1],
  ['5.10', BEFORE_6_1],
  ['6.1', NOW],
  ['6.16', NOW],
  ['2026-07', NOW],
];

describe('the state machine of vfio-ccw', () => {
  it.each(EXPECTED)('has every cell filled in Linux %s', (kernel, text) => {
    const [head, ...rows] = text.trim().split('\n');
    const events = head.trim().split(/ +/) as (keyof typeof VFIO_EVENT)[];
    const table = fsmTable(KERNELS[kernel]);
    expect(rows.length * events.length).toBe(30);
    for (const line of rows) {
      const [state, ...actions] = line.split(/ +/) as [keyof typeof VFIO_STATE, ...string[]];
      expect(
        events.map((event) => table[VFIO_STATE[state]][VFIO_EVENT[event]]),
        `${kernel} ${state}`,
      ).toEqual(actions);
    }
  });

  it('takes halt and clear in the I/O region, where that is the only one', () => {
    const [head, ...rows] = NOW_IN_ONE.trim().split('\n');
    const events = head.trim().split(/ +/) as (keyof typeof VFIO_EVENT)[];
    const table = fsmTable(KERNELS['6.16'], 'one');
    for (const line of rows) {
      const [state, ...actions] = line.split(/ +/) as [keyof typeof VFIO_STATE, ...string[]];
      expect(
        events.map((event) => table[VFIO_STATE[state]][VFIO_EVENT[event]]),
        state,
      ).toEqual(actions);
    }
    expect(fsmTable(KERNELS['4.17'], 'one')).toBe(fsmTable(KERNELS['4.17']));
  });

  it('numbers states and events as the tracepoints do', () => {
    expect(Object.entries(VFIO_STATE).map(([name, number]) => `${number} ${name}`)).toEqual([
      '0 NOT_OPER',
      '1 STANDBY',
      '2 IDLE',
      '3 CP_PROCESSING',
      '4 CP_PENDING',
      '5 DISCONNECTED',
    ]);
    expect(Object.entries(VFIO_EVENT).map(([name, number]) => `${number} ${name}`)).toEqual([
      '0 NOT_OPER',
      '1 IO_REQ',
      '2 INTERRUPT',
      '3 ASYNC_REQ',
      '4 OPEN',
      '5 CLOSE',
      '6 OPER',
    ]);
  });
});
