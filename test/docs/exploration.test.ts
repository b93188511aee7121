import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { buildSimulation } from '../../src/scenario/build.ts';
import { TestTerminal } from '../cli/test-terminal.ts';

it('docs/exploration.md shows what its example prints', async () => {
  const text = fs.readFileSync('docs/exploration.md', 'utf8');
  const [, scenario, shown] = /```yaml\n(.*?)```\n\n```\n\$ chpsim explore \S+\n(.*?)```/s.exec(text)!;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chpsim-docs-'));
  try {
    const file = path.join(folder, 'hasty-halt.yaml');
    fs.writeFileSync(file, scenario);
    const terminal = new TestTerminal();
    terminal.build = buildSimulation;
    expect(await terminal.chpsim('explore', file)).toBe(4);
    expect(terminal.stdout).toBe(shown);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
