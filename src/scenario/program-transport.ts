import { bytesOf, hexOf } from '../program/hex.ts';
import type { Step } from '../program/step.ts';
import {
  COMMAND_AREA_LIMIT,
  commandLength,
  DeviceCommand,
  encodeCommandBlock,
  transportCountOf,
} from '../zarch/tccb.ts';
import { encodeTidaw, Tidaw } from '../zarch/tidaw.ts';
import { type At, isBytes, operand, readNumber, withoutBlanks } from './program-reading.ts';
import { store } from './program-stores.ts';
import { ADDRESS, WORD } from './program-symbols.ts';

/** Steps that put the blocks of a program in transport mode into storage. */
const BYTE = 0xff;

/** A control block in order: its lengths, its chaining and its transport count are what its commands need. */
export function commandBlockOf(at: At): Step[] {
  const commands = at.step.tccb!.map((given, index) => commandOf(at, given, index));
  const room = commands.reduce((sum, { controlData }) => sum + commandLength(controlData.length), 0);
  if (room > COMMAND_AREA_LIMIT) {
    const hint = `eight bytes each and their control data, ${COMMAND_AREA_LIMIT} bytes at most`;
    at.reading.issues.value([...at.place, 'tccb'], `the commands take ${room} bytes`, hint);
    return [];
  }
  const count = commands.reduce((sum, command) => sum + command.count, 0);
  return [store(operand(at, 'TCCB'), hexOf(encodeCommandBlock(commands, transportCountOf(count))))];
}

/** `[e4, 10]`, or with control data `[e7, 1000, "01 80 …"]`. */
function commandOf({ reading, place }: At, given: readonly string[], index: number): DeviceCommand {
  const here = [...place, 'tccb', index];
  const device = new DeviceCommand();
  device.command = readNumber(reading, given[0], BYTE, [...here, 0]);
  device.count = readNumber(reading, given[1], WORD, [...here, 1]);
  if (given.length === 2) return device;
  const digits = withoutBlanks(given[2]);
  if (isBytes(digits) && digits.length <= 2 * BYTE) device.controlData = bytesOf(digits);
  else {
    const hint = 'write two hexadecimal digits for each, 255 bytes at most';
    reading.issues.value([...here, 2], `"${given[2]}" are no control data`, hint);
  }
  return device;
}

export function tidawsOf(at: At): Step[] {
  const { reading, step, place } = at;
  const tidaws = step.tidaws!.map((given, index) => {
    const [flags, count, address] = [BYTE, WORD, ADDRESS].map((limit, position) =>
      readNumber(reading, given[position], limit, [...place, 'tidaws', index, position]),
    );
    return hexOf(encodeTidaw(Object.assign(new Tidaw(), { flags, count, address })));
  });
  return [store(operand(at, 'B'), tidaws.join(''))];
}
