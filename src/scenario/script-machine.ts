import type { AddressableChannelSubsystem } from '../channel/channel-subsystem.ts';
import type { Surroundings } from '../program/interpreter.ts';

/** What a script runs on. */
export interface ScriptMachineParts {
  readonly css: AddressableChannelSubsystem;
  readonly surroundings: Surroundings;
  /** Number of the script's system in events. */
  readonly system: number;
  /** Has the script begin when the machine is there. The interpreter has its interruptions by then. */
  start(begin: () => void): void;
}
