import { z } from 'zod';
import { FUNCTION_KINDS } from '../zpci/function-kinds.ts';
import { LONGEST_BUFFER } from '../zpci/ism-words.ts';
import { PCI_PATHS } from '../zpci/pci-paths.ts';
import {
  bandwidth,
  eventCode,
  keysOf,
  name,
  oneOf,
  positiveTime,
  text,
  time,
  truth,
  whole,
} from './fields.ts';

/** The part of the schema that describes PCI functions. Sources: QEMU reference 8, Linux reference 9. */

const pciFunction = z.strictObject({
  type: oneOf(keysOf(FUNCTION_KINDS))
    .prefault('ism')
    .describe(
      'Kind of function: internal shared memory, a disk, a network adapter, or one whose driver needs no reset (linux 9.3).',
    ),
  state: oneOf(['configured', 'standby', 'reserved'])
    .prefault('configured')
    .describe('State in the beginning (qemu 8.1).'),
});

export const machinePciSchema = z
  .strictObject({
    mio: truth()
      .prefault('true')
      .describe('The machine has instructions with mapped addresses (MIO), as from z15 on (linux 9.2).'),
    longestStore: whole(8, 4096)
      .prefault('4096')
      .describe('Longest block store that the functions take, bytes (linux 9.3).'),
    detect: time()
      .prefault('5ms')
      .describe('A function changes its state → its system is told, ns (as detect.configure).'),
    costs: z
      .strictObject({
        load: time().prefault('1us').describe('PCI LOAD, ns (assumption).'),
        store: time().prefault('400ns').describe('PCI STORE, ns (assumption).'),
        block: time().prefault('500ns').describe('PCI STORE BLOCK without its bytes, ns (assumption).'),
        bandwidth: bandwidth().prefault('8GB/s').describe('Bytes of a block store per second (assumption).'),
        clp: time().prefault('50us').describe('CALL LOGICAL PROCESSOR, ns (assumption).'),
        sclp: time()
          .prefault('1ms')
          .describe('The service processor configures a function, ns (assumption).'),
      })
      .prefault({})
      .describe('What PCI instructions cost.'),
    functions: z
      .record(z.string(), pciFunction)
      .prefault({})
      .describe('PCI functions by name; their order numbers them from 1.'),
  })
  .prefault({});
export type ParsedMachinePci = z.output<typeof machinePciSchema>;

const oneOrMore = (least: number, most: number) =>
  z.union([
    whole(least, most).transform((value): readonly number[] => [value]),
    z.array(whole(least, most)).min(1),
  ]);

const moves = z.strictObject({
  function: name().optional().describe('ISM function; default: the first of the system.'),
  bytes: oneOrMore(1, LONGEST_BUFFER / 2)
    .prefault('4096')
    .describe('Length of a move, bytes, or several in turn.'),
  offset: oneOrMore(0, LONGEST_BUFFER / 2)
    .prefault('0')
    .describe('Its place in the buffer, bytes, or several in turn.'),
  operand: oneOrMore(0, 4095)
    .prefault('0')
    .describe('Place of its data in their page of main storage, bytes, or several in turn.'),
  signal: truth().prefault('true').describe('Signal the receiver with the last store (linux 9.3).'),
  every: positiveTime().prefault('1ms').describe('From one move to the next, ns.'),
  from: time().prefault('1s').describe('Time of the first, ns.'),
  count: whole(1, 1_000_000_000).prefault('1').describe('Number of moves.'),
  force: truth()
    .prefault('false')
    .describe('Move even where the driver has failed, with a token as the device would have given.'),
});

export const systemPciSchema = z
  .strictObject({
    functions: z
      .union([text().transform((value): readonly string[] => [value]), z.array(text())])
      .prefault('all')
      .describe('Functions of the system, by name; a guest takes them from its host.'),
    mio: truth()
      .prefault('true')
      .describe('partition, kvm-host: use instructions with mapped addresses; off: pci=nomio (linux 9.2).'),
    path: oneOf(keysOf(PCI_PATHS))
      .optional()
      .describe(
        'guest: how its loads and stores reach the function (strategies document 4, 5.4); default: interpreted.',
      ),
    moves: z.array(moves).prefault([]).describe('Data that are moved into shared buffers.'),
  })
  .optional()
  .describe('PCI functions of the system; default: none.');
export type ParsedSystemPci = z.output<typeof systemPciSchema>;

const at = () => time().describe('Simulated time, ns.');
const label = () => name().optional().describe('Names this moment: a phase begins here.');
const functions = () =>
  z
    .union([name().transform((value): readonly string[] => [value]), z.array(name()).min(1)])
    .describe('PCI functions concerned.');

export const pciConfigureSchema = z.strictObject({
  do: oneOf(['pci-configure']).describe('PCI functions enter or leave the configuration (qemu 8.1, 8.5).'),
  at: at(),
  name: label(),
  function: functions(),
  state: oneOf(['configured', 'standby', 'reserved']).describe('State that they get.'),
  asked: truth()
    .prefault('false')
    .describe('A system that has them is asked to give them back (0303), and they go when it does.'),
});

export const pciErrorSchema = z.strictObject({
  do: oneOf(['pci-error']).describe('PCI functions fail, and an error event tells it (linux 9.1).'),
  at: at(),
  name: label(),
  function: functions(),
  pec: eventCode()
    .prefault('003a')
    .describe(
      'PCI event code, four hex digits: 002a to 002c only concern measurement, 003b and 0040 are for good.',
    ),
});

export const pciActionSchema = z.strictObject({
  do: oneOf(['pci-on', 'pci-off', 'pci-recover', 'pci-plug', 'pci-unplug']).describe(
    'PCI functions: power of the slot (on, off), attribute recover, or device_add and device_del in QEMU (linux 9.1, qemu 8.5).',
  ),
  at: at(),
  name: label(),
  system: name().optional().describe('System whose operator acts; default: the first.'),
  function: functions(),
});

export type ParsedPciConfigure = z.output<typeof pciConfigureSchema>;
export type ParsedPciError = z.output<typeof pciErrorSchema>;
export type ParsedPciAction = z.output<typeof pciActionSchema>;
