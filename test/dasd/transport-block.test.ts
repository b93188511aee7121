import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { NOT_TRANSPORT_CAPABLE } from '../../src/channel/control-unit.ts';
import type { TransportFrame } from '../../src/channel/transport-program/transport-frame.ts';
import { DSTAT } from '../../src/zarch/scsw.ts';
import { DeviceCommand, encodeCommandBlock, transportCountOf } from '../../src/zarch/tccb.ts';
import { REASON } from '../../src/zarch/tsb.ts';
import { BenchExchange, ccw, program, Rig } from './rig.ts';

const ENDED = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;

class Frame implements TransportFrame {
  block: Uint8Array;
  reads: boolean;
  writes: boolean;
  count: number;
  checkBytes = 0;
  output: Uint8Array;
  input: Uint8Array;
  reason = 0;
  commandOffset = 0;
  residual = 0;
  inputMoved = 0;

  constructor(block: Uint8Array, direction: 'read' | 'write' | 'none', count: number) {
    this.block = block;
    this.reads = direction === 'read';
    this.writes = direction === 'write';
    this.count = count;
    this.output = new Uint8Array(this.writes ? count : 0).fill(0xaa);
    this.input = new Uint8Array(this.reads ? count : 0);
  }
}

/** Offers a block to a control unit, and has it carried out when it is accepted. */
function offered(frame: Frame, zhpf = true): { exchange: BenchExchange; initial: number; left: number } {
  const { unit } = new Rig({ facilityOverrides: { transportMode: zhpf } });
  const exchange = new BenchExchange(0, 0, 0, program(ccw('nop', 0)));
  exchange.transportFrame = frame;
  const initial = unit.initialSelection(exchange);
  if (initial === 0) unit.execute(exchange);
  return { exchange, initial, left: unit.operationsOn(0) };
}

const command = (code: number, count: number, controlData = new Uint8Array(0)): DeviceCommand =>
  Object.assign(new DeviceCommand(), { command: code, count, controlData });
const senseId = (): Uint8Array => encodeCommandBlock([command(0xe4, 8)], transportCountOf(8));

describe('a control block', () => {
  it('is carried out as the program that its commands are', () => {
    const frame = new Frame(senseId(), 'read', 8);
    const { exchange, initial } = offered(frame);
    expect([initial, exchange.dstat, frame.reason, frame.inputMoved, frame.residual]).toEqual([
      0,
      ENDED,
      0,
      8,
      0,
    ]);
    expect([...frame.input.subarray(0, 3)]).toEqual([0xff, 0x21, 0x07]);
  });

  it('is nothing that a control unit without transport mode accepts', () => {
    expect(offered(new Frame(senseId(), 'read', 8), false).initial).toBe(NOT_TRANSPORT_CAPABLE);
    const { unit } = new Rig({ facilityOverrides: { transportMode: false } });
    const whole = { ...program(ccw('nop', 0)), transport: true };
    expect(unit.initialSelection(new BenchExchange(0, 0, 0, whole))).toBe(NOT_TRANSPORT_CAPABLE);
  });

  it.each<[string, number, (block: Uint8Array) => void]>([
    ['another format', REASON.HEADER, (block) => block.fill(0x7e, 0, 1)],
    ['a service action for interrogation', REASON.HEADER, (block) => block.fill(0xff, 9, 10)],
    ['another length', REASON.LENGTH, (block) => block.fill(0x18, 7, 8)],
    ['a flag that there is none of', REASON.COMMAND, (block) => block.fill(0x20, 17, 18)],
    ['chaining to nothing', REASON.COMMAND, (block) => block.fill(0x40, 17, 18)],
    ['control data that reach too far', REASON.COMMAND, (block) => block.fill(1, 19, 20)],
    ['a command that writes', REASON.DIRECTION, (block) => block.fill(5, 16, 17)],
    ['another count', REASON.TRANSPORT_COUNT, (block) => block.fill(9, 23, 24)],
    ['another transport count', REASON.TRANSPORT_COUNT, (block) => block.fill(13, 31, 32)],
  ])('with %s is refused for reason %i', (_, reason, change) => {
    const frame = new Frame(senseId(), 'read', 8);
    change(frame.block);
    const { exchange } = offered(frame);
    expect([frame.reason, exchange.dstat, exchange.cstat, frame.inputMoved]).toEqual([
      reason,
      ENDED,
      0x20,
      0,
    ]);
  });

  it('has room for thirty commands', () => {
    const nops = Array.from({ length: 30 }, () => command(0x03, 0));
    const frame = new Frame(encodeCommandBlock(nops, 0), 'none', 0);
    expect([offered(frame).exchange.dstat, frame.reason, frame.commandOffset]).toEqual([ENDED, 0, 29 * 8]);
  });
});

/** Parameters of PREFIX for the blocks of track 5 as Linux builds them, of which a few bytes are then changed. */
const PARAMETERS = Uint8Array.from(
  `01800000 00000000 00000000
   80c01000 00000042 00000005 00000006 00000000 00000000 00000000 00000000
   3ff0a502 00000005 00000005 0c001000 00230000`
    .replace(/\s/g, '')
    .match(/../g)!,
  (byte) => Number.parseInt(byte, 16),
);

test('whatever a block says, the operation ends, and no more has moved than its commands had room for', () => {
  const codes = fc.constantFrom(
    0x03,
    0x06,
    0x05,
    0x27,
    0x3e,
    0x47,
    0x4b,
    0x63,
    0xa5,
    0xa6,
    0xe4,
    0xe7,
    0xea,
    0xfa,
  );
  const changes = fc.array(fc.tuple(fc.nat(63), fc.nat(255)), { maxLength: 4 });
  const control = fc.option(
    changes.map((places) => {
      const data = new Uint8Array(64);
      data.set(PARAMETERS);
      for (const [at, byte] of places) data[at] = byte;
      return data;
    }),
    { nil: new Uint8Array(0) },
  );
  const count = fc.constantFrom(0, 1, 8, 0x1000, 0x2000, 0xc000);
  const commands = fc.array(fc.tuple(codes, count, control), { minLength: 1, maxLength: 3 });
  const noise = fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { maxLength: 2 });
  fc.assert(
    fc.property(
      commands,
      fc.constantFrom('read' as const, 'write' as const),
      noise,
      (given, direction, places) => {
        const isRead = direction === 'read';
        const wanted = given.map(([code, bytes, data]) =>
          command(code, ((code & 1) === 0) === isRead ? bytes : 0, data),
        );
        const total = wanted.reduce((sum, it) => sum + it.count, 0);
        const block = encodeCommandBlock(wanted, transportCountOf(total));
        for (const [at, byte] of places) block[at % block.length] = byte;
        const frame = new Frame(block, direction, total);
        const { exchange, initial, left } = offered(frame);
        expect([initial, left, exchange.dstat & ENDED]).toEqual([0, 0, ENDED]);
        expect(frame.residual).toBeGreaterThanOrEqual(0);
        expect(frame.residual).toBeLessThanOrEqual(total);
        expect(frame.inputMoved).toBeLessThanOrEqual(isRead ? total : 0);
      },
    ),
    { numRuns: 300 },
  );
});
