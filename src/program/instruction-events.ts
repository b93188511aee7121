import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { ToldChpids } from '../observe/told-chpids.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import { type Crw, crwWord } from '../zarch/crw.ts';
import { NONE } from '../zarch/ids.ts';
import type { IoInterruptionCode } from '../zarch/interruption-code.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import { packDevice, packPamPom, packPathMasks, packScswControl } from '../zarch/packed-fields.ts';
import type { Schib } from '../zarch/schib.ts';

/** Operands of the instructions that have an event. */
interface EventOperands {
  ssch: Orb;
  hsch: null;
  csch: null;
  xsch: null;
  rsch: null;
  stsch: Schib;
  msch: Schib;
  tsch: Irb;
  stcrw: Crw;
  rchp: null;
  chsc: ChscBlock;
}

/** The events of a bare-metal program, the same that Linux gives; its CPUs share them. */
export class InstructionEvents {
  private readonly observer: Observer;
  /** Number of the system in events. */
  private readonly system: number;
  private readonly chpids: ToldChpids;

  constructor(observer: Observer, system: number) {
    this.observer = observer;
    this.system = system;
    this.chpids = new ToldChpids(observer, system);
  }

  /**
   * An instruction was executed and its condition code is known. `where` is the subchannel, for RCHP the CHPID. The CCWs
   * of a program in storage are counted where they are fetched.
   */
  executed<I extends keyof EventOperands>(
    instruction: I,
    where: number,
    cc: number,
    operand: EventOperands[I],
  ): void {
    if (hasSchib(instruction, cc)) this.chpids.tell(where, (operand as Schib).pmcw);
    const [a, b, c] = numbersOf(instruction, operand, cc);
    const lpm = instruction === 'ssch' ? (operand as Orb).lpm : NONE;
    const [subchannel, chpid] = instruction === 'rchp' ? [NONE, where] : [where, NONE];
    this.observer.emit(EVENT[instruction], this.system, subchannel, chpid, lpm, cc, a, b, c);
  }

  ioInterruption({ adapter, subchannel, isc }: IoInterruptionCode): void {
    const where = adapter === 1 ? NONE : subchannel;
    this.observer.emit(EVENT.interrupt, this.system, where, NONE, NONE, NONE, isc, 0, 0);
  }

  machineCheck(): void {
    this.observer.emit(EVENT['machine-check'], this.system, NONE, NONE, NONE, NONE, 0, 0, 0);
  }
}

/** STSCH stores nothing with another condition code than 0. */
const hasSchib = (instruction: keyof EventOperands, cc: number): boolean =>
  instruction === 'msch' || (instruction === 'stsch' && cc === 0);

function numbersOf(
  instruction: keyof EventOperands,
  operand: EventOperands[keyof EventOperands],
  cc: number,
): readonly [number, number, number] {
  switch (instruction) {
    case 'stsch':
    case 'msch': {
      if (!hasSchib(instruction, cc)) return [0, 0, 0];
      const { pmcw } = operand as Schib;
      return [packDevice(pmcw), packPathMasks(pmcw), packPamPom(pmcw)];
    }
    case 'tsch': {
      const { scsw } = operand as Irb;
      return [packScswControl(scsw), scsw.dstat, scsw.cstat];
    }
    case 'stcrw':
      return [crwWord(operand as Crw), 0, 0];
    case 'chsc': {
      const { command, response } = operand as ChscBlock;
      return [command, response, 0];
    }
    default:
      return [0, 0, 0];
  }
}
