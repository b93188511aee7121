import type { Command } from '../commander.ts';

/** Two lines to begin with, by command; the empty name is the program itself. */
export const EXAMPLES: Readonly<Record<string, readonly [string, string]>> = {
  '': [
    'chpsim run scenarios/forty-two-notifications.yaml',
    'chpsim run scenarios/forty-two.yaml --set duration=30s --seed 7 --json',
  ],
  new: ['chpsim new first.yaml', 'chpsim new guest.yaml --kind kvm'],
  import: [
    'chpsim import lscss lscss.txt --lschp lschp.txt --lsdasd lsdasd.txt --output machine.yaml',
    'chpsim import ftrace trace.txt --lscss lscss.txt --output loss.yaml',
  ],
  run: [
    'chpsim run scenarios/forty-two-notifications.yaml',
    'chpsim run scenarios/e06-selection.yaml --strategy rotation --reps 10 --trace none',
  ],
  validate: ['chpsim validate scenarios/*.yaml', 'chpsim validate scenarios/forty-two.yaml --print-resolved'],
  compare: [
    'chpsim compare scenarios/e06-selection.yaml --run rotation --run random --reps 10',
    'chpsim compare before/forty-two-load after/forty-two-load --max-regression io.response.p99=5%',
  ],
  baseline: [
    'chpsim baseline save baseline.json scenarios/forty-two-load.yaml',
    'chpsim baseline check baseline.json',
  ],
  'baseline save': [
    'chpsim baseline save baseline.json scenarios/forty-two-load.yaml',
    'chpsim baseline save baseline.json scenarios/e0*.yaml --reps 10',
  ],
  'baseline check': [
    'chpsim baseline check baseline.json',
    'chpsim baseline check baseline.json scenarios/forty-two-load.yaml --strict',
  ],
  replay: [
    'chpsim replay out/forty-two/rotation-s42-*',
    'chpsim replay out/forty-two/rotation-s42-* --until-event 5000 --events',
  ],
  show: [
    'chpsim show chp out/forty-two/rotation-s42-* --at 3s',
    'chpsim show css out/forty-two-notifications/upstream-s42-* --at 5100ms --system guest1 --vpm',
  ],
  diff: [
    'chpsim diff out/forty-two/rotation-s42-* out/forty-two/rotation-s7-*',
    'chpsim diff before/manifest.json after/manifest.json --context 3',
  ],
  report: [
    'chpsim report out/forty-two-notifications',
    'chpsim report out/forty-two-notifications --html report.html',
  ],
  'diff-trace': [
    'chpsim diff-trace recorded.txt out/qemu-hot-plug/*',
    'chpsim diff-trace recorded.txt out/qemu-hot-plug/* --from add --to add --events s390_cio_stsch',
  ],
  explore: [
    'chpsim explore scenarios/exploration/path-loss.yaml',
    'chpsim explore scenarios/exploration/path-loss.yaml --events',
  ],
  'audit-ties': [
    'chpsim audit-ties scenarios/forty-two.yaml',
    'chpsim audit-ties scenarios/forty-two-load.yaml --shuffles 10',
  ],
  sweep: [
    'chpsim sweep scenarios/e06-selection.yaml --axes axes.yaml --list',
    'chpsim sweep scenarios/e06-selection.yaml --axes axes.yaml --shard 3/8',
  ],
  worker: ['chpsim worker --redis redis://localhost:6379', 'chpsim worker --jobs 4 --lease 2m'],
  schema: ['chpsim schema > scenario.schema.json', 'chpsim schema | less'],
  completion: [
    'chpsim completion bash > ~/.local/share/bash-completion/completions/chpsim',
    'chpsim completion fish | source',
  ],
  explain: ['chpsim explain crw.channel-path', 'chpsim explain io.response.p99'],
};

/** Opens the help of a command, and of those below it, with its examples. */
export function addExamples(command: Command, name = ''): void {
  const examples = EXAMPLES[name] ?? [];
  if (examples.length > 0) {
    command.addHelpText('before', `Examples:\n${examples.map((line) => `  ${line}\n`).join('')}`);
  }
  for (const inner of command.commands) addExamples(inner, `${name} ${inner.name()}`.trimStart());
}
