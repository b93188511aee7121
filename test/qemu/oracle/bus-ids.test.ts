import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLIND } from '../../../src/observe/observer.ts';
import { type BusId, DeviceConfiguration } from '../../../src/qemu/device-configuration.ts';
import { QEMU_RELEASES, type QemuRelease } from '../../../src/qemu/qemu-features.ts';
import type { VirtualSubchannel } from '../../../src/qemu/subchannel.ts';
import { QemuTrace } from '../../../src/qemu/trace.ts';
import { HOST_DEVICE, VIRTUAL_DEVICE } from '../devices.ts';

/*
 * Images and numbers of devices that come and go in any order, against a list of what is taken. Few numbers are asked for, so
 * that they meet.
 */
const COMMAND = fc.oneof(
  { weight: 3, arbitrary: fc.record({ ofHost: fc.boolean(), wanted: fc.constant<BusId | null>(null) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      ofHost: fc.boolean(),
      wanted: fc.record<BusId>({
        cssid: fc.constantFrom(0, 1, 0xfd, 0xfe),
        ssid: fc.nat({ max: 3 }),
        deviceNumber: fc.nat({ max: 9 }),
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ goes: fc.nat() }) },
);

interface Taken extends BusId {
  readonly number: number;
}

const lowestNot = (used: readonly number[], from = 0): number => {
  let candidate = from;
  while (used.includes(candidate)) candidate++;
  return candidate;
};

/** What the reference says in words (4.2, 4.5), for a machine that is never full. */
function expected(
  taken: readonly Taken[],
  { ofHost, wanted }: { readonly ofHost: boolean; readonly wanted: BusId | null },
  { free, squash }: { readonly free: boolean; readonly squash: boolean },
): Taken | null {
  if (!free && wanted !== null && (wanted.cssid === 0xfe) === ofHost) return null;
  const asked = wanted?.cssid ?? (free || !ofHost ? 0xfe : 0);
  const cssid = squash ? 0 : asked;
  const ssid = wanted?.ssid ?? 0;
  const neighbours = taken.filter((other) => other.cssid === cssid && other.ssid === ssid);
  const number = lowestNot(neighbours.map((other) => other.number));
  const numbers = neighbours.map((other) => other.deviceNumber);
  const deviceNumber = wanted?.deviceNumber ?? lowestNot(numbers, number);
  return wanted !== null && numbers.includes(deviceNumber) ? null : { cssid, ssid, number, deviceNumber };
}

test.each([
  ['2.10', false],
  ['2.10', true],
  ['2.12', false],
  ['2.12', true],
  ['10.2', false],
] as const)('QEMU %s, squashing %s: bus ids and subchannels', (release: QemuRelease, squash) => {
  const free = QEMU_RELEASES[release].imagesUnrestricted;
  fc.assert(
    fc.property(fc.array(COMMAND, { maxLength: 60 }), (commands) => {
      const devices = new DeviceConfiguration(QEMU_RELEASES[release], squash, new QemuTrace(BLIND, 0));
      const there: { sch: VirtualSubchannel; place: Taken }[] = [];
      for (const command of commands) {
        if ('goes' in command) {
          if (there.length === 0) continue;
          const [{ sch }] = there.splice(command.goes % there.length, 1);
          devices.release(sch);
          continue;
        }
        const place = expected(
          there.map((device) => device.place),
          command,
          { free, squash },
        );
        const sch = devices.assign(command.ofHost ? HOST_DEVICE : VIRTUAL_DEVICE, command.wanted);
        if (typeof sch === 'string') {
          expect(place, sch).toBeNull();
          continue;
        }
        const { cssid, ssid, number, deviceNumber } = sch;
        expect({ cssid, ssid, number, deviceNumber }).toEqual(place);
        there.push({ sch, place: place! });
      }
    }),
  );
});
