import { z } from 'zod';
import { EVENT_NAMES } from '../observe/event-table.ts';
import { name, oneOf, positiveTime, someText, text, timeOrAuto, truth, whole } from './fields.ts';
import { TRACE_FORMATS } from './resolved.ts';
import { exploreSchema } from './schema-explore.ts';
import { faultsSchema } from './schema-faults.ts';
import { machineSchema } from './schema-machine.ts';
import { programSchema, SCRIPT_MACHINES } from './schema-program.ts';
import { actionsSchema, expectSchema, phasesSchema, thresholdsSchema } from './schema-story.ts';
import { strategiesSchema } from './schema-strategies.ts';
import { sweepSchema } from './schema-sweep.ts';
import { ownSystemsSchema, systemsSchema } from './schema-systems.ts';
import { workloadSchema } from './schema-workload.ts';

/** The whole scenario. Every default stands here and nowhere else. */
export const scenarioSchema = z.strictObject({
  name: name()
    .optional()
    .describe('Names the output folder; default: the name of the file without its ending.'),
  about: text().prefault('').describe('What the scenario shows, for people.'),
  seed: someText().prefault('1').describe('Seed of all random streams, any text.'),
  duration: positiveTime().prefault('20s').describe('Simulated time of the run, ns.'),
  warmup: timeOrAuto()
    .prefault('0s')
    .describe(
      'Simulated time before measurement begins, ns; auto: found by MSER-5 in the response times of a pilot run with the same seed.',
    ),
  phases: phasesSchema,
  machine: z
    .union([machineSchema, oneOf(SCRIPT_MACHINES), z.array(oneOf(SCRIPT_MACHINES)).min(1)])
    .prefault('channel')
    .describe('The hardware; for an instruction script also its name, or a list for one run each.'),
  program: programSchema.optional(),
  systems: ownSystemsSchema,
  workload: workloadSchema,
  faults: faultsSchema,
  actions: actionsSchema,
  strategies: strategiesSchema,
  variants: z
    .record(z.string(), z.strictObject({ systems: systemsSchema }))
    .prefault({})
    .describe(
      'Other systems over the same machine, workload and faults: further runs, or all of them (systems: none).',
    ),
  expect: expectSchema,
  thresholds: thresholdsSchema,
  explore: exploreSchema.optional(),
  sweep: sweepSchema.optional(),
  report: z
    .strictObject({
      interval: positiveTime().prefault('1s').describe('Length of the intervals of intervals.csv, ns.'),
      batches: whole(2, 1000)
        .optional()
        .describe(
          'Equal parts of the measured time, for confidence intervals by batch means; default: none.',
        ),
      responseLog: truth()
        .prefault('false')
        .describe('Write response.hlog: response times of each interval as HdrHistograms.'),
    })
    .prefault({})
    .describe('What is reported.'),
  trace: z
    .strictObject({
      level: oneOf(['none', 'events', 'all'])
        .prefault('events')
        .describe('none: no trace; events: the story and each request; all: every instruction and command.'),
      filter: z
        .array(oneOf(EVENT_NAMES as [string, ...string[]]))
        .prefault([])
        .describe('Events to record; empty: all of the level.'),
      formats: z
        .array(oneOf(TRACE_FORMATS))
        .min(1)
        .prefault(['csv'])
        .describe(
          'csv: events.csv and io.csv; ftrace: tracepoints as Linux prints them; qemu: the log of QEMU; perfetto: trace.pftrace for its viewer. Both texts need level all.',
        ),
    })
    .prefault({})
    .describe('What is recorded.'),
});

export type ParsedScenario = z.output<typeof scenarioSchema>;
