import type { SimTime } from './time.ts';

/** 64-bit digest of every event dispatched so far: two runs with equal fingerprints did the same things in the same order. */
export class Fingerprint {
  private a = 0x243f6a88 | 0;
  private b = 0x85a308d3 | 0;

  fold(time: SimTime, kind: number, target: number, arg: number): void {
    let a = this.a ^ (time | 0);
    a = Math.imul((a << 13) | (a >>> 19), 0x9e3779b1) ^ kind;
    let b = this.b ^ ((time / 4294967296) | 0) ^ (arg | 0);
    b = Math.imul((b << 17) | (b >>> 15), 0x85ebca77) ^ target;
    this.a = (a + b) | 0;
    this.b = Math.imul(b ^ (a >>> 15), 0xc2b2ae3d);
  }

  /** Sixteen lower-case hex digits. */
  toString(): string {
    const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
    return hex(this.a) + hex(this.b);
  }
}
