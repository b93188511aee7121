import { ERROR_EVENT } from '../../src/zarch/pci.ts';
import { FUNCTION_KINDS } from '../../src/zpci/function-kinds.ts';
import { PCI_PATHS } from '../../src/zpci/pci-paths.ts';
import type { Draw, Draws } from './draw.ts';
import type { Kind } from './fault-kinds.ts';
import type { Mapping } from './json.ts';
import type { DrawnFunction, DrawnSystem, World } from './world.ts';

/** PCI functions of a world: what machine and systems say of them, and what happens to them. */

const MOST_FUNCTIONS = 4;
const STATES = ['configured', 'configured', 'standby', 'reserved'];

/** A function is of a partition or a host; one of a host may be of a guest from the beginning, or later on. */
export function drawFunctions(draws: Draws, systems: readonly DrawnSystem[]): DrawnFunction[] {
  const owners = systems.filter(({ kind }) => kind === 'partition' || kind === 'kvm-host');
  const draw = draws.about('world.pci');
  if (owners.length === 0 || draw.chance(0.6)) return [];
  return Array.from({ length: draw.whole(1, MOST_FUNCTIONS) }, (_, at) => {
    const owner = draw.pick(owners).name;
    const guests = systems.filter(({ on }) => on === owner);
    const guest = guests.length === 0 || draw.chance(0.1) ? undefined : draw.pick(guests).name;
    const type = draw.chance(0.5) ? 'ism' : draw.pick(Object.keys(FUNCTION_KINDS));
    return { name: `f${at}`, type, owner, ...(guest !== undefined && { guest, later: draw.chance(0.3) }) };
  });
}

/** Key `pci` of the machine; nothing where it has no functions. */
export function machinePci(draws: Draws, { functions }: World): Mapping {
  if (functions.length === 0) return {};
  const draw = draws.about('machine.pci');
  const described = functions.map(({ name, type }) => [name, { type, state: draw.pick(STATES) }]);
  const options = draw.pick<Mapping>([
    {},
    { mio: false },
    { longestStore: 128 },
    { detect: '0s' },
    { costs: { clp: '20ms', sclp: '300ms' } },
  ]);
  return { pci: { functions: Object.fromEntries(described), ...options } };
}

/** Key `pci` of a system; a host has it as soon as one of its guests needs it. */
export function systemPci(draws: Draws, { functions }: World, { name, kind, on }: DrawnSystem): Mapping {
  const own = functions.filter(({ owner }) => owner === (on ?? name));
  if (own.length === 0 || kind === 'zvm-host' || kind === 'zvm-guest') return {};
  const draw = draws.about(`pci.${name}`);
  const has = on === undefined ? own : own.filter(({ guest, later }) => guest === name && !later);
  const used = on === undefined ? own.filter(({ guest }) => guest === undefined) : has;
  const shared = used.filter(({ type }) => type === 'ism').map((fn) => fn.name);
  const moves = draw.some(shared, 0.8).map((fn) => drawMoves(draw, fn));
  const list = has.length === 0 ? 'none' : has.map((fn) => fn.name);
  const way = kind === 'guest' ? { path: draw.pick(Object.keys(PCI_PATHS)) } : { mio: draw.chance(0.8) };
  return { pci: { functions: list, ...way, ...(moves.length > 0 && { moves }) } };
}

const drawMoves = (draw: Draw, name: string): Mapping => ({
  function: name,
  bytes: draw.pick([1, 4096, 40_000, [8, 13, 5000]]),
  offset: draw.pick([0, 4, [0, 100, 4095]]),
  operand: draw.pick([0, 3, [0, 8]]),
  signal: draw.chance(0.7),
  every: draw.pick(['100us', '20ms', '500ms']),
  from: draw.ms(100, 4000),
  count: draw.whole(1, 100),
  force: draw.chance(0.3),
});

const namesOf = (functions: readonly DrawnFunction[]): string[] => functions.map(({ name }) => name);
const hasFunctions = ({ functions }: World): boolean => functions.length > 0;

const CODES = [0x003a, ERROR_EVENT.OUT_OF_RANGE, ...ERROR_EVENT.MEASUREMENT, ...ERROR_EVENT.PERMANENT];

export const PCI_FAULTS: readonly Kind[] = [
  {
    name: 'pci-configure',
    fits: hasFunctions,
    draw: (draw, { functions }) => ({
      do: 'pci-configure',
      function: draw.oneOrMore(namesOf(functions)),
      ...draw.pick<Mapping>([
        { state: 'configured' },
        { state: 'standby' },
        { state: 'standby', asked: true },
        { state: 'reserved' },
      ]),
    }),
  },
  {
    name: 'pci-error',
    fits: hasFunctions,
    draw: (draw, { functions }) => ({
      do: 'pci-error',
      function: draw.oneOrMore(namesOf(functions)),
      pec: draw.pick(CODES).toString(16).padStart(4, '0'),
    }),
  },
];

/** Functions that may become those of a guest, or are. */
const forGuests = ({ functions }: World): readonly DrawnFunction[] =>
  functions.filter(({ guest }) => guest !== undefined);

export const PCI_ACTIONS: readonly Kind[] = [
  ...['pci-on', 'pci-off', 'pci-recover'].map(
    (name): Kind => ({
      name,
      fits: hasFunctions,
      draw: (draw, { functions }) => {
        const { name: fn, owner, guest, later } = draw.pick(functions);
        const system = guest === undefined || later || draw.chance(0.3) ? owner : guest;
        return { do: name, system, function: fn };
      },
    }),
  ),
  {
    name: 'pci-plug',
    fits: (world) => forGuests(world).length > 0,
    draw: (draw, world) => {
      const { name, guest } = draw.pick(forGuests(world));
      return { do: 'pci-plug', system: guest!, function: name };
    },
  },
  {
    name: 'pci-unplug',
    fits: (world) => forGuests(world).some(({ later }) => !later),
    draw: (draw, world) => {
      const { name, guest } = draw.pick(forGuests(world).filter(({ later }) => !later));
      return { do: 'pci-unplug', system: guest!, function: name };
    },
  },
];
