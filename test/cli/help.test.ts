import { describe, expect, it } from 'vitest';
import { type Command, CommanderError } from '../../src/cli/commander.ts';
import { EXAMPLES } from '../../src/cli/commands/examples.ts';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { completedCommands } from '../../src/cli/completion/commands.ts';
import { EXIT_MEANINGS } from '../../src/cli/exit-codes.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { TestTerminal } from './test-terminal.ts';

const terminal = new TestTerminal();
const info = { name: 'chpsim', version: '0.1.0', commit: null, build: null };
const tree = (): Command => buildProgram({ terminal, info, argv: [], end: () => {} });
const COMMAND_WORDS = completedCommands(tree()).map(({ words }) => words);

describe('help', () => {
  it.each(COMMAND_WORDS.map((words) => ({ name: words.join(' '), words })))(
    'of "$name" opens with two examples of it',
    async ({ words }) => {
      const one = new TestTerminal();
      expect(await one.chpsim(...words, '--help')).toBe(0);
      const [title, ...lines] = one.stdout.split('\n');
      expect(title).toBe('Examples:');
      const start = `  ${['chpsim', ...words].join(' ')} `;
      expect(lines.slice(0, 3).map((line) => line.startsWith(start))).toEqual([true, true, false]);
    },
  );

  it('has examples for the commands that there are, and no others', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(COMMAND_WORDS.map((words) => words.join(' ')).sort());
    expect(COMMANDS.length).toBe(COMMAND_WORDS.filter(({ length }) => length === 1).length);
  });

  it('tells every exit code, and every command that can give 4', async () => {
    const one = new TestTerminal();
    await one.chpsim('--help');
    const [, codes] = one.stdout.split('Exit codes:');
    for (const code of Object.keys(EXIT_MEANINGS)) expect(codes).toMatch(new RegExp(`\\b${code}\\b`));
    const [, four] = /\n {2}4 ([\s\S]*?)\n {2}5 /.exec(codes)!;
    for (const name of [
      'compare',
      'baseline check',
      'replay',
      '--fingerprint',
      'diff',
      'diff-trace',
      'audit-ties',
      'explore',
    ]) {
      expect(four).toContain(name);
    }
  });

  it('lists the values of every option that has a choice', async () => {
    const one = new TestTerminal();
    await one.chpsim('run', '--help');
    const text = one.stdout.split('\nOptions:\n')[1].replaceAll(/\s+/g, ' ');
    for (const { long, argChoices = [] } of tree().commands.find((command) => command.name() === 'run')!
      .options) {
      const [, told] = text.split(` ${long} `);
      for (const value of argChoices) expect(told, `${long} ${value}`).toContain(value);
    }
    expect(text).toContain('(choices: csv, ftrace, qemu, perfetto)');
  });

  it('describes every command, argument and option', () => {
    const described = (command: Command): string[] => [
      ...(command.description() === '' ? [command.name()] : []),
      ...command.options.filter(({ description }) => description === '').map(({ flags }) => flags),
      ...command.registeredArguments.filter(({ description }) => description === '').map((one) => one.name()),
      ...command.commands.flatMap(described),
    ];
    expect(described(tree())).toEqual([]);
  });
});

describe('the examples', () => {
  /** Only reads the command line: what would be done is left out. */
  function parse(line: string): string {
    const program = tree();
    const idle = (command: Command): void => {
      command.action(() => {}).exitOverride();
      command.commands.forEach(idle);
    };
    program.commands.forEach(idle);
    try {
      program.parse(
        line
          .replace(/ [>|].*/, '')
          .split(' ')
          .slice(1),
        { from: 'user' },
      );
      return 'read';
    } catch (error) {
      if (error instanceof CommanderError) return error.message;
      throw error;
    }
  }

  it.each(
    Object.values(EXAMPLES)
      .flat()
      .filter((line) => line.startsWith('chpsim')),
  )('can be read: %s', (line) => {
    expect(parse(line)).toBe('read');
  });

  it('would not be read if an option were misspelt', () => {
    expect(parse('chpsim run scenarios/forty-two.yaml --sed 7')).toContain('--sed');
  });
});
