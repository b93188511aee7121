import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRACE_FORMATS } from '../../src/scenario/resolved.ts';
import { TestTerminal } from './test-terminal.ts';

/** Completion is tried where it is used: in the shells themselves, as far as they are installed. */
const SHELLS = ['bash', 'zsh', 'fish'] as const;
const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

let folder = '';
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-completion-'));
  for (const shell of SHELLS) {
    const terminal = new TestTerminal();
    expect(await terminal.chpsim('completion', shell)).toBe(0);
    fs.writeFileSync(path.join(folder, shell), terminal.stdout);
  }
  for (const file of ['one.yaml', 'two.yml', 'other.txt', 'manifest.json'])
    fs.writeFileSync(path.join(folder, file), '');
  fs.mkdirSync(path.join(folder, 'out runs'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('the script', () => {
  const CHECKS = { bash: ['-n'], zsh: ['-n'], fish: ['--no-execute'] } as const;

  for (const shell of SHELLS) {
    it.skipIf(!isInstalled(shell))(`is one that ${shell} can read`, () => {
      const { status, stderr } = spawnSync(shell, [...CHECKS[shell], shell], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });
  }

  it('is refused for other shells, which are named', async () => {
    const terminal = new TestTerminal();
    expect(await terminal.chpsim('completion', 'tcsh')).toBe(2);
    expect(terminal.stderr).toContain('Allowed choices are bash, zsh, fish.');
  });
});

describe.skipIf(!isInstalled('bash'))('in bash', () => {
  /** What a press of Tab offers behind these words, the last of which may be empty. */
  function offered(...words: string[]): string[] {
    const script = `source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _chpsim; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', 'chpsim', ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  }

  it('offers commands, and those below a command', () => {
    expect(offered('comp')).toEqual(['compare', 'completion']);
    expect(offered('baseline', '')).toEqual(['check', 'save']);
    expect(offered('')).toContain('run');
  });

  it('offers the options of a command, and no others', () => {
    expect(offered('run', '--trace')).toEqual(['--trace', '--trace-filter', '--trace-format']);
    expect(offered('replay', '--trace')).toEqual([]);
    expect(offered('baseline', 'save', '--re')).toEqual(['--reps']);
  });

  it('offers the values of an option, behind a blank as behind an equals sign', () => {
    expect(offered('run', '--trace-format', '')).toEqual([...TRACE_FORMATS].sort());
    expect(offered('run', '--format', '=', 'js')).toEqual(['json', 'jsonl']);
    expect(offered('run', '--format', '=')).toContain('pairs');
    expect(offered('run', '--strategy', 'l')).toEqual(['least-busy']);
    expect(offered('compare', '--metric', 'io.response.p9')).toEqual([
      'io.response.p95',
      'io.response.p99',
      'io.response.p999',
    ]);
    expect(offered('run', '--seed', '')).toEqual([]);
  });

  it('offers scenarios and the folders in which they may lie, wherever options stand', () => {
    const scenarios = ['one.yaml', 'out runs', 'two.yml'];
    expect(offered('run', '')).toEqual(scenarios);
    expect(offered('run', '--seed', '7', '--details', '')).toEqual(scenarios);
    expect(offered('validate', 'one.yaml', 't')).toEqual(['two.yml']);
    expect(offered('run', 'one.yaml', '')).toEqual([]);
  });

  it('offers folders and any file where runs are wanted', () => {
    expect(offered('show', '')).toEqual(['chp', 'css', 'dasd']);
    expect(offered('show', 'chp', 'm')).toEqual(['manifest.json']);
    expect(offered('run', '--out', '')).toEqual(['out runs']);
    expect(offered('report', 'o')).toEqual(['one.yaml', 'other.txt', 'out runs']);
  });
});
