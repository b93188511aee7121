import { expect, test } from 'vitest';
import { migrationTable } from '../../src/cli/migration-text.ts';
import type { RunSummary } from '../../src/experiment/summary.ts';
import { simulated } from '../acceptance/scenario.ts';

/** A guest that is moved twice; the second time its device has another number there. */
const moved = async (): Promise<RunSummary> => {
  const run = await simulated(`
duration: 4s
systems: { guest1: { kind: guest, qemu: "7.2", virtio: 1 } }
actions:
  - { at: 1s, do: migrate }
  - { at: 2s, do: migrate, commandLine: [{ type: rng, devno: fe.0.0001 }] }
`);
  return run.summary;
};
const HINT =
  'Make sure that your current VM setup matches your saved VM setup, including any hotplugged devices';
const rows = (text: string): string[] =>
  text.split('\n').map((line) => line.trimEnd().replace(/ {2,}/g, ' | '));

test('a migration is a row, and what QEMU printed stands below', async () => {
  expect(rows(migrationTable([await moved()]))).toEqual([
    'migration | system | outcome | printed by QEMU',
    ' | 1.000 s | guest1 | completed',
    ` | 2.000 s | guest1 | failed | qemu-system-s390x: Unknown savevm section or instance '/fe.0.0000/virtio-rng' 0. ${HINT}`,
    ' | qemu-system-s390x: load of migration failed: Invalid argument',
    '',
  ]);
});

test('several runs are told apart by their names', async () => {
  const summary = await moved();
  const { migrations: _none, ...without } = summary;
  const lines = rows(migrationTable([summary, without, summary]));
  expect(lines[0]).toBe('run | migration | system | outcome | printed by QEMU');
  expect(lines.filter((line) => line.startsWith(summary.meta.run))).toHaveLength(2);
});

test('without migrations there is no table', async () => {
  const { migrations: _none, ...without } = await moved();
  expect(migrationTable([without])).toBe('');
});
