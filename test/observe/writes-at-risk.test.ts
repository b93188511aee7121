import { describe, expect, it } from 'vitest';
import { BlockRequest } from '../../src/observe/block-request.ts';
import { WritesAtRisk } from '../../src/observe/writes-at-risk.ts';

const SYSTEM = 0;
const SUBCHANNEL = 18;

function request(id: number, fields: Partial<BlockRequest> = {}): BlockRequest {
  const made = new BlockRequest({ completed() {} }, 8);
  return Object.assign(made, { id, write: true, blockCount: 6, startNs: 90 }, fields);
}

const blocks = (risk: WritesAtRisk, fromNs = 0, toNs = 1000, chpid: number | null = null): number[] => [
  ...risk.of(SYSTEM, fromNs, toNs, chpid),
];

describe('blocks at risk', () => {
  it('are those of a write whose path went, from the loss to its answer', () => {
    const risk = new WritesAtRisk(1);
    risk.pathLost(100, SYSTEM, SUBCHANNEL, 0x40);
    expect(blocks(risk)).toEqual([]);
    risk.retried(SYSTEM, SUBCHANNEL, 7);
    risk.ended(SYSTEM, request(7));
    expect(blocks(risk)).toEqual([6]);
    expect(blocks(risk, 0, 100)).toEqual([]);
    expect(blocks(risk, 0, 1000, 0x40)).toEqual([6]);
    expect(blocks(risk, 0, 1000, 0x41)).toEqual([]);
  });

  it('are counted once, however often the request is started', () => {
    const risk = new WritesAtRisk(1);
    risk.pathLost(100, SYSTEM, SUBCHANNEL, 0x40);
    for (let start = 0; start < 3; start++) risk.retried(SYSTEM, SUBCHANNEL, 7);
    risk.ended(SYSTEM, request(7));
    risk.ended(SYSTEM, request(7));
    expect(blocks(risk)).toEqual([6]);
  });

  it.each([
    ['a read', request(7, { write: false }), SUBCHANNEL],
    ['a write that began after the loss', request(7, { startNs: 101 }), SUBCHANNEL],
    ['a write on another device', request(7), SUBCHANNEL + 1],
  ])('are none of %s', (_what, ended, subchannel) => {
    const risk = new WritesAtRisk(1);
    risk.pathLost(100, SYSTEM, SUBCHANNEL, 0x40);
    risk.retried(SYSTEM, subchannel, ended.id);
    risk.ended(SYSTEM, ended);
    expect(blocks(risk)).toEqual([]);
  });
});
