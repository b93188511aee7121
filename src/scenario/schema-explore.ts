import { z } from 'zod';
import { oneOf, text, time, truth, whole } from './fields.ts';

/** What tells one outcome of a run from another (see docs/exploration.md). */
export const OUTCOME_PARTS = ['counts', 'requests', 'masks', 'subchannels', 'program'] as const;
export type OutcomePart = (typeof OUTCOME_PARTS)[number];

/** Events of a window, and candidates, that an order can name. */
const MOST_EVENTS = 1_000_000_000;

/** The part of the schema that opens the order of events. */
export const exploreSchema = z
  .strictObject({
    window: z.tuple([time(), time()]).describe('Span [from, to] in which the order of events is open, ns.'),
    events: z
      .array(text())
      .min(1)
      .prefault(['*'])
      .describe('Kinds of events, or processes, that may be held up; * stands for any characters.'),
    fixed: z
      .array(text())
      .prefault(['workload.*'])
      .describe('Those of them that keep their place all the same: applications ask when they ask.'),
    settled: truth()
      .prefault('false')
      .describe('Whether at the end nothing may be under way and all path masks must equal the truth.'),
    outcome: z
      .array(oneOf(OUTCOME_PARTS))
      .min(1)
      .prefault([...OUTCOME_PARTS])
      .describe('What tells one outcome from another.'),
    limit: whole(1, 1_000_000)
      .prefault('1000')
      .describe('Most orders that are run; where there are more, half of them are drawn at random.'),
    order: z
      .array(z.tuple([whole(1, MOST_EVENTS), whole(1, MOST_EVENTS)]))
      .prefault([])
      .describe(
        'The order that run takes: [event, rank], event number so many of the window is not the next one but that so many places behind it.',
      ),
  })
  .describe(
    'Orders of simultaneous or nearly simultaneous events: what explore permutes, and which one run takes.',
  );
export type ParsedExplore = z.output<typeof exploreSchema>;
