import { describe, expect, test } from 'vitest';
import { loadScenarioText } from '../../src/scenario/load.ts';

const GUEST =
  'systems: { host: { kind: kvm-host }, guest1: { kind: guest, on: host, passthrough: 0.0.1000 } }\n';

function warningsOf(text: string, overrides: readonly string[] = []): readonly string[] {
  const result = loadScenarioText('s.yaml', text, { overrides });
  if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.scenario.warnings;
}

const IDLE = 'makes no difference, for no run has a guest with devices of a KVM host';

/** Policies of passthrough are valid everywhere, but who writes one without such a guest should hear of it. */
describe('policies about devices of guests', () => {
  test('are told where nobody has such a device', () => {
    expect(
      warningsOf('strategies: { selection: random, hostVary: hide, gone: [unplug, disconnected] }\n'),
    ).toEqual([`s.yaml:1:34: strategies.hostVary: ${IDLE}`, `s.yaml:1:50: strategies.gone: ${IDLE}`]);
  });

  test('are told in cases, and from the command line', () => {
    expect(warningsOf('strategies:\n  cases:\n    a: { relay: static }\n    b: {}\n')).toEqual([
      `s.yaml:3:10: strategies.cases.a.relay: ${IDLE}`,
    ]);
    expect(warningsOf('duration: 3s\n', ['strategies.resume=pass'])).toEqual([
      `--set strategies.resume=pass: strategies.resume: ${IDLE}`,
    ]);
  });

  test('are none of our business where a guest has one, in a variant too', () => {
    expect(warningsOf(`${GUEST}strategies: { hostVary: hide }\n`)).toEqual([]);
    expect(warningsOf(`variants: { kvm: { ${GUEST.trim()} } }\nstrategies: { hostVary: hide }\n`)).toEqual(
      [],
    );
  });

  test('are not told when nobody has written one', () => {
    expect(warningsOf('duration: 3s\nstrategies: { selection: fixed, grouping: none }\n')).toEqual([]);
    expect(warningsOf('duration: 3s\n')).toEqual([]);
  });
});
