import type { ProgressMode } from '../progress.ts';
import { replayAll } from '../replay-command.ts';
import type { ReplayOptions } from '../replay-events.ts';
import type { AddCommand } from './context.ts';
import { progressOption, wholeOption } from './options.ts';

export const addReplay: AddCommand = (program, { terminal, info, argv, end }) => {
  program
    .command('replay')
    .description('run again what manifests describe and compare')
    .argument('<manifest...>', 'manifest.json or the folder of a run')
    .option('--until-event <number>', 'stop after this kernel event and compare the checkpoints up to it')
    .option('--events', 'print every event as CSV on stdout, the comparison on stderr', false)
    .addOption(progressOption())
    .action(async (targets: string[], flags: ReplayFlags) =>
      end(await replayAll(terminal, info, argv, targets, replayOptions(flags))),
    );
};

interface ReplayFlags {
  readonly untilEvent?: string;
  readonly events: boolean;
  readonly progress: ProgressMode;
}

function replayOptions({ untilEvent, ...flags }: ReplayFlags): ReplayOptions {
  return { ...flags, untilEvent: untilEvent === undefined ? null : eventOption('--until-event', untilEvent) };
}

/** Events are counted from 1, as in the message of a defect. */
const eventOption = (option: string, text: string): number =>
  wholeOption(option, text, 1, 'the number of an event, 1 or more, without a unit');
