import type { Process, Steps } from '../kernel/process.ts';
import type { SimTime } from '../kernel/time.ts';
import { E, type Errno } from '../linux/errno.ts';
import { EVENT } from '../observe/event-table.ts';
import { PciAccess } from './access.ts';
import type { IsmDevice } from './ism-device.ts';
import type { IsmDriver, IsmMove } from './ism-driver.ts';
import { ISM_FIRST_BUFFER, TOKEN_UNIT } from './ism-words.ts';
import type { LinuxPci } from './linux-pci.ts';

/** Moves of data into a shared buffer at a rate. */
export interface IsmMovesOptions {
  /** Id of the function. */
  readonly function: number;
  /** Used in turn: bytes of a move, its place in the buffer, and where its data are in main storage. */
  readonly bytes: readonly number[];
  readonly offsets: readonly number[];
  readonly operands: readonly number[];
  readonly signal: boolean;
  readonly everyNs: SimTime;
  readonly fromNs: SimTime;
  readonly count: number;
  /** Go on where the driver has failed, with the token that the device would have given. */
  readonly force: boolean;
}

/** How moves have ended. */
export interface MoveCounts {
  moves: number;
  failed: number;
  /** Ended well, and the data are not there, or were signalled too early. */
  lost: number;
}

/** A buffer, and who stores into it. */
interface Registered {
  readonly driver: IsmDriver;
  readonly token: number;
}

/** Element of the buffer that is meant: one connection has one. */
const ONLY_ELEMENT = 0;

/**
 * An application of shared memory (SMC-D, seen from its device driver): it registers a buffer, and stores into it by its
 * token as a peer would. One move after the other; a move that is due while another goes on waits for it.
 */
export class IsmMoves {
  readonly counts: MoveCounts = { moves: 0, failed: 0, lost: 0 };
  readonly functionId: number;
  private readonly pci: LinuxPci;
  private readonly options: IsmMovesOptions;
  private readonly device: IsmDevice;
  private readonly access = new PciAccess();
  /** Filled in again for each move. */
  private readonly request: IsmMove;
  /** Null while nobody drives the function, or the device has no buffer for it. */
  private using: Registered | null = null;

  /** `device` is only looked at, for what has arrived. */
  constructor(pci: LinuxPci, options: IsmMovesOptions, device: IsmDevice) {
    this.functionId = options.function;
    this.pci = pci;
    this.options = options;
    this.device = device;
    const { signal } = options;
    this.request = { token: 0, index: ONLY_ELEMENT, signal, offset: 0, operand: 0, bytes: 0 };
  }

  *run(self: Process): Steps {
    const { sim } = this.pci.linux;
    const { fromNs, everyNs, count } = this.options;
    yield* this.pci.untilScanned(self);
    // A function that is there at boot has its buffer then; one that comes later, when it is needed.
    yield* this.register(self);
    for (let move = 0; move < count; move++) {
      const dueNs = fromNs + move * everyNs;
      if (dueNs > sim.now) yield* self.sleep(dueNs - sim.now);
      yield* this.register(self);
      if (this.using !== null) yield* this.move(self, this.using, move, dueNs);
    }
  }

  /** With a driver that was bound anew all buffers have gone, and peers are told of another. */
  private *register(self: Process): Steps {
    const driver = this.driver();
    if (driver === this.using?.driver) return;
    this.using = null;
    if (driver === null) return;
    const token = yield* this.buffer(self, driver);
    yield* self.settle();
    if (token !== null) this.using = { driver, token };
  }

  /** Null: nobody drives the function. */
  private driver(): IsmDriver | null {
    const fn = this.pci.find(this.options.function);
    return fn !== undefined && (fn.bound || this.options.force) ? fn.ism : null;
  }

  private *buffer(self: Process, driver: IsmDriver): Steps<number | null> {
    const { bytes, offsets, force } = this.options;
    const token = yield* driver.registerBuffer(self, Math.max(...offsets) + Math.max(...bytes));
    return token === null && force ? ISM_FIRST_BUFFER * TOKEN_UNIT : token;
  }

  private *move(self: Process, { driver, token }: Registered, at: number, dueNs: SimTime): Steps {
    const { bytes, offsets, operands } = this.options;
    const length = bytes[at % bytes.length];
    const buffer = this.device.buffer(token);
    const { arrived, signals } = buffer ?? NOTHING;
    const { request } = this;
    request.token = token;
    request.offset = offsets[at % offsets.length];
    request.operand = operands[at % operands.length];
    request.bytes = length;
    const rc = yield* driver.move(self, request, this.access);
    yield* self.settle();
    const now = buffer ?? NOTHING;
    this.ended(rc, dueNs, length - (now.arrived - arrived), now.signals - signals);
  }

  private ended(rc: Errno, dueNs: SimTime, missing: number, signals: number): void {
    const { counts, pci, options } = this;
    counts.moves++;
    if (rc !== E.OK) counts.failed++;
    pci.emit(EVENT['ism.move'], options.function, rc, pci.linux.sim.now - dueNs);
    if (rc !== E.OK || (missing === 0 && signals === (options.signal ? 1 : 0))) return;
    counts.lost++;
    pci.emit(EVENT['ism.lost'], options.function, missing, signals);
  }
}

/** What has arrived where there is no buffer. */
const NOTHING = { arrived: 0, signals: 0 } as const;
