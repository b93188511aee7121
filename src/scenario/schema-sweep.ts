import { z } from 'zod';
import { someText, whole } from './fields.ts';

/** Repetitions of one point; more than anyone has time for. */
const MOST_REPETITIONS = 100_000;

/** Values by path, as `--set` writes it. A value is whatever may stand there: a text, a list, a mapping. */
const axesSchema = () => z.record(z.string(), z.array(z.unknown()).min(1));

/** Which scenarios a sweep makes of one: the block `sweep` of a scenario, or a file of its own. */
export const sweepSchema = z
  .strictObject({
    axes: axesSchema()
      .prefault({})
      .describe(
        'Values by path (machine.crwQueueDepth: [4, 8]); every value meets every value of the others.',
      ),
    zip: z
      .array(axesSchema())
      .prefault([])
      .describe('Groups of axes that go together: the first value of each, the second of each, and so on.'),
    where: z
      .array(someText())
      .prefault([])
      .describe('Comparisons of an axis with another or with a value; a point must meet all of them.'),
    repetitions: whole(1, MOST_REPETITIONS)
      .prefault('1')
      .describe('Runs of each point with seeds of their own, the same seeds at every point.'),
  })
  .describe('What sweep varies; the other commands take no notice of it.');
export type ParsedSweep = z.output<typeof sweepSchema>;
