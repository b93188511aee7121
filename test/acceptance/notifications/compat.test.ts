import { expect, test } from 'vitest';
import { count, counts, simulated } from '../scenario.ts';
import { hosted } from './hosted.ts';

/*
 * Kernels and QEMUs from before and after the regions for path events (Linux 5.8, QEMU 5.1): two new halves give N
 * reports to each of G guests, any other pair none, as if nothing were relayed.
 */
const DEVICES = 8;
const GUESTS = 2;

test.each([
  ['4.17', '2.12', false, false],
  ['4.17', '10.2', false, false],
  ['5.7', '5.1', false, false],
  ['6.16', '4.1', true, false],
  ['6.16', '2.10', true, false],
  ['5.10', '5.1', true, true],
  ['2026-07', '10.2', true, true],
])('Linux %s under QEMU %s', async (kernel, qemu, offered, told) => {
  const shape = {
    devices: DEVICES,
    guests: GUESTS,
    host: `kernel: "${kernel}"`,
    guest: `qemu: "${qemu}", forcePrefetch: true${qemu === '2.10' ? ', squashMcss: on' : ''}`,
  };
  const run = await simulated(`duration: 8s\n${hosted(shape)}
faults: [{ at: 4s, name: loss, chpid: 0.40, do: configure-off }]
`);
  const all = DEVICES * GUESTS;
  expect(count(run, 'guest.online')).toBe(all);
  expect(counts(run, 'loss', ['kernel.crw', 'vmm.crw'])).toEqual({
    'kernel.crw': offered ? all : 0,
    'vmm.crw': told ? all : 0,
  });
  expect(count(run, 'guest.machine_check', 'loss') > 0).toBe(told);
  expect(count(run, 'guest.stsch', 'loss') > 0).toBe(told);
});
