import { describe, expect, test } from 'vitest';
import { SUBCHANNEL_KINDS, type SubchannelKind } from '../../src/channel/subchannel-kinds.ts';
import { loadScenarioText } from '../../src/index.ts';
import { counts, simulated } from './scenario.ts';

/*
 * vfio-ccw drives I/O subchannels without queues only. A subchannel of another kind is found by Linux at boot, is driven by
 * nobody, and cannot be passed through: −ENODEV, and the guest starts with what is left.
 */
const DASD = 3;

const scenario = (kind: SubchannelKind, count: number, kernel = '6.16'): string => `
duration: 2s
machine:
  chpids: { "0.40-0.41": {} }
  controlUnits: { lcu0: {} }
  dasd: { "0.0.1000-0.0.100${DASD - 1}": { controlUnit: lcu0 } }
  subchannels: { "0.0.f000-0.0.f00${count - 1}": { type: ${kind} } }
systems:
  host: { kind: kvm-host, kernel: "${kernel}" }
  guest1: { kind: guest, on: host, passthrough: ["0.0.1000-0.0.100${DASD - 1}", "0.0.f000-0.0.f00${count - 1}"] }
`;

const KINDS = Object.keys(SUBCHANNEL_KINDS) as SubchannelKind[];

describe.each(KINDS)('subchannels of the kind %s', (kind) => {
  test.each([1, 5])('%i of them are refused, and the guest has all its DASD', async (asked) => {
    const run = await simulated(scenario(kind, asked));
    expect(counts(run, '', ['kernel.bind_refused', 'guest.recognized', 'guest.online'])).toEqual({
      'kernel.bind_refused': asked,
      'guest.recognized': DASD,
      'guest.online': DASD,
    });
  });

  test('no path event reaches them', async () => {
    const faults = 'faults: [{ at: 1s, name: loss, chpid: 0.40, do: configure-off }]\n';
    const run = await simulated(scenario(kind, 2) + faults);
    expect(counts(run, 'loss', ['kernel.chp_event', 'vmm.crw'])).toEqual({
      'kernel.chp_event': DASD,
      'vmm.crw': DASD,
    });
  });
});

/* There an I/O subchannel is unregistered together with the device that nothing was found of. */
test('Linux 5.10 does not know a subchannel with queues that no path leads to: there is nothing to be bound', async () => {
  const run = await simulated(scenario('qdio', 2, '5.10'));
  expect(counts(run, '', ['kernel.bind_refused', 'guest.online'])).toEqual({
    'kernel.bind_refused': 0,
    'guest.online': DASD,
  });
  const others = await simulated(scenario('eadm', 2, '5.10'));
  expect(counts(others, '', ['kernel.bind_refused'])).toEqual({ 'kernel.bind_refused': 2 });
});

describe('numbers of subchannels without I/O', () => {
  const problems = (subchannels: string, rest = ''): string[] => {
    const text = `machine:\n  dasd: { "0.0.1000-0.0.1003": {} }\n  subchannels: ${subchannels}\n${rest}`;
    const loaded = loadScenarioText('numbers.yaml', `${text}systems: { lpar: {} }\n`);
    return loaded.ok ? [] : loaded.errors.map(({ message }) => message);
  };

  test.each([
    ['{ "0.0.1003": { type: chsc } }', '0.0.1003 is defined twice'],
    ['{ "0.0.f000-0.0.f003": { type: chsc }, "0.0.f002": { type: eadm } }', '0.0.f002 is defined twice'],
    ['{ "0.0.g000": { type: chsc } }', '0.0.g000'],
    ['{ "0.0.f000": { type: osa } }', 'osa'],
  ])('%s: %s', (subchannels, message) => {
    expect(problems(subchannels).join('\n')).toContain(message);
  });

  test('may be in any subchannel set of the machine', () => {
    expect(problems('{ "0.3.f000": { type: eadm } }')).toEqual([]);
    expect(problems('{ "0.3.f000": { type: eadm } }', '  subchannelSets: 1\n')).toHaveLength(1);
  });

  test('are given to no system as volumes', () => {
    const loaded = loadScenarioText(
      'volumes.yaml',
      'machine: { subchannels: { "0.0.f000": { type: qdio } } }\nsystems: { lpar: { dasd: 0.0.f000 } }\n',
    );
    expect(loaded.ok).toBe(false);
  });
});
