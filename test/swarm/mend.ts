import { type Json, listIn, type Mapping, mappingIn, textsIn, wordIn } from './json.ts';

/** Long enough for what Linux does at its slowest: expiry of a request after 300 s, recovery timer of 300 s. */
const DURATION = '1000s';
const LOAD_END = '6s';

/**
 * The end of every story, after which nothing has a reason to be held up: paths, links and devices are back; in every system,
 * hosts first, all paths are varied off and on, errors of paths forgotten, reservations given back and devices set online.
 * It is made from the scenario as it is, so that a smaller one has a smaller end.
 */
export function mended(scenario: Mapping): Mapping {
  return {
    ...scenario,
    duration: DURATION,
    workload: ended(scenario),
    faults: [...listIn(scenario, 'faults').map(passing), ...repairs(scenario)],
    actions: [...listIn(scenario, 'actions'), ...releases(scenario), ...operators(scenario)],
  };
}

/** Applications ask no more when the repairs begin. */
const ended = (scenario: Mapping): Json => {
  const streams = Object.entries(mappingIn(scenario, 'workload')) as [string, Mapping][];
  return streams.length === 0
    ? 'none'
    : Object.fromEntries(streams.map(([name, stream]) => [name, { ...stream, until: LOAD_END }]));
};

/** What lasts ends before the repairs. */
const passing = (fault: Mapping): Mapping =>
  LASTING.includes(wordIn(fault, 'do')) ? { ...fault, until: FAULTS_END } : fault;

const LASTING = ['error-rate', 'slow', 'flap', 'breakdown', 'lose-reports'];
const FAULTS_END = '5500ms';

function repairs(scenario: Mapping): Mapping[] {
  const machine = mappingIn(scenario, 'machine');
  const chpid = Object.keys(mappingIn(machine, 'chpids'));
  const parts: readonly Mapping[] = [
    { chpid },
    ...Object.keys(mappingIn(machine, 'directors')).map((director) => ({ director })),
    ...Object.keys(mappingIn(machine, 'cables')).map((cable) => ({ cable })),
    ...Object.keys(unitsOf(scenario)).flatMap((controlUnit) =>
      chpid.map((_, port) => ({ controlUnit, port })),
    ),
  ];
  const gone = listIn(scenario, 'faults').filter(({ do: what }) => what === 'detach');
  const device = [...new Set(gone.flatMap((fault) => textsIn(fault, 'device')))];
  return [
    ...(device.length === 0 ? [] : [{ at: '7s', do: 'attach', device }]),
    { at: '8s', do: 'configure-on', chpid },
    ...parts.map((part) => ({ at: '9s', do: 'link-up', ...part })),
  ];
}

/** Control units, those too that are as they are by default and are only named where something happens to them. */
const unitsOf = (scenario: Mapping): Mapping => ({
  ...mappingIn(mappingIn(scenario, 'machine'), 'controlUnits'),
  ...Object.fromEntries(
    listIn(scenario, 'faults').flatMap(({ controlUnit }) =>
      controlUnit === undefined ? [] : [[controlUnit, {}]],
    ),
  ),
});

/**
 * Whoever has reserved something gives it back: before paths are verified, as some verifications want that, and once more
 * afterwards, as only who has a path and the device online can.
 */
const releases = (scenario: Mapping): Mapping[] =>
  reservations(scenario).flatMap((who) =>
    [9, 22, 60, 400].flatMap((second) => [
      { ...who, at: `${second}200ms`, do: 'set-online' },
      { ...who, at: `${second}500ms`, do: 'release' },
    ]),
  );

function reservations(scenario: Mapping): Mapping[] {
  const byOperators = listIn(scenario, 'actions').filter((action) =>
    RESERVING.includes(wordIn(action, 'do')),
  );
  const streams = mappingIn(scenario, 'workload');
  const byApplications = Object.keys(streams).flatMap((name) => {
    const stream = mappingIn(streams, name);
    const system = wordIn(stream, 'on') || (Object.keys(mappingIn(scenario, 'systems'))[0] ?? DEFAULT_SYSTEM);
    return 'reserve' in stream ? [{ system, device: devicesOf(scenario, system) }] : [];
  });
  return [...byOperators, ...byApplications].filter(({ device }) => device !== undefined);
}

const RESERVING = ['reserve', 'unconditional-reserve'];

/** Those whose users are applications: all of a partition, those that a guest has from the beginning. */
function devicesOf(scenario: Mapping, system: string): readonly string[] {
  const options = mappingIn(mappingIn(scenario, 'systems'), system);
  switch (wordIn(options, 'kind')) {
    case 'guest':
      return textsIn(options, 'passthrough');
    case 'kvm-host':
    case 'zvm-host':
      return [];
    default: {
      const dasd = Object.keys(mappingIn(mappingIn(scenario, 'machine'), 'dasd'));
      return dasd.length === 0 ? DEFAULT_DASD : dasd;
    }
  }
}

/** The partition of a scenario that describes no system, and its devices where it describes none either. */
const DEFAULT_SYSTEM = 'lpar1';
const DEFAULT_DASD = ['0.0.1000-0.0.1029'];

function operators(scenario: Mapping): Mapping[] {
  const chpid = Object.keys(mappingIn(mappingIn(scenario, 'machine'), 'chpids'));
  const systems = mappingIn(scenario, 'systems');
  const names = Object.keys(systems);
  return (names.length === 0 ? [DEFAULT_SYSTEM] : names).flatMap((system): Mapping[] => {
    const options = mappingIn(systems, system);
    const kind = wordIn(options, 'kind');
    const begin = kind === 'guest' ? 13 : 10;
    const at = (second: number): string => `${begin + second}s`;
    const device = devicesOf(scenario, system);
    const hasOperators = kind !== 'zvm-host';
    const hasPaths = hasOperators && wordIn(mappingIn(systems, wordIn(options, 'on')), 'kind') !== 'zvm-host';
    return [
      ...(hasPaths ? vary(system, chpid, at(0), at(1)) : []),
      // A device that is offline when its last path is varied off is forgotten, and nobody looks for it by himself.
      ...(hasOperators ? [{ at: at(2), system, do: 'rescan' }] : []),
      ...(hasOperators && device.length > 0 ? reuse(system, device, at(7), at(8)) : []),
    ];
  });
}

const vary = (system: string, chpid: Json, off: string, on: string): Mapping[] => [
  { at: off, system, do: 'vary-path', chpid, to: 'off' },
  { at: on, system, do: 'vary-path', chpid, to: 'on' },
];

const reuse = (system: string, device: Json, reset: string, online: string): Mapping[] => [
  { at: reset, system, do: 'path-reset', device },
  { at: online, system, do: 'set-online', device },
];
