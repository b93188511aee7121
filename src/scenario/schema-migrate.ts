import { z } from 'zod';
import { name, oneOf, time } from './fields.ts';
import { at, label } from './schema-faults.ts';
import { guestKeys } from './schema-guest.ts';

/** The action that takes a guest to another QEMU. Its keys are those of the destination's command line. */
const { on, qemu, accelerator, squashMcss, commandLine } = guestKeys;

const sameAs = (what: string): string => `${what}; default: as at the source`;

export const migrateAction = z.strictObject({
  do: oneOf(['migrate']).describe(
    'Migrate a guest: its state goes to another QEMU, section by section, and the guest runs there, or on here (qemu 4.6).',
  ),
  at: at(),
  name: label(),
  system: name().optional().describe('System whose operator acts; default: the first.'),
  on: on.describe(sameAs('kvm-host of the destination')),
  qemu: qemu.describe(sameAs('QEMU release of the destination')),
  accelerator: accelerator.describe(sameAs('guest without host: accelerator of the destination')),
  squashMcss: squashMcss.describe(sameAs('s390-squash-mcss of the destination')),
  commandLine: commandLine.describe(
    'Devices of the destination in the order of its command line; default: those with which the guest was started, without passed-through ones.',
  ),
  downtime: time()
    .prefault('300ms')
    .describe("Time for which the guest stands still, ns; QEMU's default for downtime-limit."),
  passthrough: oneOf(['refuse', 'carry'])
    .prefault('refuse')
    .describe(
      'Passed-through devices: QEMU does not let the guest go; or, as no QEMU does, it waits for their operations, and their subchannels go along.',
    ),
  report: oneOf(['none', 'subchannel'])
    .prefault('none')
    .describe('carry: what tells the guest that paths may be others; a subchannel report for each device.'),
});
