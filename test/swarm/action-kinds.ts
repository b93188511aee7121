import type { Kind } from './fault-kinds.ts';
import { PCI_ACTIONS } from './pci.ts';
import { type DrawnSystem, ofKind, users, type World } from './world.ts';

const ON_DEVICE = ['set-online', 'set-offline', 'snid', 'path-reset', 'cmb-read'];
const ON_RESERVATION = ['reserve', 'release', 'steal', 'unconditional-reserve'];

/** Something an operator does with a device that the system has. */
const onDevice = (name: string): Kind => ({
  name,
  fits: (world) => users(world).length > 0,
  draw: (draw, world) => {
    const { name: system, devices } = draw.pick(users(world));
    return { do: name, system, device: draw.oneOrMore(devices) };
  },
});

/** Systems with channel paths of their own numbers: guests of z/VM may see a path that stands for all. */
const linuxes = (world: World): readonly DrawnSystem[] => ofKind(world, 'partition', 'kvm-host', 'guest');

/** Devices that could be plugged into a guest: those of its host that no guest has from the beginning. */
const spare = (world: World, host: string | undefined): readonly string[] => {
  const taken = world.systems.filter(({ on }) => on === host).flatMap(({ devices }) => devices);
  return world.devices.filter((device) => !taken.includes(device));
};
const pluggable = (world: World): readonly DrawnSystem[] =>
  ofKind(world, 'guest').filter(({ on }) => spare(world, on).length > 0);

export const ACTION_KINDS: readonly Kind[] = [
  ...[...ON_DEVICE, ...ON_RESERVATION].map(onDevice),
  {
    name: 'cmb-enable',
    fits: (world) => users(world).length > 0,
    draw: (draw, world) => {
      const { name: system, devices } = draw.pick(users(world));
      return { do: 'cmb-enable', system, device: draw.oneOrMore(devices), to: draw.pick(['on', 'off']) };
    },
  },
  {
    name: 'vary-path',
    fits: (world) => linuxes(world).length > 0,
    draw: (draw, world) => ({
      do: 'vary-path',
      system: draw.pick(linuxes(world)).name,
      chpid: draw.oneOrMore(world.chpids),
      to: draw.pick(['on', 'off']),
    }),
  },
  {
    name: 'reset-path',
    fits: (world) => ofKind(world, 'partition', 'kvm-host').length > 0,
    draw: (draw, world) => ({
      do: 'reset-path',
      system: draw.pick(ofKind(world, 'partition', 'kvm-host')).name,
      chpid: draw.pick(world.chpids),
    }),
  },
  {
    name: 'rescan',
    fits: (world) => linuxes(world).length > 0,
    draw: (draw, world) => ({ do: 'rescan', system: draw.pick(linuxes(world)).name }),
  },
  {
    name: 'inject-report',
    fits: (world) => linuxes(world).length > 0,
    draw: (draw, world) => ({
      do: 'inject-report',
      system: draw.pick(linuxes(world)).name,
      crw: [draw.pick(['04020040', '04060040', '03040000', '0b000000'])],
      into: draw.pick(['linux', 'css']),
    }),
  },
  {
    name: 'migrate',
    fits: (world) => ofKind(world, 'guest').length > 0,
    draw: (draw, world) => ({
      do: 'migrate',
      system: draw.pick(ofKind(world, 'guest')).name,
      qemu: draw.pick(['2.12', '7.2', '9.0', '9.1', '10.2']),
      downtime: draw.pick(['0s', '20ms', '300ms']),
    }),
  },
  {
    name: 'plug',
    fits: (world) => ofKind(world, 'guest').length > 0,
    draw: (draw, world) => ({
      do: 'plug',
      system: draw.pick(ofKind(world, 'guest')).name,
      device: '0.0.0200',
      type: draw.pick(['rng', 'net', 'blk']),
    }),
  },
  {
    name: 'plug-dasd',
    fits: (world) => pluggable(world).length > 0,
    draw: (draw, world) => {
      const { name: system, on } = draw.pick(pluggable(world));
      return { do: 'plug', system, device: draw.pick(spare(world, on)), type: 'vfio-ccw' };
    },
  },
  {
    name: 'unplug',
    fits: (world) => users(world).some(({ kind }) => kind === 'guest'),
    draw: (draw, world) => {
      const { name: system, devices } = draw.pick(users(world).filter(({ kind }) => kind === 'guest'));
      return { do: 'unplug', system, device: draw.pick(devices) };
    },
  },
  {
    name: 'unbind',
    fits: (world) => users(world).some(({ kind }) => kind === 'guest'),
    draw: (draw, world) => {
      const { on, devices } = draw.pick(users(world).filter(({ kind }) => kind === 'guest'));
      return { do: 'unbind', system: on!, device: draw.pick(devices) };
    },
  },
  ...PCI_ACTIONS,
];
