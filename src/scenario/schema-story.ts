import { z } from 'zod';
import {
  chpids,
  devices,
  name,
  oneOf,
  positiveTime,
  ratio,
  reportWords,
  text,
  time,
  truth,
  whole,
} from './fields.ts';
import { pluggedType } from './schema-guest.ts';

/** The part of the schema that tells what happens, and what must come of it. */
const at = () => time().describe('Simulated time, ns.');
const label = () => name().optional().describe('Names this moment: a phase begins here.');
const paths = () => chpids().describe('Channel paths concerned.');
const controlUnit = () => z.string().describe('Control unit concerned.');
const unreported = () =>
  ratio().prefault('0').describe('Probability that the machine does not report it, 0 to 1 (strategies 2.6).');

const fault = z.discriminatedUnion(
  'do',
  [
    z.strictObject({
      do: oneOf(['configure-off', 'configure-on']).describe('The CHPID leaves or enters the configuration.'),
      at: at(),
      name: label(),
      chpid: paths(),
      unreported: unreported(),
    }),
    z.strictObject({
      do: oneOf(['vary-off', 'vary-on']).describe('The operator of a system varies the CHPID logically.'),
      at: at(),
      name: label(),
      chpid: paths(),
      system: name().optional().describe('System whose operator it is; default: the first.'),
    }),
    z.strictObject({
      do: oneOf(['link-down', 'link-up']).describe('The link to a control unit fails or returns.'),
      at: at(),
      name: label(),
      chpid: paths(),
      controlUnit: controlUnit().optional().describe('Control unit at its end; default: all of the CHPID.'),
    }),
    z.strictObject({
      do: oneOf(['error-rate']).describe('Starts end with an interface-control check now and then.'),
      at: at(),
      name: label(),
      chpid: paths(),
      probability: ratio().describe('Probability for each start, 0 to 1.'),
      until: time().optional().describe('End of the span, ns; default: the end of the run.'),
    }),
    z.strictObject({
      do: oneOf(['reset']).describe(
        'The control unit is reset: path groups and reservations are lost (B.11).',
      ),
      at: at(),
      name: label(),
      controlUnit: controlUnit(),
    }),
    z.strictObject({
      do: oneOf(['flap']).describe('The CHPID or link goes and comes again and again.'),
      at: at(),
      name: label(),
      chpid: paths(),
      what: oneOf(['configure', 'link']).prefault('configure').describe('What goes and comes.'),
      controlUnit: controlUnit().optional().describe('For a link: control unit at its end; default: all.'),
      down: positiveTime().describe('Time off, ns.'),
      up: positiveTime().describe('Time on, ns.'),
      until: time().optional().describe('No further going after this time, ns; default: the end of the run.'),
      count: whole(1, 1_000_000).optional().describe('Losses after which it ends; default: no limit.'),
      spacing: oneOf(['exact', 'exponential'])
        .prefault('exact')
        .describe('Whether the times are exact or exponential with these means.'),
      unreported: unreported(),
    }),
    z.strictObject({
      do: oneOf(['lose-reports']).describe(
        "There is no storage for channel reports: in a kvm-host's kernel, or in the QEMU of a guest.",
      ),
      at: at(),
      name: label(),
      system: name().describe('The kvm-host or guest.'),
      probability: ratio().prefault('1').describe('Probability for each report, 0 to 1.'),
      limit: whole(1, 1_000_000)
        .optional()
        .describe('Reports that the list of a guest holds: only others are lost, and the last one says so.'),
      until: time().optional().describe('End of the span, ns; default: the end of the run.'),
    }),
    z.strictObject({
      do: oneOf(['detach', 'attach']).describe(
        'Devices leave or enter the configuration of the machine; their subchannels stay (C.2).',
      ),
      at: at(),
      name: label(),
      device: devices().describe('Devices concerned.'),
    }),
    z.strictObject({
      do: oneOf(['kill']).describe('The QEMU of a guest on a host is killed.'),
      at: at(),
      name: label(),
      system: name().describe('The guest.'),
    }),
  ],
  { error: 'unknown-choice' },
);

export const faultsSchema = z.array(fault).prefault([]).describe('What goes wrong at the machine, and when.');
export type ParsedFaults = z.output<typeof faultsSchema>;
export type ParsedFault = z.output<typeof fault>;

const system = () => name().optional().describe('System whose operator acts; default: the first.');

const every = () =>
  time()
    .prefault('0s')
    .describe('From one device to the next, ns; 0s: all while the processors of the guest are stopped.');

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
      device: devices().describe('Devices concerned.'),
      type: pluggedType().describe('Kind of device.'),
      every: every(),
    }),
    z.strictObject({
      do: oneOf(['unplug']).describe('Take devices out of a guest (device_del).'),
      at: at(),
      name: label(),
      system: system(),
      device: devices().describe('Devices concerned.'),
      every: every(),
    }),
    z.strictObject({
      do: oneOf(['unbind']).describe(
        'Take devices back from the guests of a kvm-host that have them (unbind of vfio_ccw).',
      ),
      at: at(),
      name: label(),
      system: system(),
      device: devices().describe('Devices concerned.'),
    }),
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
  z.record(z.string(), z.string()).prefault({}).describe('Labels: system, cc, chpid, subchannel, workload …');
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
