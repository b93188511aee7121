import { describe, expect, test } from 'vitest';
import type { ResolvedGuest } from '../../src/scenario/resolved.ts';
import { errorsOf, resolve } from './load.ts';

/** The command line of a guest's QEMU, device by device, and the bus ids that its devices come to. */
const scenario = (line: string, more = ''): string =>
  `systems: { h: { kind: kvm-host }, g: { kind: guest, on: h, commandLine: [${line}]${more} } }`;

const busIds = (line: string, more = ''): string[] => {
  const guest = resolve(scenario(line, more)).systems[1] as ResolvedGuest;
  return guest.devices.map(
    ({ type, cssid, ssid, deviceNumber }) =>
      `${type} ${cssid.toString(16)}.${ssid}.${deviceNumber.toString(16).padStart(4, '0')}`,
  );
};

describe('bus ids', () => {
  test('a device of the host has an automatic number unless it is given one, and shifts those behind it', () => {
    const host = '{ type: vfio-ccw, device: "0.0.1000-0.0.1001" }';
    expect(busIds(`{ type: rng }, ${host}, { type: rng }`)).toEqual([
      'rng fe.0.0000',
      'vfio-ccw fe.0.0001',
      'vfio-ccw fe.0.0002',
      'rng fe.0.0003',
    ]);
  });

  test('lists and ranges, auto in between', () => {
    const line =
      '{ type: vfio-ccw, device: "0.0.1000-0.0.1003", devno: "fe.0.1234-fe.0.1235, auto, 3.0.0007" }';
    expect(busIds(line)).toEqual([
      'vfio-ccw fe.0.1234',
      'vfio-ccw fe.0.1235',
      'vfio-ccw fe.0.0002',
      'vfio-ccw 3.0.0007',
    ]);
  });

  test('squashing moves all of them into image 0', () => {
    const line = '{ type: net, devno: fe.0.0001 }, { type: vfio-ccw, device: 0.0.1000, devno: 0.0.1234 }';
    expect(busIds(line, ', qemu: "2.10", squashMcss: on')).toEqual(['net 0.0.0001', 'vfio-ccw 0.0.1234']);
  });

  test('what the guest is to have online are its own numbers', () => {
    const line = '{ type: vfio-ccw, device: "0.0.1000-0.0.1001", devno: fe.0.1001-fe.0.1002 }';
    const { hosting } = resolve(scenario(line, ', online: 0.0.1001')).systems[1] as ResolvedGuest;
    expect(hosting!.online).toEqual([{ cssid: 0, ssid: 0, first: 0x1000, last: 0x1000 }]);
  });

  test('a device in another image than the default one is not there to be set online', () => {
    const line = '{ type: vfio-ccw, device: 0.0.1000, devno: 3.0.1000 }';
    expect((resolve(scenario(line)).systems[1] as ResolvedGuest).hosting!.online).toEqual([]);
  });
});

describe('mistakes', () => {
  test.each([
    ['{ type: rng, devno: 0.1234 }', '"0.1234" is not a bus id of QEMU'],
    ['{ type: rng, devno: fe.0.12345 }', '"fe.0.12345" is not a bus id of QEMU'],
    ['{ type: rng, devno: fe.0.0002-fe.0.0001 }', '"fe.0.0002-fe.0.0001" is not a range'],
    ['{ type: vfio-ccw }', 'names no device of the host'],
    ['{ type: rng, device: 0.0.1000 }', 'is no device of a host'],
    ['{ type: vfio-ccw, device: 0.0.1000, devno: fe.0.0001-fe.0.0002 }', 'has 2 bus ids for 1 devices'],
    ['{ type: vfio-ccw, device: 0.0.4711 }', 'device 0.0.4711 is not in system h'],
  ])('%s', (line, message) => {
    const errors = errorsOf(scenario(line));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(message);
    expect(errors[0]).toMatch(/^s\.yaml:1:\d+: systems\.g\.commandLine/);
  });

  test('a device of a host needs one', () => {
    const [error] = errorsOf(
      'systems: { g: { kind: guest, commandLine: [{ type: vfio-ccw, device: 0.0.1000 }] } }',
    );
    expect(error).toContain('names a device of a host; say with "on" which kvm-host it is');
  });

  test.each([
    ['do: start, system: g', 'system g is not started by hand'],
    ['do: unbind-device, system: g, device: 0.0.1000', 'system g is not a kvm-host'],
    ['do: bind-subchannel, system: h, device: 0.0.4711', 'device 0.0.4711 is not in system h'],
    ['do: plug, system: g', 'does not say which device'],
    ['do: unplug, system: g, devno: auto', 'names no device'],
    [
      'do: plug, system: g, type: vfio-ccw, device: 0.0.1000, devno: "fe.0.0001, auto"',
      'has 2 bus ids for 1 devices',
    ],
  ])('%s', (action, message) => {
    const errors = errorsOf(`${scenario('{ type: rng }')}\nactions: [{ at: 1s, ${action} }]`);
    expect(errors.join('\n')).toContain(message);
  });
});
