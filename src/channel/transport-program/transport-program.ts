import type { Orb } from '../../zarch/orb.ts';
import { CSTAT, DSTAT } from '../../zarch/scsw.ts';
import type { Storage } from '../../zarch/storage.ts';
import { COMMAND_BYTES, HEADER_BYTES, TRAILER_BYTES } from '../../zarch/tccb.ts';
import { commandBytes, decodeTcw, TCW_BYTES, Tcw } from '../../zarch/tcw.ts';
import { TIDAW_BYTES } from '../../zarch/tidaw.ts';
import { encodeTsb, TSB_BYTES, TSB_FLAG, TSB_FORMAT, Tsb } from '../../zarch/tsb.ts';
import { checkOfAccess } from '../stored-program/ccw-fetch.ts';
import type { Subchannel } from '../subchannel.ts';
import { TransportArea } from './transport-area.ts';
import type { TransportFrame } from './transport-frame.ts';

const NOTHING = new Uint8Array(0);
const DOUBLEWORD = 8;
/** The longest transfer for which room is made: 1 MiB of data, and more than all check bytes. */
const LONGEST_TRANSFER = 0x110000;
const NS_PER_US = 1_000;

/**
 * The program in transport mode in main storage that a subchannel carries out (Principles of Operation, "Transport Mode"):
 *
 *   fetch ─► TCW, checks ─► control block, output ─► [frame] control unit … ─► conclude: input, status block
 *
 * What the channel subsystem can see from the transport-control word is checked by it, and ends the program before anything
 * is sent; what is in the control block is the control unit's to check.
 */
export class TransportProgram implements TransportFrame {
  readonly tcw = new Tcw();
  block: Uint8Array = NOTHING;
  output: Uint8Array = NOTHING;
  input: Uint8Array = NOTHING;
  checkBytes = 0;
  reason = 0;
  commandOffset = 0;
  residual = 0;
  inputMoved = 0;
  /** Subchannel status that ends the program: zero, program check or protection check. */
  check = 0;
  /** A word of a list asks for an interruption when its data have moved. */
  interruption = false;
  /** The status block has been stored. */
  statusStored = false;
  /** Where the transport-control word is, and with which key everything is accessed. */
  address = 0;
  private key = 0;
  private readonly storage: Storage;
  private readonly area: TransportArea;
  private readonly tsb = new Tsb();
  private readonly bytes = new Uint8Array(TSB_BYTES);

  constructor(storage: Storage) {
    this.storage = storage;
    this.area = new TransportArea(storage);
  }

  get reads(): boolean {
    return this.tcw.read === 1;
  }
  get writes(): boolean {
    return this.tcw.write === 1;
  }
  get count(): number {
    if (this.reads) return this.tcw.inputCount;
    return this.writes ? this.tcw.outputCount : 0;
  }

  /** A start designates the program. */
  begin(orb: Readonly<Orb>): void {
    this.address = orb.programAddress;
    this.key = orb.key;
    this.check = 0;
    this.reason = 0;
    this.commandOffset = 0;
    this.residual = 0;
    this.inputMoved = 0;
    this.checkBytes = 0;
    this.interruption = false;
    this.statusStored = false;
  }

  /** Fetches everything that goes to the control unit. False: the program ends with `check`. */
  fetch(): boolean {
    this.check = this.fetchControlWord() || this.fetchCommands() || this.fetchOutput();
    if (this.check === 0) this.input = this.reads ? new Uint8Array(this.tcw.inputCount) : NOTHING;
    return this.check === 0;
  }

  private fetchControlWord(): number {
    const { address, storage, key, tcw } = this;
    if (address % TCW_BYTES !== 0) return CSTAT.PROGRAM_CHECK;
    const refused = storage.check(address, TCW_BYTES, key, 'fetch');
    if (refused !== 0) return checkOfAccess(refused);
    const bytes = new Uint8Array(TCW_BYTES);
    storage.fetch(address, bytes);
    return isValid(decodeTcw(bytes, tcw)) ? 0 : CSTAT.PROGRAM_CHECK;
  }

  private fetchCommands(): number {
    const { tcw, key, area } = this;
    const length = commandBytes(tcw);
    this.block = new Uint8Array(length);
    const indirect = tcw.commandsIndirect === 1;
    const use = { address: tcw.commandsAddress, indirect, access: 'fetch', key, total: length } as const;
    return area.move(use, this.block, length) ? 0 : area.check;
  }

