import { describe, expect, it } from 'vitest';
import { loadScenarioText, type RunEvent, type RunRequest, runScenario } from '../../src/index.ts';

const SCENARIO = `name: library
seed: 1
duration: 3s
machine:
  chpids: { "0.40-0.41": { type: ficon-express16s+ } }
  controlUnits: { lcu0: { paths: "0.40-0.41" } }
  dasd: { "0.0.1000-0.0.1003": { controlUnit: lcu0 } }
workload: { oltp: { arrivals: poisson, ratePerVolume: 50/s } }
faults:
  - { at: 1s, name: loss, chpid: 0.40, do: configure-off }
`;

function scenario() {
  const loaded = loadScenarioText('library.yaml', SCENARIO);
  if (!loaded.ok) throw loaded.errors[0];
  return loaded.scenario.runs[0];
}

describe('the library', () => {
  it('runs a scenario and answers by the names of metrics', async () => {
    const run = await runScenario(scenario());
    expect(run.passed).toBe(true);
    expect(run.metric('host.machine_check', {}, 'loss').value).toBe(1);
    expect(run.metric('io.lost').value).toBe(0);
    expect(run.metric('io.response.p99').value).toBeGreaterThan(run.metric('io.response.p50').value);
    expect(run.metric('path.knowledge.max', { chpid: '0.40' }, 'loss').samples).toBe(4);
    expect(() => run.metric('io.happiness')).toThrow(RangeError);
    expect(() => run.metric('io.lost', {}, 'gain')).toThrow(RangeError);
  });

  it('hands out events and requests, and is the same run with and without them', async () => {
    const events: RunEvent[] = [];
    const requests: RunRequest[] = [];
    const watched = await runScenario(scenario(), {
      onEvent: (event) => events.push(event),
      onRequest: (request) => requests.push(request),
    });
    const alone = await runScenario(scenario());
    expect(watched.fingerprint).toBe(alone.fingerprint);
    expect(watched.summary).toEqual(alone.summary);
    expect(requests).toHaveLength(watched.summary.total.counts['io.completed']);
    const report = events.find(({ event }) => event === 'crw.channel-path');
    expect(report).toMatchObject({ layer: 'machine', chpid: '0.40', fields: { erc: 6, solicited: 0 } });
  });

  it('keeps two runs in one process apart', async () => {
    const [first, second] = await Promise.all([runScenario(scenario()), runScenario(scenario())]);
    expect(first.summary).toEqual(second.summary);
  });
});
