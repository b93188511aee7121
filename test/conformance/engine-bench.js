// A bench: one CPU without an operating system in front of a channel subsystem, driven from outside one instruction at a
// time. Simulated time passes only when the driver says so, besides what the instructions themselves cost.
import { PRIORITY } from '../../dist/kernel/priority.js';
import { Processes } from '../../dist/kernel/process.js';
import { RandomStreams } from '../../dist/kernel/random.js';
import { Simulation } from '../../dist/kernel/simulation.js';
import { BLIND } from '../../dist/observe/observer.js';
import { InstructionEvents } from '../../dist/program/instruction-events.js';
import { Processor } from '../../dist/program/processor.js';
import { RECORDED_QEMU } from '../../dist/qemu/options.js';
import { VirtualChannelSubsystem } from '../../dist/qemu/virtual-css.js';
import { buildMachine } from '../../dist/scenario/build-machine.js';
import { loadScenarioText } from '../../dist/scenario/load.js';

const STEP_NS = 10_000;
const WITH_REGISTER = new Set(['rchp', 'sal', 'schm']);

class Bench {
  constructor(sim, css) {
    this.sim = sim;
    this.css = css;
    this.processor = new Processor(css, new InstructionEvents(BLIND, 0));
    this.result = null;
    this.wanted = null;
    const bench = this;
    const program = function* (self) {
      for (;;) {
        if (bench.wanted === null) yield;
        else {
          const step = bench.wanted;
          bench.wanted = null;
          bench.result = yield* bench.processor.execute(self, step);
        }
      }
    };
    this.process = new Processes(sim).spawn('program', PRIORITY.HOST, null, 0, program);
    css.interrupts.program = { ioInterruptionPending() {}, machineCheckPending() {} };
    this.pass(1);
  }

  /** Executes one instruction: `{ cc }` or `{ pgm }`. */
  execute(kind, register1, at) {
    const step = WITH_REGISTER.has(kind)
      ? { do: kind, register1, register2: 0 }
      : { do: kind, sid: register1, at };
    this.wanted = step;
    this.result = null;
    this.sim.post(0, PRIORITY.HOST, this.process.kind, this.process.target, 0);
    while (this.result === null) this.pass(STEP_NS);
    const { cc, pgm } = this.result;
    return pgm === 0 ? { cc } : { pgm };
  }

  fetch(address, length) {
    const bytes = new Uint8Array(length);
    this.css.storage.fetch(address, bytes);
    return bytes;
  }
  store(address, bytes) {
    this.css.storage.store(address, bytes);
  }
  now() {
    return this.sim.now;
  }
  pass(ns) {
    this.sim.run(this.sim.now + ns);
  }
  /** Until something has happened, at most until `end`. */
  passUntilEvent(end) {
    this.sim.run(end, 1);
  }
}

/** `0120`, `128 MiB` and the like in the texts of an engine's description. */
const deviceNumberOf = ({ test_device: text }) =>
  Number.parseInt(/device number ([0-9a-f]{4})/.exec(text)?.[1] ?? '0', 16);
const storageOf = ({ storage }) => Number.parseInt(storage, 10) * 0x100000;
const hex = (number, digits) => number.toString(16).padStart(digits, '0');

/** QEMU's channel subsystem with the engine's one device. */
export function virtualBench(engine) {
  const css = new VirtualChannelSubsystem({ ...RECORDED_QEMU, storageBytes: storageOf(engine) }, BLIND, 0);
  const place = { ssid: 0, deviceNumber: deviceNumberOf(engine), hotplugged: false };
  if (/3270/.test(engine.test_device)) css.plug({ kind: '3270', ...place });
  else css.plug({ kind: 'virtio', model: 'rng', automatic: false, ...place });
  return new Bench(new Simulation(), css);
}

/** The machine with as many DASD on one channel path as the engine has subchannels. */
export function channelBench(engine) {
  const first = deviceNumberOf(engine);
  const last = first + Math.max(1, engine.subchannels - 1) - 1;
  const text = `
name: instructions
duration: 1s
machine:
  storage: ${engine.storage.replace(' ', '')}
  chpids: { "0.${engine.chpid}": { type: ficon-express16s+ } }
  controlUnits: { lcu0: { paths: ["0.${engine.chpid}"] } }
  dasd: { "0.0.${hex(first, 4)}-0.0.${hex(last, 4)}": { model: 3390-3, controlUnit: lcu0 } }
systems: { lpar1: {} }
`;
  const loaded = loadScenarioText('instructions.yaml', text);
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  const [scenario] = loaded.scenario.runs;
  const sim = new Simulation();
  const { images } = buildMachine(scenario, sim, new RandomStreams(scenario.seed), BLIND);
  return new Bench(sim, images[0]);
}
