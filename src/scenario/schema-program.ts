import { z } from 'zod';
import { name, oneOf, positiveTime, text, time, truth, whole } from './fields.ts';

/** The machines that an instruction script can run on. */
export const SCRIPT_MACHINES = ['channel', 'qemu', 'kvm'] as const;
export type ScriptMachine = (typeof SCRIPT_MACHINES)[number];

/**
 * The part of the schema that describes an instruction script: a bare-metal program in place of operating systems.
 * Whatever goes into registers or storage is a text here, hexadecimal with names of areas; `resolve-program.ts` reads it.
 */
const value = (example: string) => text().meta({ example });
const values = (example: string) => z.array(value(example));
const fields = () => z.record(z.string(), value('80'));

/** A channel-command word: command, flags, count, address and, for several alike, `x` and how many; or two raw words. */
const ccw = z.array(value('e4')).min(2).max(5);

const expectation = z.strictObject({
  cc: value('0').optional().describe('Condition code.'),
  pgm: value('15').optional().describe('Program-interruption code; 2, 4, 5, 6 and 15 are those of I/O.'),
  came: oneOf(['true', 'false', 'either'])
    .meta({ accepts: 'boolean' })
    .optional()
    .describe('Whether a wait ended with what it waited for; default: true.'),
  schib: fields().optional().describe('Fields of the SCHIB at the operand of STSCH or MSCH.'),
  irb: fields().optional().describe('Fields of the IRB that TSCH stored.'),
  crw: fields().optional().describe('Fields of the word that STCRW stored.'),
  interruption: fields().optional().describe('Fields of the code that TPI or an I/O interruption stored.'),
  mcic: fields().optional().describe('Fields of the machine-check-interruption code.'),
  bytes: z
    .record(z.string(), value('ff3990'))
    .optional()
    .describe('Bytes in storage by address; behind a slash the bits that matter.'),
});

