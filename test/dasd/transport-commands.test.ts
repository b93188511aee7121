import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TransportFrame } from '../../src/channel/transport-program/transport-frame.ts';
import {
  COMMAND_VALID,
  LOCATE_AUXILIARY,
  PREFIX_BYTES,
  PREFIX_LOCATE,
} from '../../src/dasd/channel-program.ts';
import { commandsOf } from '../../src/dasd/transport-commands.ts';
import { COMMAND } from '../../src/zarch/commands.ts';
import { DeviceCommand } from '../../src/zarch/tccb.ts';

/* What a PREFIX of transport mode stands for, whatever its parameters say. */

const EXTENDED_OPERATION = 17;
const PREFIX = { read: 0xea, write: 0xe7 };

it('moves no more than the device command, and never less than nothing', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.uint8Array({ minLength: PREFIX_BYTES, maxLength: PREFIX_BYTES }),
      fc.nat(0x20000),
      (writes, controlData, count) => {
        // Parameters of a locate record for whole tracks, which name a command: the rest is as it comes.
        controlData[0] = 1;
        controlData[PREFIX_LOCATE + LOCATE_AUXILIARY] |= COMMAND_VALID;
        controlData[PREFIX_LOCATE + EXTENDED_OPERATION] = COMMAND.write_track_data;
        const bytes = new Uint8Array(count);
        const frame = { input: bytes, output: bytes } as unknown as TransportFrame;
        const command = writes ? PREFIX.write : PREFIX.read;
        const device = Object.assign(new DeviceCommand(), { command, count, controlData });
        const [control, ...moves] = commandsOf(device, { frame, at: 0 });
        expect(control.data).toBe(controlData);
        expect(moves.every((move) => move.count >= 0)).toBe(true);
        expect(moves.every((move) => move.data === null || move.data.length === move.count)).toBe(true);
        expect(moves.reduce((sum, move) => sum + move.count, 0)).toBeLessThanOrEqual(count);
      },
    ),
  );
});
