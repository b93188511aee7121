import fc from 'fast-check';

/*
 * Small whole scenarios, drawn: a topology, kernels and machine options, a load, faults that come in any order and
 * operators who do anything at any time. At 6 s everything is mended, so that what was held up can end.
 */
const MENDED_S = 6;

/** A drawn scenario; failures print its text, which `chpsim run -` takes. */
export class DrawnScenario {
  readonly text: string;
  readonly systems: number;

  constructor(text: string, systems: number) {
    this.text = text;
    this.systems = systems;
  }

  [fc.toStringMethod](): string {
    return `\n${this.text}`;
  }
}

const oneOf = <const T extends readonly string[]>(...names: T) => fc.constantFrom(...names);
const span = fc.integer({ min: 1_500, max: 5_000 });
const list = (parts: readonly string[]): string => (parts.length === 0 ? ' []' : `\n${parts.join('\n')}`);

const topology = fc.record({
  paths: fc.integer({ min: 1, max: 5 }),
  units: fc.integer({ min: 1, max: 2 }),
  volumes: fc.integer({ min: 1, max: 8 }),
  systems: fc.constantFrom(1, 1, 2),
});
type Topology = typeof topology extends fc.Arbitrary<infer T> ? T : never;

const machine = fc.record({
  model: oneOf('verbose-lpar', 'verbose-lpar', 'quiet-arrive', 'sei-only'),
  noPath: oneOf('cc3', 'deferred-cc3'),
  order: oneOf('[mask, io, report]', '[report, io, mask]', '[io, mask, report]', '[report, mask, io]'),
  pathGroupReturn: oneOf('ungrouped', 'reset'),
  lostIo: oneOf('ifcc', 'ifcc', 'deferred-cc3', 'silent'),
  crwQueueDepth: oneOf('64', '1'),
  type: oneOf('ficon-express16s+', 'ficon', 'escon'),
  selection: oneOf('rotation', 'pooled'),
  unit: oneOf(
    '{}',
    '{ hitRead: 3ms, hitWrite: 2ms }',
    '{ cache: { hitRatio: 0.2 }, miss: { exponential: 8ms } }',
    '{ type: 3990-6, backend: mechanics, cache: { lru: 1MiB } }',
    '{ maxConcurrentPerPort: 1 }',
  ),
});

const system = fc.record({
  kernel: oneOf('4.17', '5.10', '6.1', '6.16', '2026-07'),
  cpus: oneOf('1', '2', '8'),
});

const workload = fc.record({
  arrivals: oneOf(
    'ratePerVolume: 30/s',
    'arrivals: mmpp, ratePerVolume: 5/s, burst: { ratePerVolume: 400/s, length: 40ms, every: 400ms }',
    'arrivals: closed, applications: 3, think: { exponential: 10ms }',
  ),
  block: oneOf('4KiB', '24KiB', '120KiB'),
  reads: oneOf('0.5', '0.75', '0'),
  addresses: oneOf('uniform', 'sequential', '{ zipf: 1.5 }'),
});

const chpid = (paths: number) => fc.integer({ min: 0, max: paths - 1 }).map((path) => `0.4${path}`);

function fault({ paths, units, systems }: Topology): fc.Arbitrary<string> {
  const what = fc.oneof(
    oneOf('do: configure-off', 'do: configure-on', 'do: link-down', 'do: link-up'),
    fc.integer({ min: 0, max: units - 1 }).map((unit) => `do: link-down, controlUnit: lcu${unit}`),
    fc.integer({ min: 0, max: systems - 1 }).map((at) => `do: vary-off, system: s${at}`),
    oneOf(
      'do: error-rate, probability: 2%, until: 5500ms',
      'do: flap, what: configure, down: 30ms, up: 70ms, count: 4',
      'do: flap, what: link, down: 130ms, up: 90ms, count: 3, spacing: exponential',
      'do: flap, what: link, down: 20ms, up: 20ms, count: 5',
    ),
  );
  const onPath = fc
    .tuple(span, chpid(paths), what)
    .map(([at, path, rest]) => `  - { at: ${at}ms, chpid: ${path}, ${rest} }`);
  const onUnit = fc
    .tuple(span, fc.integer({ min: 0, max: units - 1 }))
    .map(([at, unit]) => `  - { at: ${at}ms, do: reset, controlUnit: lcu${unit} }`);
  return fc.oneof({ weight: 8, arbitrary: onPath }, { weight: 1, arbitrary: onUnit });
}

