import type { SimTime } from '../kernel/time.ts';
import type { BlockName } from './block-fields.ts';

/**
 * What a bare-metal program does, as plain data: operands are numbers as they stand in general registers, blocks are
 * bytes in storage. Everything with a layout of its own (ORBs, CCWs, lists of IDAWs) has become `store` steps before.
 */
export type InstructionStep =
  | {
      readonly do: 'ssch' | 'stsch' | 'msch' | 'tsch';
      /** General register 1: the subsystem-identification word. */
      readonly sid: number;
      /** Address of the ORB, SCHIB or IRB. */
      readonly at: number;
    }
  | { readonly do: 'hsch' | 'csch' | 'xsch' | 'rsch'; readonly sid: number }
  | {
      /** TPI with address 0 stores into low core. */
      readonly do: 'stcrw' | 'tpi' | 'stcps' | 'chsc';
      readonly at: number;
    }
  | { readonly do: 'rchp' | 'sal'; readonly register1: number }
  | { readonly do: 'schm'; readonly register1: number; readonly register2: number };

/** What is neither an instruction of the I/O kind nor a way through the program. */
export type PreparationStep =
  | {
      readonly do: 'store';
      readonly at: number;
      /** Hexadecimal. */
      readonly bytes: string;
      /** How often, one after the other. */
      readonly times: number;
    }
  | {
      /** Changes fields of a block in storage. */
      readonly do: 'set';
      readonly at: number;
      readonly block: BlockName;
      readonly fields: Readonly<Record<string, number>>;
    }
  | {
      /** SET STORAGE KEY EXTENDED: access-control bits, fetch protection, reference, change. */
      readonly do: 'set-storage-key';
      readonly at: number;
      readonly key: number;
    }
  | {
      /** Problem-state bit and access key of the PSW. */
      readonly do: 'set-psw';
      readonly problemState?: boolean;
      readonly key?: number;
    }
  | {
      /** What the CPU is enabled for while it waits: I/O-interruption subclasses (control register 6), channel reports. */
      readonly do: 'set-masks';
      /** Bits 0 … 7 of the mask from the left. */
      readonly isc?: number;
      readonly channelReports?: boolean;
    };

export type WaitStep =
  /** Does nothing; what it expects is looked at. */
  | { readonly do: 'look' }
  | { readonly do: 'delay'; readonly ns: SimTime }
  | {
      /** STORE SUBCHANNEL again and again until status is pending. */
      readonly do: 'wait-status';
      readonly sid: number;
      readonly limitNs: SimTime;
      /** Time between two of them. */
      readonly everyNs: SimTime;
    }
  | {
      /** Enabled wait for what `set-masks` said; the code is stored into low core as the interruption does. */
      readonly do: 'wait-io' | 'wait-machine-check';
      readonly limitNs: SimTime;
    };

/** What happens around the CPU. */
export type OperatorStep =
  | { readonly do: 'configure-chpid'; readonly chpid: number; readonly on: boolean }
  | {
      /** A channel report that comes from nowhere. */
      readonly do: 'inject';
      readonly crw: number;
    }
  | {
      readonly do: 'plug' | 'unplug' | 'unsolicited';
      /** Position among the devices of the script's machine. */
      readonly device: number;
    };

export type ControlStep =
  | {
      /** At most `max` turns; ends after the turn for which the condition holds. */
      readonly do: 'repeat';
      readonly max: number;
      readonly until: Condition | null;
      readonly steps: readonly Step[];
    }
  | {
      readonly do: 'if';
      readonly condition: Condition;
      readonly steps: readonly Step[];
      readonly otherwise: readonly Step[];
    }
  | { readonly do: 'call'; readonly procedure: string }
  | {
      /** Each list on a CPU of its own, from the same instant; goes on when all have ended. */
      readonly do: 'parallel';
      readonly cpus: readonly (readonly Step[])[];
    };

export type Step = (InstructionStep | PreparationStep | WaitStep | OperatorStep | ControlStep) & StepNotes;

interface StepNotes {
  /** How people find the step: `7`, `enable.2`, `9.1`. */
  readonly name?: string;
  /** Line in the scenario, 0 or missing when it came from elsewhere. */
  readonly line?: number;
  /** Under what name conditions find the result later. */
  readonly as?: string;
  readonly expect?: readonly Check[];
}

/**
 * What a check or a condition looks at: the result of a step or a field of the block that it stored. `cc` and `pgm`
 * (program-interruption code) exclude each other; `came` is 1 when a wait ended with what it waited for, else 0.
 */
export type Subject =
  | { readonly of: 'cc' | 'pgm' | 'came' }
  | { readonly of: BlockName; readonly field: string };

/** Something a step must have brought about. */
export type Check =
  | (Subject & {
      readonly value: number;
      /** Bits of the field that matter; missing: all. */
      readonly mask?: number;
      /** The value that the field must not have. */
      readonly not?: boolean;
    })
  | {
      readonly of: 'bytes';
      readonly at: number;
      /** How the scenario names the place. */
      readonly name: string;
      /** Hexadecimal, both of the same length; bits that are off in the mask are not looked at. */
      readonly bytes: string;
      readonly mask?: string;
    };

export type Condition = Subject & {
  /** Name of an earlier step's result; missing: the last instruction or wait. */
  readonly step?: string;
  readonly is: '==' | '!=';
  readonly value: number;
};

export interface Program {
  readonly steps: readonly Step[];
  readonly procedures: Readonly<Record<string, readonly Step[]>>;
}
