import { z } from 'zod';
import {
  chpids,
  devices,
  distribution,
  name,
  number,
  oneOf,
  positiveRatio,
  positiveTime,
  ratio,
  time,
  whole,
} from './fields.ts';
import { moveChannelSchema, serviceSchema } from './schema-maintenance.ts';
import { pciConfigureSchema, pciErrorSchema } from './schema-pci.ts';

/** The part of the schema that tells what goes wrong. */
export const at = () => time().describe('Simulated time, ns.');
export const label = () => name().optional().describe('Names this moment: a phase begins here.');
export const paths = () => chpids().describe('Channel paths concerned.');
const controlUnit = () => z.string().describe('Control unit concerned.');
const unreported = () =>
  ratio().prefault('0').describe('Probability that the machine does not report it, 0 to 1 (strategies 2.6).');
const until = (describe: string) =>
  time().optional().describe(`${describe}, ns; default: the end of the run.`);
const spanEnd = () => until('End of the span');

/** Which links: those that all of it is true of. */
const links = {
  chpid: paths().optional(),
  controlUnit: z
    .string()
    .optional()
    .describe('Control unit at the end of the links, or a range of them; default: all.'),
  port: whole(0, 7).optional().describe('Port of each of the control units: its place in their paths.'),
  director: name().optional().describe('Director that the links go through.'),
  cable: name().optional().describe('Cable that the links go through.'),
};

const spacing = () =>
  oneOf(['exact', 'exponential'])
    .prefault('exact')
    .describe('Whether the times are exact or exponential with these means.');
const pattern = () =>
  z
    .array(positiveTime())
    .min(2)
    .optional()
    .describe(
      'Times one after the other, ns, and again from the first, in place of the two; default: the two.',
    );

/** How something that goes and comes does so, besides its two times. */
const beat = {
  pattern: pattern(),
  spacing: spacing(),
  jitter: ratio().optional().describe('Share by which each time is longer or shorter at random; default: 0.'),
  burst: z
    .strictObject({
      losses: whole(1, 1_000_000).describe('Losses of a burst.'),
      quiet: positiveTime().describe('Time between bursts, ns.'),
    })
    .optional()
    .describe('Losses come in bursts; default: one like the other.'),
  count: whole(1, 1_000_000).optional().describe('Losses after which it ends; default: no limit.'),
};

/** How something that is there and yet not well gets worse. */
const gray = {
  ramp: time().prefault('0s').describe('Time in which it gets as bad as it says, ns.'),
  steps: whole(1, 1_000_000).optional().describe('In how many steps it gets worse; default: evenly.'),
  until: spanEnd(),
  rhythm: z
    .strictObject({
      on: positiveTime().optional().describe('Time in force, ns.'),
      off: positiveTime().optional().describe('Time not in force, ns.'),
      ...beat,
    })
    .optional()
    .describe('It is in force now and then; default: all the time.'),
};

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
      do: oneOf(['link-down', 'link-up']).describe('Links to control units fail or return.'),
      at: at(),
      name: label(),
      ...links,
      spread: time()
        .optional()
        .describe('Each link at its own time within this span, ns; default: all at once.'),
    }),
    z.strictObject({
      do: oneOf(['error-rate']).describe('Starts end with an interface-control check now and then (D.6).'),
      at: at(),
      name: label(),
      ...links,
      probability: ratio().describe('Probability for each start, 0 to 1.'),
      initial: ratio().prefault('0').describe('Probability in the beginning of the ramp, 0 to 1.'),
      ...gray,
    }),
    z.strictObject({
      do: oneOf(['slow']).describe('Links work, but slowly (E.4).'),
      at: at(),
      name: label(),
      ...links,
      delay: distribution()
        .optional()
        .describe('What each frame takes longer, one way, ns; default: nothing.'),
      bandwidth: positiveRatio()
        .optional()
        .describe('Share of the bandwidth that is left, above 0 to 1; default: all of it.'),
      ...gray,
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
      do: oneOf(['flap']).describe('The CHPID or link goes and comes again and again (G.2).'),
      at: at(),
      name: label(),
      ...links,
      what: oneOf(['configure', 'link']).prefault('configure').describe('What goes and comes.'),
      down: positiveTime().optional().describe('Time off, ns.'),
      up: positiveTime().optional().describe('Time on, ns.'),
      ...beat,
      until: until('No further going after this time'),
      unreported: unreported(),
    }),
    z.strictObject({
      do: oneOf(['breakdown']).describe(
        'Parts of a kind break down, each by itself, and are repaired (G.2).',
      ),
      at: at(),
      name: label(),
      of: oneOf(['chpids', 'links', 'ports', 'directors', 'cables']).describe('Kind of the parts.'),
      mttf: positiveTime().describe('Mean time to failure of each part, ns.'),
      mttr: positiveTime().describe('Mean time to repair, which is exponential, ns.'),
      distribution: oneOf(['exponential', 'weibull'])
        .prefault('exponential')
        .describe('Distribution of the time to failure: without memory, or with wear.'),
      shape: number().optional().describe('Shape of weibull, 0.1 to 20, default 2; above 1: parts wear.'),
      until: until('No failure after this time, and all is repaired'),
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
      until: spanEnd(),
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
    serviceSchema,
    moveChannelSchema,
    pciConfigureSchema,
    pciErrorSchema,
  ],
  { error: 'unknown-choice' },
);

export const faultsSchema = z.array(fault).prefault([]).describe('What goes wrong at the machine, and when.');
export type ParsedFaults = z.output<typeof faultsSchema>;
export type ParsedFault = z.output<typeof fault>;
/** What a form of a fault looks like when it has been read. */
export type ParsedLinks = Partial<Pick<ParsedFlap, 'chpid' | 'controlUnit' | 'port' | 'director' | 'cable'>>;
export type ParsedGray = Extract<ParsedFault, { do: 'error-rate' | 'slow' }>;
export type ParsedFlap = Extract<ParsedFault, { do: 'flap' }>;
export type ParsedBreakdown = Extract<ParsedFault, { do: 'breakdown' }>;
