import { assert } from '../kernel/assert.ts';

/** Bytes of an even number of hexadecimal digits. */
export function bytesOf(hex: string): Uint8Array {
  assert(/^([0-9a-f]{2})*$/i.test(hex), 'bytes are written with two hexadecimal digits each');
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  );
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
