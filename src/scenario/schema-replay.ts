import { z } from 'zod';
import { TRACE_FORMAT_NAMES } from '../workload/traces/formats.ts';
import { FIO_WAITS } from '../workload/traces/trace-format.ts';
import { devices, number, oneOf, someText, time, whole } from './fields.ts';

/** The part of the schema that describes how a recorded trace is replayed. Sources: architecture reference G.1. */
export const replaySchema = z
  .strictObject({
    file: someText().describe('Trace, as a path from the folder of the scenario.'),
    format: oneOf(['auto', ...TRACE_FORMAT_NAMES])
      .prefault('auto')
      .describe('Format of the trace; auto: what its first row looks like (G.1).'),
    events: oneOf(['Q', 'D'])
      .prefault('Q')
      .describe('Of blkparse: requests as they were queued, or as the driver got them.'),
    waits: oneOf(FIO_WAITS)
      .prefault('us')
      .describe('Of fio version 2: unit of waits, and whether they count from the start (G.1).'),
    map: z
      .union([oneOf(['auto']), z.record(z.string(), devices())])
      .prefault('auto')
      .describe('Volumes by device of the trace; auto: the next volume for each device, round and round.'),
    fit: oneOf(['wrap', 'scale'])
      .prefault('wrap')
      .describe('Addresses behind the end of the volumes begin again at the front, or all are scaled down.'),
    start: time().prefault('0s').describe('Time in the trace at which the replay begins, ns.'),
    speed: number().prefault('1').describe('Times as fast as recorded, above 0.'),
    window: whole(1, 1_048_576)
      .prefault('1024')
      .describe('Requests that are read ahead and put in order of time.'),
    outstanding: whole(1, 65_536)
      .prefault('16384')
      .describe('Requests that may be outstanding; the next one waits for an answer.'),
  })
  .optional()
  .describe('Recorded trace that is replayed, in place of arrivals and addresses.');
export type ParsedReplay = NonNullable<z.output<typeof replaySchema>>;