  private fetchOutput(): number {
    const { tcw, key, area } = this;
    this.output = NOTHING;
    if (!this.writes) return 0;
    const total = tcw.outputCount;
    const indirect = tcw.outputIndirect === 1;
    const buffer = new Uint8Array(total);
    if (!area.move({ address: tcw.outputAddress, indirect, access: 'fetch', key, total }, buffer, total))
      return area.check;
    this.checkBytes = area.checkBytes;
    this.interruption = area.interruption;
    this.output = buffer.subarray(0, area.moved);
    return 0;
  }

  /** The control unit has presented its status: input and the status block are stored. */
  conclude(sch: Subchannel, now: number): void {
    this.check = this.storeInput();
    this.fillStatus(sch, now);
    const failed = this.storeStatus();
    if (this.check === 0) this.check = failed;
    this.statusStored = failed === 0;
  }

  private storeInput(): number {
    const { tcw, key, area, inputMoved } = this;
    if (inputMoved === 0) return 0;
    const total = tcw.inputCount;
    const indirect = tcw.inputIndirect === 1;
    const use = { address: tcw.inputAddress, indirect, access: 'store', key, total } as const;
    const stored = area.move(use, this.input, inputMoved);
    if (area.interruption) this.interruption = true;
    return stored ? 0 : area.check;
  }

  /** Times are those of the device for this operation: what would be disconnected time in command mode is deferred here. */
  private fillStatus(sch: Subchannel, now: number): void {
    const { tsb } = this;
    const isRefused = this.reason !== 0;
    const missed = sch.disconnectTotalNs > 0 ? TSB_FLAG.CACHE_MISS : 0;
    const times = isRefused ? 0 : TSB_FLAG.TIMES_VALID | missed;
    tsb.format = isRefused ? TSB_FORMAT.PROGRAM_CHECK : TSB_FORMAT.IO_STATUS;
    tsb.flags = TSB_FLAG.OFFSET_VALID | TSB_FLAG.COUNT_VALID | times;
    tsb.commandOffset = this.commandOffset;
    tsb.residual = this.residual;
    tsb.reason = this.reason;
    tsb.deviceTime = Math.floor((now - sch.connectedAt) / NS_PER_US);
    tsb.deferTime = Math.floor(sch.disconnectTotalNs / NS_PER_US);
    tsb.hasSense = (sch.dstat & DSTAT.UNIT_CHECK) !== 0 && sch.senseCount > 0;
    tsb.sense.set(sch.sense);
  }

  private storeStatus(): number {
    const { statusAddress } = this.tcw;
    const refused = this.storage.check(statusAddress, TSB_BYTES, this.key, 'store');
    if (refused !== 0) return checkOfAccess(refused);
    this.storage.store(statusAddress, encodeTsb(this.tsb, this.bytes));
    return 0;
  }
}

/**
 * What a transport-control word must be like. To read and write with one program takes a facility that this machine does not
 * have. Lists and blocks stand on boundaries, data anywhere.
 */
function isValid(tcw: Readonly<Tcw>): boolean {
  if (tcw.format !== 0 || tcw.tidawFormat !== 0) return false;
  if (tcw.read === 1 && tcw.write === 1) return false;
  if (commandBytes(tcw) < HEADER_BYTES + COMMAND_BYTES + TRAILER_BYTES) return false;
  if (tcw.statusAddress % DOUBLEWORD !== 0) return false;
  if (tcw.commandsAddress % (tcw.commandsIndirect === 1 ? TIDAW_BYTES : DOUBLEWORD) !== 0) return false;
  return isValidData(tcw);
}

function isValidData(tcw: Readonly<Tcw>): boolean {
  if (tcw.write === 1 && tcw.outputIndirect === 1 && tcw.outputAddress % TIDAW_BYTES !== 0) return false;
  if (tcw.read === 1 && tcw.inputIndirect === 1 && tcw.inputAddress % TIDAW_BYTES !== 0) return false;
  return tcw.outputCount <= LONGEST_TRANSFER && tcw.inputCount <= LONGEST_TRANSFER;
}
