import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TestTerminal } from '../cli/test-terminal.ts';

/**
 * Documents are played from beginning to end, each in a folder of its own. Scenarios are the YAML blocks that begin
 * with a file name. Commands are the lines of the sh blocks, and those of the workflow; `# code 3` behind a command is its
 * exit code. A block without a language right behind commands shows what they print, `…` whatever was left out.
 */
interface Block {
  readonly language: string;
  readonly text: string;
}
const blocksOf = (document: string): Block[] =>
  [...fs.readFileSync(document, 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({
    language,
    text,
  }));

interface Command {
  readonly argv: readonly string[];
  readonly code: number;
}

const commandsIn = (block: Block): Command[] =>
  block.text.split('\n').flatMap((line) => {
    const [, words, code = '0'] = /(?:^|npx )chpsim (.*?)(?:\s+# code (\d))?$/.exec(line.trim()) ?? [];
    if (words === undefined) return [];
    return [{ argv: [...words.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(unquoted), code: Number(code) }];
  });
const unquoted = ([, double, single, bare]: RegExpMatchArray): string => double ?? single ?? bare;

/** Files and folders of a document are those of the folder; a star stands for what the shell would find. */
function placed(folder: string, word: string): string {
  if (!/^(?:[\w-]+\.(?:yaml|json|html|xml)|(?:out|strict|traced)(?:\/\S+)?)$/.test(word)) return word;
  const file = path.join(folder, word);
  if (path.basename(file) !== '*') return file;
  const found = fs.readdirSync(path.dirname(file));
  expect(found).toHaveLength(1);
  return path.join(path.dirname(file), found[0]);
}

async function play(folder: string, { argv }: Command): Promise<{ code: number; text: string }> {
  const terminal: Terminal = Object.assign(new TestTerminal(), {
    files: NODE_FILES,
    build: buildSimulation,
    env: { CHPSIM_OUT: path.join(folder, 'out') },
  });
  const words = argv.map((word) => placed(folder, word));
  const code = await runProgram(
    terminal,
    { name: 'chpsim', version: '0.1.0', commit: null, build: null },
    words,
  );
  return { code, text: (terminal as TestTerminal).stdout.replaceAll(`${folder}/`, '') };
}

/** Whether the pieces between `…` come in this order, the first at the beginning and the last at the end. */
const pattern = (shown: string): RegExp => new RegExp(`^${shown.split('…').map(escaped).join('.*')}$`, 's');
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe.each(['docs/guide.md', 'docs/for-kernel-and-qemu-developers.md', 'docs/for-performance-people.md'])(
  '%s',
  (document) => {
    const blocks = blocksOf(document);
    let folder = '';
    let told = '';

    beforeAll(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-played-'));
      for (const { text } of blocks.filter(({ language }) => language === 'yaml')) {
        const name = /^# (\S+\.yaml)\n/.exec(text)?.[1];
        if (name !== undefined) fs.writeFileSync(path.join(folder, name), text);
      }
    });
    afterAll(() => fs.rmSync(folder, { recursive: true }));

    for (const [at, block] of blocks.entries()) {
      for (const command of commandsIn(block)) {
        test(`chpsim ${command.argv.join(' ')}`, async () => {
          const { code, text } = await play(folder, command);
          expect(code).toBe(command.code);
          told = `${told}${text}`;
        });
      }
      const shown = blocks[at + 1];
      if (block.language === 'sh') {
        test(`shows what block ${at + 1} prints`, () => {
          if (shown?.language === '') expect(told).toMatch(pattern(shown.text));
          told = '';
        });
      }
    }
  },
);
