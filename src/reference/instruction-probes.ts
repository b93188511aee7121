import type { IoInstruction } from '../channel/channel-subsystem.ts';

/**
 * One instruction in a state in which the architecture has something for it to do, in the language of instruction
 * scripts (`docs/instruction-scripts.md`). `before` brings the state about and ends just before the instruction.
 */
export interface InstructionProbe {
  readonly instruction: IoInstruction;
  /** What distinguishes this from other probes of the instruction; empty for its usual form. */
  readonly form: string;
  /** The state in which it is issued. */
  readonly state: string;
  readonly before: readonly string[];
  readonly step: string;
  /** Condition code of an instruction that has done what it is for. */
  readonly done: number;
  /** An I/O interruption that QEMU is asked to pass on says how the function ended. */
  readonly endsWithStatus: boolean;
  /** The guest of z/VM brings the state about with other means, or cannot (`zvm-probe.ts`). */
  readonly zvm: ZvmState;
}

/** States of a dedicated device; null: the form exists in programs of main storage only. */
export type ZvmState = 'idle' | 'running' | 'status-pending' | 'report-pending' | null;

const ENABLE = ['{ stsch: TD }', '{ msch: TD, set: { ena: 1, isc: 3 } }'];
const SETTLE = '{ delay: 10ms }';
/** SENSE ID, 100 us of a device's time. */
const SENSE_ID = '{ ssch: TD, orb: { pfch: 1 }, ccws: [[e4, SLI, 8, B]] }';
/** The second command suspends the program, with intermediate status, which is taken away. */
const SUSPEND = [
  '{ ssch: TD, orb: { spnd: 1, pfch: 1 }, ccws: [[e4, CC+SLI, 8, B], [e4, SLI+S, 8, B+40]] }',
  '{ wait: status }',
  '{ tsch: TD }',
  // The flag is off when the program is to go on.
  '{ ccws: [[e4, SLI, 8, B+40]], at: P+8 }',
];

const probe = (
  instruction: IoInstruction,
  state: string,
  before: readonly string[],
  step: string,
  more: Partial<InstructionProbe> = {},
): InstructionProbe => ({
  instruction,
  form: '',
  state,
  before: [...ENABLE, ...before],
  step,
  done: 0,
  endsWithStatus: false,
  zvm: 'idle',
  ...more,
});

const RUNNING = { zvm: 'running' } as const;

/** In the order of the PoP's groups: functions, subchannel, reports, channel subsystem. */
export const INSTRUCTION_PROBES: readonly InstructionProbe[] = [
  probe('ssch', 'idle', [SETTLE], SENSE_ID, { endsWithStatus: true }),
  probe(
    'ssch',
    'idle; the ORB does not allow prefetching',
    [SETTLE],
    SENSE_ID.replace('pfch: 1', 'pfch: 0'),
    {
      form: 'no prefetch',
      endsWithStatus: true,
      zvm: null,
    },
  ),
  probe(
    'ssch',
    'idle; data addresses are IDAWs of format 1',
    ['{ idaws: [45800], at: B+100, format: 1 }', SETTLE],
    '{ ssch: TD, orb: { pfch: 1 }, ccws: [[e4, SLI+IDA, 8, B+100]] }',
    { form: 'format-1 IDAWs', endsWithStatus: true, zvm: null },
  ),
  probe('hsch', 'a program runs', [SENSE_ID], '{ hsch: TD }', RUNNING),
  probe('csch', 'a program runs', [SENSE_ID], '{ csch: TD }', RUNNING),
  probe('xsch', 'a program runs', [SENSE_ID], '{ xsch: TD }', RUNNING),
  probe('rsch', 'the program has suspended itself', SUSPEND, '{ rsch: TD }', { zvm: null }),
  probe('stsch', 'idle', [SETTLE], '{ stsch: TD }'),
  probe('msch', 'idle', [SETTLE], '{ msch: TD, set: { ena: 1, isc: 4 } }'),
  probe('tsch', 'status pending', [SENSE_ID, '{ wait: status }', SETTLE], '{ tsch: TD }', {
    zvm: 'status-pending',
  }),
  probe('tpi', 'an interruption is pending', [SENSE_ID, '{ wait: status }', SETTLE], '{ tpi: Q }', {
    done: 1,
    zvm: 'status-pending',
  }),
  probe('stcrw', 'a report is pending', ['{ inject: "04020001" }', SETTLE], '{ stcrw: CRW }', {
    zvm: 'report-pending',
  }),
  probe(
    'chsc',
    'store channel-path description (0002)',
    [SETTLE],
    '{ chsc: CHSC, words: [00100002, 0, ff] }',
  ),
  probe('rchp', "the device's channel path", [SETTLE], '{ rchp: CHPID }'),
  probe('schm', 'measurement blocks on', [SETTLE], '{ schm: 2, origin: MB }'),
  probe('sal', 'any', [SETTLE], '{ sal: 00010000 }'),
  probe('stcps', 'any', [SETTLE], '{ stcps: B }'),
];