const step = z
  .strictObject({
    ssch: value('TD').optional().describe('START SUBCHANNEL: subsystem-identification word.'),
    hsch: value('TD').optional().describe('HALT SUBCHANNEL: subsystem-identification word.'),
    csch: value('TD').optional().describe('CLEAR SUBCHANNEL: subsystem-identification word.'),
    xsch: value('TD').optional().describe('CANCEL SUBCHANNEL: subsystem-identification word.'),
    rsch: value('TD').optional().describe('RESUME SUBCHANNEL: subsystem-identification word.'),
    stsch: value('TD').optional().describe('STORE SUBCHANNEL: subsystem-identification word.'),
    msch: value('TD').optional().describe('MODIFY SUBCHANNEL: subsystem-identification word.'),
    tsch: value('TD').optional().describe('TEST SUBCHANNEL: subsystem-identification word.'),
    tpi: value('Q').optional().describe('TEST PENDING INTERRUPTION: address; 0 stores into low core.'),
    stcrw: value('CRW').optional().describe('STORE CHANNEL REPORT WORD: address.'),
    stcps: value('B').optional().describe('STORE CHANNEL PATH STATUS: address.'),
    chsc: value('CHSC').optional().describe('CHANNEL SUBSYSTEM CALL: address of the block.'),
    rchp: value('01').optional().describe('RESET CHANNEL PATH: general register 1.'),
    schm: value('2').optional().describe('SET CHANNEL MONITOR: general register 1.'),
    sal: value('10000').optional().describe('SET ADDRESS LIMIT: general register 1.'),
    store: value('B').optional().describe('Stores bytes or words at this address.'),
    ccws: z.array(ccw).min(1).optional().describe('Stores channel-command words, one behind the other.'),
    idaws: values('B+800').min(1).optional().describe('Stores a list of indirect-data-address words.'),
    midaws: z
      .array(z.array(value('80')).length(3))
      .min(1)
      .optional()
      .describe('Stores modified indirect-data-address words: flags, count, address.'),
    tccb: z
      .array(z.array(value('e4')).min(2).max(3))
      .min(1)
      .optional()
      .describe('Stores a transport-command control block: command, count and control data of each command.'),
    tidaws: z
      .array(z.array(value('80')).length(3))
      .min(1)
      .optional()
      .describe('Stores transport-indirect-data-address words: flags, count, address.'),
    change: value('S').optional().describe('Changes fields of a block in storage: its address.'),
    wait: oneOf(['status', 'io-interrupt', 'machine-check'])
      .optional()
      .describe('Polls with STSCH until status is pending, or waits enabled for an interruption.'),
    delay: time().optional().describe('Lets time pass, ns.'),
    repeat: whole(1, 100_000).optional().describe('Executes steps so many times at most.'),
    if: value('cc == 0').optional().describe('Executes steps when a condition holds.'),
    call: name().optional().describe('Executes the steps of a procedure.'),
    get parallel() {
      return z
        .array(z.array(step))
        .min(1)
        .max(16)
        .optional()
        .describe('Executes each list of steps on a CPU of its own and waits for all.');
    },
    plug: value('TD').optional().describe('Plugs a device in.'),
    unplug: value('TD').optional().describe('Unplugs a device.'),
    unsolicited: value('TD').optional().describe('A device presents status on its own.'),
    configureOff: value('01').optional().describe('Configures a channel path off: CHPID.'),
    configureOn: value('01').optional().describe('Configures a channel path on: CHPID.'),
    inject: value('04020001').optional().describe('Queues this channel-report word.'),
    setKey: value('B').optional().describe('Sets the storage key of the 4 KiB block at this address.'),
    psw: z
      .strictObject({
        problemState: truth().optional().describe('Problem state on or off.'),
        key: value('0').optional().describe('Access key.'),
      })
      .optional()
      .describe('Changes the program-status word of the CPU.'),
    masks: z
      .strictObject({
        isc: value('ff').optional().describe('Subclasses in bits 0 to 7 (control register 6).'),
        channelReports: truth().optional().describe('Channel reports (control register 14).'),
      })
      .optional()
      .describe('Changes what TPI looks for and what a wait is enabled for.'),
    at: value('S').optional().describe('Address of the operand, or where CCWs and lists are stored.'),
    orb: fields().optional().describe('Fields of the ORB that is stored before SSCH.'),
    set: fields().optional().describe('Fields to change in the SCHIB before MSCH, or by change.'),
    block: oneOf(['schib', 'orb', 'irb', 'tcw'])
      .optional()
      .describe('Kind of the block that is changed; default: schib.'),
    origin: value('MB').optional().describe('General register 2 of SCHM; default: 0.'),
    words: values('00100002').min(1).optional().describe('Words to store, before CHSC as its request.'),
    bytes: value('00ff').optional().describe('Bytes to store.'),
    times: whole(1, 100_000)
      .optional()
      .describe('How often to store them, one behind the other; default: 1.'),
    format: whole(0, 2)
      .optional()
      .describe('Format of CCWs (0 or 1; default 1) or IDAWs (1 or 2; default 2).'),
    key: value('30').optional().describe('Storage key of setKey.'),
    of: value('TD').optional().describe('Subchannel whose status is waited for; default: TD.'),
    limit: time().optional().describe('How long a wait lasts at most, ns; default: 1 s.'),
    every: positiveTime().optional().describe('Time between two STSCH of a wait, ns; default: 10 us.'),
    until: value('cc != 0').optional().describe('Ends repeat after the turn for which it holds.'),
    get steps() {
      return z.array(step).min(1).optional().describe('Steps of repeat and if.');
    },
    get else() {
      return z.array(step).min(1).optional().describe('Steps when the condition of if does not hold.');
    },
    on: z
      .union([name(), z.array(name()).min(1)])
      .optional()
      .describe('The only runs that the step is for: machine, variant, or part of the name of a strategy.'),
    as: name().optional().describe('Name under which conditions find the result of the step.'),
    about: text().optional().describe('What the step shows, for people.'),
    expect: expectation.optional().describe('What the step must bring about.'),
  })
  .meta({ id: 'step' });
export type ParsedStep = z.output<typeof step>;
export type ParsedExpectation = z.output<typeof expectation>;

export const programSchema = z
  .strictObject({
    device: text()
      .meta({ example: '3390' })
      .optional()
      .describe('Kind of the devices; default: 3390 on channel and kvm, virtio-rng on qemu.'),
    devices: whole(0, 16).prefault('1').describe('Number of devices.'),
    areas: z
      .record(z.string(), value('50000'))
      .prefault({})
      .describe('Addresses by name, besides those every script has.'),
    procedures: z.record(z.string(), z.array(step).min(1)).prefault({}).describe('Steps by name, for call.'),
    steps: z.array(step).min(1).describe('What the program does.'),
  })
  .describe('A bare-metal program in place of systems.');
export type ParsedProgram = z.output<typeof programSchema>;
