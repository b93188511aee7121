import { type Process, type Steps, WaitQueue } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { E, type Errno } from '../linux/errno.ts';
import { PciAccess } from './access.ts';
import { nextMove } from './io-chunks.ts';
import {
  ISM_COMMAND_BAR,
  ISM_COMMANDS,
  ISM_DATA_BAR,
  ISM_HEADER_BYTES,
  type IsmCommand,
  moveRequest,
} from './ism-words.ts';
import type { PciInstructions } from './pci-instructions.ts';

/** What the driver has of its function. */
export interface IsmFunction {
  readonly id: number;
  /** As it is now: the function may have been enabled anew. */
  readonly handle: number;
}

/** One move of data, as SMC asks for it (smcd_ops.move_data). */
export interface IsmMove {
  token: number;
  /** Element of the buffer. */
  index: number;
  /** Signal the receiver with the last store. */
  signal: boolean;
  offset: number;
  /** Where the data are in main storage. */
  operand: number;
  bytes: number;
}

/**
 * The driver of internal-shared-memory devices (drivers/s390/net/ism_drv.c). It does without the kernel's I/O functions and
 * executes the instructions with handles itself, because the device knows no others.
 */
export class IsmDriver {
  private readonly instructions: PciInstructions;
  private readonly fn: IsmFunction;
  private readonly access = new PciAccess();
  private readonly commandsDone: WaitQueue;
  private commanding = false;

  constructor(instructions: PciInstructions, fn: IsmFunction, sim: Simulation) {
    this.commandsDone = new WaitQueue(sim);
    this.instructions = instructions;
    this.fn = fn;
  }

  /** ism_dev_init: 0, or the command that failed has told why not. */
  *probe(self: Process): Steps<Errno> {
    for (const name of ['register-sba', 'register-ieq', 'read-gid'] as const) {
      if ((yield* this.command(self, { name, length: 0 })) === null) return E.IO;
    }
    // A reserved VLAN id is how a later version of the device is told from the first.
    yield* this.command(self, { name: 'add-vlan', length: 0 });
    yield* this.command(self, { name: 'query-info', length: 0 });
    return E.OK;
  }

  /** Registers a buffer that others may store into; null: the device has refused it. */
  *registerBuffer(self: Process, length: number): Steps<number | null> {
    return yield* this.command(self, { name: 'register-dmb', length });
  }

  /** ism_move: one block store for each block of 4 KiB that the data touch; the signal goes with the last. */
  *move(self: Process, move: Readonly<IsmMove>, access: PciAccess): Steps<Errno> {
    const { token, index, signal, offset, operand, bytes } = move;
    for (let done = 0; done < bytes; ) {
      const part = nextMove(offset + done, bytes - done);
      const isLast = done + part === bytes;
      const place = moveRequest(token, index, signal && isLast, offset + done);
      access.set('pcistb', this.fn.handle, ISM_DATA_BAR, place, part);
      access.operand = operand + done;
      const rc = yield* this.instructions.execute(self, access, this.fn.id);
      if (rc !== E.OK) return rc;
      done += part;
    }
    return E.OK;
  }

  /**
   * ism_cmd: body first, then the header, which starts it; then the answer, eight bytes at a time. Whether the stores have
   * worked is not looked at: the answer tells. There is one area, and so one command at a time. What the answer's last
   * doubleword holds; null: the command has failed.
   */
  private *command(self: Process, command: IsmCommand): Steps<number | null> {
    yield* this.commandsDone.until(self, () => !this.commanding);
    this.commanding = true;
    const { request, response } = ISM_COMMANDS[command.name];
    yield* this.store(self, ISM_HEADER_BYTES, request - ISM_HEADER_BYTES, null);
    yield* this.store(self, 0, ISM_HEADER_BYTES, command);
    const rc = yield* this.load(self, 0);
    let body = 0;
    for (let at = ISM_HEADER_BYTES; rc === 0 && at < response; at += ISM_HEADER_BYTES)
      body = yield* this.load(self, at);
    this.commanding = false;
    this.commandsDone.wake();
    return rc === 0 ? body : null;
  }

  private *store(self: Process, offset: number, bytes: number, content: IsmCommand | null): Steps {
    if (bytes === 0) return;
    this.access.set('pcistb', this.fn.handle, ISM_COMMAND_BAR, offset, bytes);
    this.access.content = content;
    yield* this.instructions.execute(self, this.access, this.fn.id);
  }

  private *load(self: Process, offset: number): Steps<number> {
    this.access.set('pcilg', this.fn.handle, ISM_COMMAND_BAR, offset, ISM_HEADER_BYTES);
    yield* this.instructions.execute(self, this.access, this.fn.id);
    return this.access.loaded;
  }
}
