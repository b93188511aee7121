import { z } from 'zod';
import { oneOf, time } from './fields.ts';

/** The part of the schema that describes CP, the control program of z/VM. Sources: strategies reference 2.1 E, P10. */
export const controlProgramSchema = z
  .strictObject({
    show: oneOf(['one', 'all'])
      .prefault('one')
      .describe(
        'Paths of a dedicated device that its guest sees: one that stands for all, or as many as there are.',
      ),
    foreignGroup: oneOf(['refuse', 'offline'])
      .prefault('refuse')
      .describe(
        'A guest sets a path-group id that is not that of CP: it is refused; or the path is taken offline as well.',
      ),
    senseGroup: oneOf(['shown', 'hidden'])
      .prefault('shown')
      .describe(
        'A guest senses the path-group id of CP, which Linux takes over, or none, so that it sets one of its own.',
      ),
    intercept: time()
      .prefault('2us')
      .describe('An I/O instruction of a guest, out to CP and back, ns (guess: H kvm.vmExit_us).'),
  })
  .optional()
  .describe('zvm-host: what CP does.');
export type ParsedControlProgram = z.output<typeof controlProgramSchema>;

/** Defaults where the key is left out: only systems of one kind have it. */
export const CONTROL_PROGRAM_DEFAULTS = {
  show: 'one',
  foreignGroup: 'refuse',
  senseGroup: 'shown',
  intercept: 2_000,
} as const satisfies NonNullable<ParsedControlProgram>;
