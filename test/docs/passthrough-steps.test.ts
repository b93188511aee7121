import { expect, test } from 'vitest';
import { loadScenarioText, type RunEvent, runScenario } from '../../src/index.ts';
import { codeOf, tablesOf } from './markdown.ts';

/** docs/output.md names the events of one START SUBCHANNEL through vfio-ccw, step by step. */
const ONE_DEVICE = `
seed: 1
duration: 3s
machine:
  chpids: { "0.40": {} }
  controlUnits: { lcu0: {} }
  dasd: { "0.0.1000": { controlUnit: lcu0 } }
systems:
  host: { kind: kvm-host }
  guest1: { kind: guest, on: host, passthrough: "0.0.1000" }
trace: { level: all }
`;

interface Step {
  readonly step: string;
  readonly event: string;
  /** `name=value`, decimal. */
  readonly details: readonly string[];
}

/** The documented events; what follows an event in the same cell is its detail. */
function documented(): Step[] {
  const { rows } = tablesOf('docs/output.md').find(({ columns }) => columns[0] === 'step')!;
  const steps: Step[] = [];
  for (const [step, , events] of rows) {
    for (const code of codeOf(events)) {
      if (code.includes('=')) steps.push({ ...steps.pop()!, details: code.split(' ') });
      else steps.push({ step, event: code, details: [] });
    }
  }
  return steps;
}

async function allEvents(): Promise<RunEvent[]> {
  const loaded = loadScenarioText('one-start.yaml', ONE_DEVICE);
  if (!loaded.ok) throw loaded.errors[0];
  const events: RunEvent[] = [];
  await runScenario(loaded.scenario.runs[0], { onEvent: (event) => events.push(event) });
  return events;
}

/** Steps of the kernel are the host's, those of QEMU the guest's. */
const isStep = ({ step, event, details }: Step, seen: RunEvent): boolean =>
  seen.event === event &&
  seen.system === (/K\d$/.test(step) ? 'host' : 'guest1') &&
  details.every((detail) => {
    const [name, value] = detail.split('=');
    return seen.fields[name] === Number(value);
  });

test('the steps of one start come in the order of the table, with these details', async () => {
  const events = await allEvents();
  let at = 0;
  for (const step of documented()) {
    const found = events.findIndex((event, index) => index >= at && isStep(step, event));
    expect(found, `${step.step} ${step.event} after event ${at}`).toBeGreaterThanOrEqual(at);
    at = found + 1;
  }
});
