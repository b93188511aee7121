import { isMapping, listIn, type Mapping, mappingIn, wordIn } from './json.ts';
import type { Law } from './judge.ts';

/** A scenario in which a law need not hold, and why: what is modelled does not end well there. */
interface Exception {
  readonly laws: readonly Law[];
  readonly applies: (scenario: Mapping) => boolean;
  readonly because: string;
}

const HAPPY_END: readonly Law[] = ['all answered', 'none stranded', 'masks true'];

const does = (scenario: Mapping, ...what: readonly string[]): boolean =>
  [...listIn(scenario, 'faults'), ...listIn(scenario, 'actions')].some((event) =>
    what.includes(wordIn(event, 'do')),
  );

const systemsOf = (scenario: Mapping): readonly Mapping[] =>
  Object.values(mappingIn(scenario, 'systems')).filter(isMapping);
const hasKind = (scenario: Mapping, kind: string): boolean =>
  systemsOf(scenario).some((system) => wordIn(system, 'kind') === kind);
const strategy = (scenario: Mapping, key: string): string => wordIn(mappingIn(scenario, 'strategies'), key);

const reservesUnderLoad = (scenario: Mapping): boolean =>
  Object.values(mappingIn(scenario, 'workload')).some((stream) => isMapping(stream) && 'reserve' in stream);

const reserves = (scenario: Mapping): boolean =>
  does(scenario, 'reserve', 'unconditional-reserve', 'steal') || reservesUnderLoad(scenario);

const LOSES_PATHS = ['configure-off', 'link-down', 'flap', 'breakdown'];
const resetsReturningPaths = (scenario: Mapping): boolean =>
  wordIn(mappingIn(scenario, 'machine'), 'pathGroupReturn') === 'reset';

/** Before there was a region for halt and clear. */
const OLD_KERNELS: readonly string[] = ['4.17'];
const OLD_QEMU: readonly string[] = ['2.10', '2.11', '2.12', '3.1'];

const losesReports = (scenario: Mapping): boolean =>
  'crwQueueDepth' in mappingIn(scenario, 'machine') || does(scenario, 'lose-reports');

const beginsWithoutPath = (scenario: Mapping): boolean =>
  Object.values(mappingIn(mappingIn(scenario, 'machine'), 'chpids')).some(
    (path) =>
      isMapping(path) && Object.entries(path).some(([key, value]) => key === 'configured' && value === false),
  );

/** Nobody reads a region with the SCHIB: no relay does, or one of the two halves has none. */
const readsMasksOnce = (scenario: Mapping): boolean =>
  strategy(scenario, 'relay') === 'static' ||
  systemsOf(scenario).some(
    (system) => ['5.7'].includes(wordIn(system, 'kernel')) || ['4.1'].includes(wordIn(system, 'qemu')),
  );

/** Returning channel paths may go unreported. */
function returnsInSilence(scenario: Mapping): boolean {
  const machine = mappingIn(scenario, 'machine');
  const isQuiet = wordIn(machine, 'model') === 'quiet-arrive' || 'reports' in machine;
  return isQuiet || listIn(scenario, 'faults').some((fault) => 'unreported' in fault);
}

const EXCEPTIONS: readonly Exception[] = [
  {
    laws: HAPPY_END,
    applies: (scenario) => does(scenario, 'kill'),
    because: 'a guest without QEMU does nothing more',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) => does(scenario, 'unplug', 'unbind'),
    because: 'a guest whose device was taken away does not get it back',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) =>
      does(scenario, 'cmb-enable') && wordIn(mappingIn(scenario, 'machine'), 'lostIo') === 'silent',
    because:
      'while a device waits with a change of its measurement Linux refuses to clear it, and its driver takes that for the end of an operation that the subchannel has for good',
  },
  {
    laws: ['masks true'],
    applies: (scenario) => hasKind(scenario, 'zvm-host'),
    because: 'one path of a guest of z/VM stands for all of its host',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) => hasKind(scenario, 'zvm-host') && returnsInSilence(scenario),
    because: 'CP looks at a path when it is told of it, and nobody varies its paths',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) => hasKind(scenario, 'zvm-host') && does(scenario, 'detach'),
    because: 'CP tells its guests nothing, of devices neither',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) => hasKind(scenario, 'kvm-host') && strategy(scenario, 'status') !== 'drop-disabled',
    because:
      'status for a subchannel that the guest has disabled is never fetched, and keeps it from the device',
  },
  {
    laws: ['masks true'],
    applies: (scenario) =>
      hasKind(scenario, 'kvm-host') && beginsWithoutPath(scenario) && readsMasksOnce(scenario),
    because: 'QEMU shows the path masks of the day on which it started',
  },
  {
    laws: ['masks true'],
    applies: (scenario) => hasKind(scenario, 'kvm-host') && losesReports(scenario),
    because: 'after lost reports Linux looks at its subchannels, but tells no driver of vfio-ccw of paths',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) => hasKind(scenario, 'zvm-host') && strategy(scenario, 'grouping') === 'none',
    because: 'a path that is back before it is verified is no news without a group, and nobody varies it',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) =>
      hasKind(scenario, 'kvm-host') &&
      does(scenario, 'detach') &&
      strategy(scenario, 'gone') !== 'disconnected',
    because: 'a passed-through device that comes back belongs to the host',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) =>
      hasKind(scenario, 'kvm-host') &&
      systemsOf(scenario).some(
        (system) =>
          OLD_KERNELS.includes(wordIn(system, 'kernel')) || OLD_QEMU.includes(wordIn(system, 'qemu')),
      ),
    because: 'a halt or clear that QEMU emulates leaves the host at work for nobody',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) =>
      ['single-path', 'none'].includes(strategy(scenario, 'grouping')) && reserves(scenario),
    because: 'a reservation belongs to the path that it was made on',
  },
  {
    laws: HAPPY_END,
    applies: (scenario) =>
      reserves(scenario) && does(scenario, ...LOSES_PATHS) && !resetsReturningPaths(scenario),
    because:
      'paths that are all lost come back ungrouped, the reservation stays with one of them, and SENSE ID goes to another',
  },
];

/** The reason why a scenario is excused from a law, or null. */
export const exceptionOf = (law: Law, scenario: Mapping): string | null =>
  EXCEPTIONS.find(({ laws, applies }) => laws.includes(law) && applies(scenario))?.because ?? null;
