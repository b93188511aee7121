import { describe, expect, test } from 'vitest';
import { type Exploration, exploreScenario, runScenario } from '../../../src/index.ts';
import { count, counts } from '../scenario.ts';
import { fileRuns } from './hosted.ts';

const explored = async (name: string, limit: number): Promise<Map<string, Exploration>> => {
  const found = new Map<string, Exploration>();
  for (const run of fileRuns(name, [`explore.limit=${limit}`]))
    found.set(run.run, await exploreScenario(run));
  return found;
};

const tells = ({ outcomes }: Exploration, what: string): boolean =>
  outcomes.some(({ differences }) => differences.some((text) => text.includes(what)));

describe('every order of a race', { timeout: 60_000 }, () => {
  test('a list of reports without lock loses one in kernels that had it, and never where it is locked', async () => {
    const found = await explored('e13-crw-list-race', 200);
    expect(found.get('upstream')!.failure?.reasons.join()).toContain('vmm.crw == 2');
    expect(found.get('locked.upstream')!.failure).toBeNull();
  });

  test('status of a halt frees a program in translation only before Linux 5.3', async () => {
    const found = await explored('e12-hsch-csch', 60);
    expect(found.get('frees-always.upstream')!.failure?.reasons.join()).toContain('freed_in_translation');
    expect(found.get('idle-too-early.upstream')!.failure).toBeNull();
    expect(found.get('upstream')!.failure).toBeNull();
  });

  test('a halt that the host began itself frees the next program in execution, in present kernels too', async () => {
    const found = await explored('e12-hsch-csch', 130);
    expect(tells(found.get('upstream')!, 'kernel.freed_in_execution')).toBe(true);
  });
});

describe('XSCH of a guest', () => {
  const NAMES = ['guest.xsch{cc=0}', 'host.xsch{cc=0}', 'guest.hsch'];

  test.each([4, 42])('%i devices: QEMU alone says what the host does not know', async (n) => {
    const devices = `0.0.1000-0.0.${(0x1000 + n - 1).toString(16)}`;
    const overrides = [
      `systems.guest1.passthrough=${devices}`,
      'variants={}',
      'expect=[]',
      'trace.level=none',
    ];
    const found = new Map<string, Record<string, number>>();
    for (const run of fileRuns('e11-xsch-race', overrides)) {
      const done = await runScenario(run);
      found.set(run.run, counts(done, 'varied', NAMES));
      expect(counts(done, '', ['io.lost', 'io.failed'])).toEqual({ 'io.lost': 0, 'io.failed': 0 });
      expect(count(done, 'guest.xsch', 'varied')).toBeLessThanOrEqual(n);
    }
    expect(found.get('upstream.cancel-local')).toMatchObject({ 'host.xsch{cc=0}': 0, 'guest.hsch': 0 });
    expect(found.get('upstream.cancel-cc2')).toMatchObject({ 'guest.xsch{cc=0}': 0, 'host.xsch{cc=0}': 0 });
    const { 'guest.xsch{cc=0}': told, 'host.xsch{cc=0}': cancelled } = found.get(
      'upstream.cancel-passthrough',
    )!;
    expect(told).toBe(cancelled);
  });
});
