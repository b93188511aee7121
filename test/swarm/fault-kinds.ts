import type { Draw } from './draw.ts';
import type { Mapping } from './json.ts';
import { PCI_FAULTS } from './pci.ts';
import { ofKind, users, type World } from './world.ts';

/** Something that may go wrong: one entry makes a new fault part of the swarm. */
export interface Kind {
  readonly name: string;
  /** It cannot happen in every world. */
  readonly fits?: (world: World) => boolean;
  /** All keys but `at`. */
  readonly draw: (draw: Draw, world: World) => Mapping;
}

/** Links: those of paths, of a control unit, at a port, or behind a part that several have in common. */
function links(draw: Draw, { chpids, units, directors, cables }: World): Mapping {
  const ways: readonly (() => Mapping)[] = [
    () => ({ chpid: draw.oneOrMore(chpids) }),
    () => ({ chpid: draw.pick(chpids), controlUnit: draw.pick(units) }),
    () => ({ controlUnit: draw.pick(units), port: draw.whole(0, chpids.length - 1) }),
    ...directors.map((director) => () => ({ director })),
    ...cables.map((cable) => () => ({ cable })),
  ];
  return draw.pick(ways)();
}

function rhythm(draw: Draw): Mapping {
  return draw.chance(0.5)
    ? {}
    : { rhythm: { on: draw.ms(20, 500), off: draw.ms(20, 500), spacing: spacing(draw) } };
}

const spacing = (draw: Draw): string => draw.pick(['exact', 'exponential']);
const sometimes = (draw: Draw, keys: Mapping): Mapping => (draw.chance(0.3) ? keys : {});

const flap = (draw: Draw): Mapping => ({
  do: 'flap',
  down: draw.ms(10, 300),
  up: draw.ms(10, 300),
  count: draw.whole(2, 6),
  spacing: spacing(draw),
  ...sometimes(draw, { jitter: 0.5 }),
  ...sometimes(draw, { burst: { losses: 2, quiet: '400ms' } }),
});

export const FAULT_KINDS: readonly Kind[] = [
  ...['configure-off', 'configure-off', 'configure-on'].map(
    (name): Kind => ({
      name,
      draw: (draw, { chpids }) => ({
        do: name,
        chpid: draw.oneOrMore(chpids),
        ...sometimes(draw, { unreported: 0.5 }),
      }),
    }),
  ),
  ...['vary-off', 'vary-on'].map(
    (name): Kind => ({
      name,
      fits: (world) => ofKind(world, 'partition', 'kvm-host', 'guest').length > 0,
      draw: (draw, world) => ({
        do: name,
        chpid: draw.oneOrMore(world.chpids),
        system: draw.pick(ofKind(world, 'partition', 'kvm-host', 'guest')).name,
      }),
    }),
  ),
  ...['link-down', 'link-down', 'link-up'].map(
    (name): Kind => ({
      name,
      draw: (draw, world) => ({
        do: name,
        ...links(draw, world),
        ...sometimes(draw, { spread: draw.ms(1, 300) }),
      }),
    }),
  ),
  {
    name: 'error-rate',
    draw: (draw, world) => ({
      do: 'error-rate',
      ...links(draw, world),
      probability: draw.pick([0.005, 0.02, 0.2, 1]),
      ...sometimes(draw, { ramp: draw.ms(100, 2000) }),
      ...rhythm(draw),
    }),
  },
  {
    name: 'slow',
    draw: (draw, world) => ({
      do: 'slow',
      ...links(draw, world),
      delay: draw.pick(['10us', '1ms', '20ms']),
      ...sometimes(draw, { bandwidth: 0.1 }),
      ...rhythm(draw),
    }),
  },
  { name: 'reset', draw: (draw, { units }) => ({ do: 'reset', controlUnit: draw.pick(units) }) },
  {
    name: 'flap-configure',
    draw: (draw, { chpids }) => ({
      ...flap(draw),
      chpid: draw.oneOrMore(chpids),
      ...sometimes(draw, { unreported: 0.3 }),
    }),
  },
  { name: 'flap-link', draw: (draw, world) => ({ ...flap(draw), what: 'link', ...links(draw, world) }) },
  {
    name: 'breakdown',
    draw: (draw, { directors, cables }) => ({
      do: 'breakdown',
      of: draw.pick([
        'chpids',
        'links',
        'ports',
        ...(directors.length > 0 ? ['directors'] : []),
        ...(cables.length > 0 ? ['cables'] : []),
      ]),
      mttf: draw.pick(['500ms', '3s']),
      mttr: draw.pick(['50ms', '500ms']),
      ...sometimes(draw, { distribution: 'weibull' }),
    }),
  },
  {
    name: 'service',
    draw: (draw, { chpids, units }) => ({
      do: 'service',
      controlUnit: draw.pick(units),
      port: draw.whole(0, chpids.length - 1),
      for: draw.ms(100, 1000),
      cuir: draw.chance(0.7),
      answer: '500ms',
      settle: '100ms',
    }),
  },
  {
    name: 'lose-reports',
    fits: (world) => ofKind(world, 'kvm-host', 'guest').length > 0,
    draw: (draw, world) => ({
      do: 'lose-reports',
      system: draw.pick(ofKind(world, 'kvm-host', 'guest')).name,
      ...draw.pick<Mapping>([{}, { probability: 0.5 }, { limit: 1 }]),
    }),
  },
  ...['detach', 'detach', 'attach'].map(
    (name): Kind => ({ name, draw: (draw, { devices }) => ({ do: name, device: draw.oneOrMore(devices) }) }),
  ),
  {
    name: 'kill',
    fits: (world) => users(world).some(({ kind }) => kind === 'guest'),
    draw: (draw, world) => ({ do: 'kill', system: draw.pick(ofKind(world, 'guest')).name }),
  },
  ...PCI_FAULTS,
];
