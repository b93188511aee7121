import { BLOCK_BOUNDARY, PCI_INSTRUCTIONS } from '../zarch/pci.ts';
import type { PciAccess } from './access.ts';
import { ANSWER, type Answer, type PciDevice } from './device.ts';
import {
  ISM_BUFFERS,
  ISM_COMMAND_BAR,
  ISM_COMMANDS,
  ISM_DATA_BAR,
  ISM_ERROR,
  ISM_FIRST_BUFFER,
  ISM_HEADER_BYTES,
  type IsmCommand,
  offsetIn,
  signalsIn,
  TOKEN_UNIT,
  tokenOf,
} from './ism-words.ts';

/** Bit of the response header's word that tells failure from success, and the token behind the header. */
const RESPONSE_OK = 0;

/** A buffer, and what has arrived in it so far: bytes, and signals to its owner. */
export interface SharedBuffer {
  readonly length: number;
  arrived: number;
  signals: number;
}

/**
 * An internal-shared-memory device. Data are moved by storing them into BAR 0, at a place that names the buffer; commands
 * are stored into BAR 2, header last, and answered there. It takes block stores only, with handles only, of any length and
 * alignment within a block of 4 KiB: a store in pieces would let the receiver see half of it, and each piece would carry
 * the signal flag of the whole (zpci-ism; strategies document 4).
 */
export class IsmDevice implements PciDevice {
  private readonly longestStore: number;
  /** Registered buffers by token. */
  private readonly buffers = new Map<number, SharedBuffer>();
  private nextBuffer = ISM_FIRST_BUFFER;
  private response = ISM_ERROR;
  /** How far the area holds the request of the next command. */
  private requestEnd = ISM_HEADER_BYTES;
  private token = 0;

  /** `longestStore`: the group's maximum store-block length. */
  constructor(longestStore: number) {
    this.longestStore = longestStore;
  }

  store(access: PciAccess): Answer {
    const { mio, does } = PCI_INSTRUCTIONS[access.instruction];
    if (mio) return ANSWER.MIO;
    if (does !== 'block') return ANSWER.SPLIT;
    if (access.length > this.longestStore) return ANSWER.LENGTH;
    if ((access.offset % BLOCK_BOUNDARY) + access.length > BLOCK_BOUNDARY) return ANSWER.LENGTH;
    if (access.space === ISM_DATA_BAR) return this.move(access);
    return access.space === ISM_COMMAND_BAR ? this.command(access) : ANSWER.PLACE;
  }

  load(access: PciAccess): Answer {
    if (PCI_INSTRUCTIONS[access.instruction].mio) return ANSWER.MIO;
    if (access.space !== ISM_COMMAND_BAR) return ANSWER.PLACE;
    access.loaded = access.offset < ISM_HEADER_BYTES ? this.response : this.token;
    return ANSWER.TAKEN;
  }

  /** The buffer of a token, as its owner sees it. */
  buffer(token: number): SharedBuffer | undefined {
    return this.buffers.get(token);
  }

  reset(): void {
    this.buffers.clear();
    this.nextBuffer = ISM_FIRST_BUFFER;
    this.response = ISM_ERROR;
    this.requestEnd = ISM_HEADER_BYTES;
    this.token = 0;
  }

  private move({ offset, length }: PciAccess): Answer {
    const buffer = this.buffers.get(tokenOf(offset));
    if (buffer === undefined || offsetIn(offset) + length > buffer.length) return ANSWER.PLACE;
    buffer.arrived += length;
    if (signalsIn(offset)) buffer.signals++;
    return ANSWER.TAKEN;
  }

  /** The body waits in the area; the header at its beginning starts the command. */
  private command({ offset, length, content }: PciAccess): Answer {
    if (offset === 0) this.execute(content as IsmCommand | null);
    else this.requestEnd = Math.max(this.requestEnd, offset + length);
    return ANSWER.TAKEN;
  }

  private execute(command: IsmCommand | null): void {
    const requestEnd = this.requestEnd;
    this.requestEnd = ISM_HEADER_BYTES;
    this.response = ISM_ERROR;
    if (command === null || requestEnd < ISM_COMMANDS[command.name].request) return;
    if (command.name === 'register-dmb' && !this.register(command.length)) return;
    this.response = RESPONSE_OK;
  }

  private register(bytes: number): boolean {
    if (this.nextBuffer >= ISM_BUFFERS + ISM_FIRST_BUFFER) return false;
    this.token = this.nextBuffer++ * TOKEN_UNIT;
    this.buffers.set(this.token, { length: bytes, arrived: 0, signals: 0 });
    return true;
  }
}
