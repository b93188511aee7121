import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TestTerminal } from './test-terminal.ts';

const LSCSS = readFileSync('test/fixtures/s390-tools/lpar.lscss.txt', 'utf8');
const TRACE = ' <idle>-0 [000] ..s.. 1.000000: s390_cio_ssch: schid=0.0.24ac cc=0\n';

/** A terminal in whose folder there are these files. */
function terminalWith(files: Readonly<Record<string, string>>): TestTerminal {
  const terminal = new TestTerminal();
  for (const [name, text] of Object.entries(files)) {
    const descriptor = terminal.files.openSync(name, 'w');
    const bytes = new TextEncoder().encode(text);
    terminal.files.writeSync(descriptor, bytes, 0, bytes.length);
    terminal.files.closeSync(descriptor);
  }
  return terminal;
}

describe('import', () => {
  it('prints the scenario, or writes it', async () => {
    const terminal = terminalWith({ 'css.txt': LSCSS });
    expect(await terminal.chpsim('import', 'lscss', 'css.txt')).toBe(0);
    expect(terminal.stdout).toContain('name: css\n');
    expect(await terminal.chpsim('import', 'lscss', 'css.txt', '--output', 'lpar1.yaml')).toBe(0);
    expect(terminal.files.readFileSync('lpar1.yaml')).toBe(
      terminal.stdout.replace('name: css', 'name: lpar1'),
    );
    expect(terminal.stderr).toBe('wrote lpar1.yaml; next: chpsim run lpar1.yaml\n');
  });

  it('overwrites nothing without being told', async () => {
    const terminal = terminalWith({ 'css.txt': LSCSS, 'lpar1.yaml': 'name: mine' });
    expect(await terminal.chpsim('import', 'lscss', 'css.txt', '--output', 'lpar1.yaml')).toBe(2);
    expect(terminal.stderr).toContain('--force overwrites it');
    expect(await terminal.chpsim('import', 'lscss', 'css.txt', '--output', 'lpar1.yaml', '--force')).toBe(0);
  });

  it('writes the requests of a trace beside the scenario', async () => {
    const terminal = terminalWith({ 'css.txt': LSCSS, 'trace.txt': TRACE });
    const words = ['import', 'ftrace', 'trace.txt', '--lscss', 'css.txt'];
    expect(await terminal.chpsim(...words)).toBe(2);
    expect(terminal.stderr).toContain('--output is needed');
    expect(await terminal.chpsim(...words, '--output', 'runs/loss.yaml')).toBe(0);
    expect(terminal.files.readFileSync('runs/loss.yaml')).toContain('file: loss.requests');
    expect(terminal.files.readFileSync('runs/loss.requests')).toContain('1000.000 0.0.540c 0 8 1\n');
  });

  it('tells every line that it does not understand, and ends with 2', async () => {
    const terminal = terminalWith({ 'css.txt': `${LSCSS}what\nwhatever\n` });
    expect(await terminal.chpsim('import', 'lscss', 'css.txt')).toBe(2);
    expect(terminal.stdout).toBe('');
    expect(terminal.stderr.match(/^error: css\.txt:1[56]:1: "what/gm)).toHaveLength(2);
  });

  it('ends with 5 when a file is not there', async () => {
    const terminal = new TestTerminal();
    expect(await terminal.chpsim('import', 'lscss', 'css.txt')).toBe(5);
    expect(terminal.stderr).toContain('cannot read css.txt');
  });

  it('reads standard input once', async () => {
    const terminal = new TestTerminal();
    expect(await terminal.chpsim('import', 'lscss', '-', '--lschp', '-')).toBe(2);
    expect(terminal.stderr).toContain('only one of the files can be -');
  });
});
