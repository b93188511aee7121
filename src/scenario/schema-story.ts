import { z } from 'zod';
import { VERDICTS } from '../zpci/verdict.ts';
import { busIds, devices, name, oneOf, reportWords, text, time, truth, whole } from './fields.ts';
import { at, label, paths } from './schema-faults.ts';
import { pluggedType } from './schema-guest.ts';
import { migrateAction } from './schema-migrate.ts';
import { pciActionSchema } from './schema-pci.ts';
import { setUpForms } from './schema-set-up.ts';

/** The part of the schema that tells what operators do, and what must come of it. */
const system = () => name().optional().describe('System whose operator acts; default: the first.');

const every = () =>
  time()
    .prefault('0s')
    .describe('From one device to the next, ns; 0s: all while the processors of the guest are stopped.');

const devno = () =>
  busIds()
    .optional()
    .describe("Bus ids in QEMU, image and all, or auto (qemu 4.1); default: the devices' own numbers.");

const action = z.discriminatedUnion(
  'do',
  [
    z.strictObject({
      do: oneOf([
        'set-online',
        'set-offline',
        'reserve',
        'release',
        'steal',
        'unconditional-reserve',
        'snid',
        'path-reset',
      ]).describe('Operation on devices: sysfs attribute or DASD ioctl (linux 3.8, 5.10).'),
      at: at(),
      name: label(),
      system: system(),
      device: devices().describe('Devices concerned.'),
    }),
    z.strictObject({
      do: oneOf(['vary-path']).describe('Vary channel paths logically (chchp -v).'),
      at: at(),
      name: label(),
      system: system(),
      chpid: paths(),
      to: truth().describe('on or off.'),
    }),
    z.strictObject({
      do: oneOf(['reset-path']).describe(
        'RESET CHANNEL PATH: what the path alone held is reset, and a solicited report tells the end (B.6).',
      ),
      at: at(),
      name: label(),
      system: system(),
      chpid: paths(),
    }),
    z.strictObject({
      do: oneOf(['plug']).describe('Plug devices into a guest (device_add).'),
      at: at(),
      name: label(),
      system: system(),
      device: devices()
        .optional()
        .describe(
          'Devices of the host, or numbers of virtual devices; default: devno alone names virtual ones.',
        ),
      devno: devno(),
      type: pluggedType().describe('Kind of device.'),
      every: every(),
    }),
    z.strictObject({
      do: oneOf(['unplug']).describe('Take devices out of a guest (device_del).'),
      at: at(),
      name: label(),
      system: system(),
      device: devices().optional().describe('Devices as the guest knows them; default: devno names them.'),
      devno: devno(),
      numbers: oneOf(['guest', 'host'])
        .prefault('guest')
        .describe("Whose numbers device gives: the guest's, or for passed-through ones those of the host."),
      every: every(),
    }),
    migrateAction,
    z.strictObject({
      do: oneOf(['unbind']).describe(
        'Take devices back from the guests of a kvm-host that have them (unbind of vfio_ccw).',
      ),
      at: at(),
      name: label(),
      system: system(),
      device: devices().describe('Devices concerned.'),
    }),
    ...setUpForms,
    z.strictObject({
      do: oneOf(['inject-report']).describe('Have a system find channel reports that nothing caused.'),
      at: at(),
      name: label(),
      system: system(),
      crw: reportWords().describe('Channel-report words, one after the other.'),
      into: oneOf(['linux', 'css'])
        .prefault('linux')
        .describe(
          "The kernel's own injection, one word at a time (linux 1.7), or the queue of the channel subsystem.",
        ),
    }),
    z.strictObject({
      do: oneOf(['cmb-enable']).describe('Switch channel measurement of devices on or off (linux 8).'),
      at: at(),
      name: label(),
      system: system(),
      device: devices().describe('Devices concerned.'),
      to: truth().describe('on or off.'),
    }),
    z.strictObject({
      do: oneOf(['cmb-read']).describe('Read what channel measurement of devices has come to (linux 8).'),
      at: at(),
      name: label(),
      system: system(),
      device: devices().describe('Devices concerned.'),
    }),
    z.strictObject({
      do: oneOf(['rescan']).describe('Evaluate all subchannels again (cio_settle, cio rescan).'),
      at: at(),
      name: label(),
      system: system(),
    }),
    pciActionSchema,
  ],
  { error: 'unknown-choice' },
);

export const actionsSchema = z.array(action).prefault([]).describe('What operators do, and when.');
export type ParsedActions = z.output<typeof actionsSchema>;
export type ParsedAction = z.output<typeof action>;

export const phasesSchema = z
  .record(z.string(), z.tuple([time(), time()]))
  .prefault({})
  .describe('Spans of time [from, to], ns, for which counts and times are given separately.');
export type ParsedPhases = z.output<typeof phasesSchema>;

const where = () =>
  z
    .record(z.string(), z.string())
    .prefault({})
    .describe('Labels: system, cc, chpid, subchannel, workload …; of a verdict: system, function.');
const runs = () =>
  z
    .union([name(), z.array(name()).min(1)])
    .optional()
    .describe('Runs that this is said of, by name; default: all.');
const phase = () => name().optional().describe('Phase; default: the whole run.');
const least = () => whole(0, Number.MAX_SAFE_INTEGER).optional();
const expectedCount = z.union([
  whole(0, Number.MAX_SAFE_INTEGER),
  z.tuple([whole(0, Number.MAX_SAFE_INTEGER), whole(0, Number.MAX_SAFE_INTEGER)]),
]);

const expectation = z.strictObject({
  event: text().optional().describe('Event that must happen.'),
  never: text().optional().describe('Event that must not happen.'),
  within: z.tuple([time(), time()]).optional().describe('Span of the event, ns; default: the whole run.'),
  message: text()
    .optional()
    .describe('What a QEMU must have printed because of a migration: a line, or a part of one (qemu 4.6).'),
  verdict: oneOf(VERDICTS)
    .optional()
    .describe('Verdict on the way to ISM functions, of all that `where` names (strategies E19).'),
  count: text().optional().describe('Count that must have a value: equals, or least and most.'),
  equals: least().describe('The exact count.'),
  least: least().describe('Smallest count.'),
  most: least().describe('Largest count.'),
  counts: z
    .record(z.string(), expectedCount)
    .optional()
    .describe('Counts by name with their value or [least, most]; a name may carry labels: host.stsch{cc=0}.'),
  phase: phase(),
  run: runs(),
  where: where(),
});

export const expectSchema = z
  .array(expectation)
  .prefault([])
  .describe('What the story must contain: events and counts. A failed one ends the program with code 3.');
export type ParsedExpectations = z.output<typeof expectSchema>;
export type ParsedExpectation = z.output<typeof expectation>;

const threshold = z.union([
  text(),
  z.strictObject({
    expr: text().describe('Metric, operator and value with unit.'),
    where: where(),
    phase: phase(),
    run: runs(),
    abort: truth().prefault('false').describe('End the run at once when it is violated.'),
    after: time().prefault('0s').describe('With abort: not before this simulated time, ns.'),
    minSamples: whole(0, Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('Samples without which it is undecided and yet no failure.'),
  }),
]);

export const thresholdsSchema = z
  .array(threshold)
  .prefault([])
  .describe('Limits on metrics (io.response.p99 < 12ms). A violated one ends the program with code 3.');
export type ParsedThresholds = z.output<typeof thresholdsSchema>;
