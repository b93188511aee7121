import type { BuildSimulation, BuiltRun } from '../../src/experiment/built-run.ts';
import { FifoServer } from '../../src/kernel/fifo-server.ts';
import { PRIORITY } from '../../src/kernel/priority.ts';
import { exponential, RandomStreams } from '../../src/kernel/random.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { BlockRequest, OUTCOME } from '../../src/observe/block-request.ts';
import { EVENT } from '../../src/observe/event-table.ts';
import type { Observer } from '../../src/observe/observer.ts';
import { loadScenarioText } from '../../src/scenario/load.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';

const SUBCHANNEL = 18;
const MEAN_GAP_NS = 1_000_000;

/** How a tiny run misbehaves. */
export interface Mischief {
  /** Request that is started and never comes back, though nobody holds it. */
  readonly loses?: number;
  /** Request that makes the model break down. */
  readonly breaksAt?: number;
  /** Request that takes a nanosecond longer than it should: another program. */
  readonly delays?: number;
}

/**
 * One server with exponential gaps and times instead of a machine: enough for everything above the machine to have
 * something to measure. The first fault of the scenario takes channel path 0.40 away, the second brings it back; the
 * system learns of both 30 µs later.
 */
export function tinyRun(mischief: Mischief = {}): BuildSimulation {
  return (scenario, observer) => new TinyModel(scenario, observer, mischief);
}

class TinyModel implements BuiltRun {
  readonly sim = new Simulation();
  readonly streams: RandomStreams;
  readonly subchannels = [
    { system: 0, subchannel: SUBCHANNEL, device: '0.0.1000', chpids: [0x40, 0x41], controlUnit: 0 },
  ];
  readonly workloads = [{ completed() {} }];
  readonly server = new FifoServer();
  readonly meter = {
    chpid: 0x40,
    operations: 0,
    bytesRead: 0,
    bytesWritten: 0,
    processorBusyBy: (now: number) => this.server.busyBy(now),
    wireBusyBy: () => 0,
    openExchangeArea: (now: number) => this.server.busyBy(now),
    servers: [this.server],
  };
  readonly channelPaths = [this.meter];
  private readonly observer: Observer;
  private readonly mischief: Mischief;
  private readonly requests: BlockRequest[] = [];
  private arrivals = 0;
  private lost = 0;
  private readonly arrive: number;
  private readonly complete: number;

  constructor(scenario: ResolvedScenario, observer: Observer, mischief: Mischief) {
    const { sim } = this;
    this.streams = new RandomStreams(scenario.seed);
    this.observer = observer;
    this.mischief = mischief;
    const boot = sim.defineEvent('boot', () => this.masks(0xc0));
    const fault = sim.defineEvent('fault', (at) => this.fault(at));
    const learn = sim.defineEvent('learn', (lpm) => {
      observer.emit(EVENT['machine-check'], 0, -1, -1, -1, -1, 0, 0, 0);
      this.masks(lpm);
    });
    this.arrive = sim.defineEvent('arrive', () => this.arrival());
    this.complete = sim.defineEvent('complete', (at) => this.completion(at));
    sim.at(0, PRIORITY.HOST, boot, 0, 0);
    scenario.faults.forEach(({ atNs }, at) => {
      sim.at(atNs, PRIORITY.FAULT, fault, at, 0);
      sim.at(atNs + 30_000, PRIORITY.HOST, learn, at === 0 ? 0x40 : 0xc0, 0);
    });
    sim.at(1, PRIORITY.WORKLOAD, this.arrive, 0, 0);
  }

  finish() {
    const inProgress = this.requests.filter(({ outcome }) => outcome === OUTCOME.IN_FLIGHT).length;
    const image = { reportsQueued: 0, reportsRead: 0, reportsLost: 0, reportsPending: 0 };
    return { requestsInProgress: inProgress - this.lost, measurements: [], images: [image] };
  }

  private fault(at: number): void {
    const event = at === 0 ? EVENT['chpid.unavailable'] : EVENT['chpid.available'];
    this.observer.emit(EVENT.fault, -1, -1, 0x40, -1, -1, at, 0, 0);
    this.observer.emit(event, 0, -1, 0x40, -1, -1, 0, 0, 0);
  }

  private masks(lpm: number): void {
    this.observer.emit(EVENT['path.masks'], 0, SUBCHANNEL, -1, -1, -1, lpm, lpm, 0xff);
  }

  private arrival(): void {
    const { sim, streams, mischief, meter, server } = this;
    const at = this.arrivals++;
    if (at === mischief.breaksAt) throw new Error('the tiny model broke down');
    const request = new BlockRequest(this.workloads[0], 1);
    request.id = at;
    request.blockCount = 1;
    request.arrivalNs = sim.now;
    this.requests.push(request);
    this.observer.emit(EVENT['io.started'], 0, SUBCHANNEL, -1, -1, -1, at, 0, 0);
    const serviceNs =
      exponential(streams.stream('service').uniform(), MEAN_GAP_NS / 2) + (at === mischief.delays ? 1 : 0);
    request.startNs = server.startTime(sim.now);
    request.iosqNs = request.startNs - sim.now;
    request.connNs = serviceNs;
    const endNs = server.enter(sim.now, serviceNs);
    meter.operations++;
    if (at === mischief.loses) this.lost++;
    else sim.at(endNs, PRIORITY.MACHINE, this.complete, at, 0);
    const gapNs = exponential(streams.stream('arrival').uniform(), MEAN_GAP_NS);
    sim.after(gapNs, PRIORITY.WORKLOAD, this.arrive, 0, 0);
  }

  private completion(at: number): void {
    const request = this.requests[at];
    request.endNs = this.sim.now;
    request.outcome = OUTCOME.COMPLETED;
    request.chpid = 0x40;
    request.lpum = 0x80;
    this.observer.emit(EVENT['io.completed'], 0, SUBCHANNEL, -1, -1, -1, at, 0, 0);
    this.observer.requestEnded(0, SUBCHANNEL, request);
  }
}

/** Three seconds; the channel path is away for one of them. */
export const TINY_SCENARIO = `name: tiny
seed: 42
duration: 3s
machine:
  chpids: { "0.40-0.41": { type: ficon-express16s+ } }
  controlUnits: { lcu0: { paths: "0.40-0.41" } }
  dasd: { "0.0.1000": { controlUnit: lcu0 } }
faults:
  - { at: 1s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 2s, name: return, chpid: 0.40, do: configure-on }
`;

/** The runs of a scenario: the tiny one with more lines, and with changes as `--set` makes them. */
export function tinyScenarios(lines = '', overrides: readonly string[] = []): readonly ResolvedScenario[] {
  const loaded = loadScenarioText('tiny.yaml', TINY_SCENARIO + lines, { overrides });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return loaded.scenario.runs;
}