const device = (volume: number): string => `0.0.100${volume}`;

const HARMLESS = ['set-offline', 'set-online', 'snid'];
const RESERVING = ['reserve', 'release', 'steal', 'unconditional-reserve'];

function action({ paths, volumes, systems }: Topology, reserving: boolean): fc.Arbitrary<string> {
  const onDevice = fc
    .tuple(
      fc.constantFrom(...HARMLESS, ...(reserving ? RESERVING : [])),
      fc.integer({ min: 0, max: volumes - 1 }),
    )
    .map(([what, volume]) => `do: ${what}, device: ${device(volume)}`);
  const onPath = fc
    .tuple(chpid(paths), oneOf('on', 'off'))
    .map(([path, to]) => `do: vary-path, chpid: ${path}, to: ${to}`);
  return fc
    .tuple(span, fc.integer({ min: 0, max: systems - 1 }), fc.oneof(onDevice, onPath, oneOf('do: rescan')))
    .map(([at, by, what]) => `  - { at: ${at}ms, system: s${by}, ${what} }`);
}

/** What ends every story: paths and links are back, every path is varied off and on, every device is set online. */
function mend({ paths, volumes, systems }: Topology): { faults: string[]; actions: string[] } {
  const all = paths === 1 ? '0.40' : `"0.40-0.4${paths - 1}"`;
  const volumeList = volumes === 1 ? device(0) : `"${device(0)}-${device(volumes - 1)}"`;
  const faults = ['configure-on', 'link-up'].map(
    (what, at) => `  - { at: ${MENDED_S + at}s, chpid: ${all}, do: ${what} }`,
  );
  const actions = Array.from({ length: systems }, (_, by) => [
    `  - { at: ${MENDED_S + 2}s, system: s${by}, do: vary-path, chpid: ${all}, to: off }`,
    `  - { at: ${MENDED_S + 3}s, system: s${by}, do: vary-path, chpid: ${all}, to: on }`,
    `  - { at: ${MENDED_S + 10}s, system: s${by}, do: set-online, device: ${volumeList} }`,
  ]).flat();
  return { faults, actions };
}

/** `reserving`: operators also reserve volumes and break reservations. */
export const scenarios = (reserving: boolean): fc.Arbitrary<DrawnScenario> =>
  topology
    .chain((drawn) =>
      fc.record({
        topology: fc.constant(drawn),
        seed: fc.nat(9999),
        machine,
        systems: fc.array(system, { minLength: drawn.systems, maxLength: drawn.systems }),
        workloads: fc.array(workload, { maxLength: 2 }),
        faults: fc.array(fault(drawn), { maxLength: 8 }),
        actions: fc.array(action(drawn, reserving), { maxLength: 5 }),
      }),
    )
    .map((drawn) => {
      const { paths, units, volumes, systems } = drawn.topology;
      const { machine: options } = drawn;
      const perUnit = Math.ceil(volumes / units);
      const dasd = Array.from(
        { length: volumes },
        (_, volume) => `${device(volume)}: { controlUnit: lcu${Math.floor(volume / perUnit)} }`,
      );
      const loads = drawn.workloads.map(
        ({ arrivals, block, reads, addresses }, at) =>
          `  w${at}: { on: s${at % systems}, ${arrivals}, block: ${block}, reads: ${reads}, addresses: ${addresses}, until: ${MENDED_S}s }`,
      );
      const end = mend(drawn.topology);
      const text = `seed: ${drawn.seed}
duration: 400s
machine:
  model: ${options.model}
  noPath: ${options.noPath}
  order: ${options.order}
  pathGroupReturn: ${options.pathGroupReturn}
  lostIo: ${options.lostIo}
  crwQueueDepth: ${options.crwQueueDepth}
  chpids: { "${paths === 1 ? '0.40' : `0.40-0.4${paths - 1}`}": { type: ${options.type} } }
  controlUnits: { ${Array.from({ length: units }, (_, unit) => `lcu${unit}: ${options.unit}`).join(', ')} }
  dasd: { ${dasd.join(', ')} }
systems:
${drawn.systems.map(({ kernel, cpus }, at) => `  s${at}: { kernel: "${kernel}", cpus: ${cpus} }`).join('\n')}
strategies: { selection: ${options.selection} }
workload:${loads.length === 0 ? ' none' : `\n${loads.join('\n')}`}
faults:${list([...drawn.faults, ...end.faults])}
actions:${list([...drawn.actions, ...end.actions])}
`;
      return new DrawnScenario(text, systems);
    });
