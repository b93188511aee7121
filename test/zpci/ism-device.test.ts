import { describe, expect, test } from 'vitest';
import { PciAccess } from '../../src/zpci/access.ts';
import { ANSWER } from '../../src/zpci/device.ts';
import { IsmDevice } from '../../src/zpci/ism-device.ts';

const COMMANDS = 2;
const HANDLE = 0x8000_0001;
const FAILED = 0xffff;

/** A request to register a buffer is 40 bytes long, its header of 8 included. */
const REGISTER = { name: 'register-dmb', length: 4096 } as const;

function stores(device: IsmDevice, ...parts: readonly (readonly [number, number])[]): number {
  const access = new PciAccess();
  for (const [offset, bytes] of parts) {
    access.set('pcistb', HANDLE, COMMANDS, offset, bytes);
    access.content = offset === 0 ? REGISTER : null;
    expect(device.store(access)).toBe(ANSWER.TAKEN);
  }
  device.load(access.set('pcilg', HANDLE, COMMANDS, 0, 8));
  return access.loaded;
}

describe('a command of ISM', () => {
  test('is carried out when its header comes behind all of its body', () => {
    expect(stores(new IsmDevice(4096), [8, 32], [0, 8])).toBe(0);
    expect(stores(new IsmDevice(4096), [8, 8], [16, 8], [24, 8], [32, 8], [0, 8])).toBe(0);
  });

  test('fails when its body has not come, or only a part of it', () => {
    expect(stores(new IsmDevice(4096), [0, 8])).toBe(FAILED);
    expect(stores(new IsmDevice(4096), [8, 24], [0, 8])).toBe(FAILED);
  });

  test('does not find the body of the last one', () => {
    const device = new IsmDevice(4096);
    expect(stores(device, [8, 32], [0, 8])).toBe(0);
    expect(stores(device, [0, 8])).toBe(FAILED);
  });
});
