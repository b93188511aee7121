import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import { type Crw, crwWord } from '../zarch/crw.ts';
import { NONE } from '../zarch/ids.ts';
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

/**
 * The event of an executed instruction, once its condition code is known: the same that Linux gives for it. `where` is
 * the subchannel, for RCHP the CHPID. The CCWs of a program in storage are counted where they are fetched.
 */
export function emitInstruction<I extends keyof EventOperands>(
  observer: Observer,
  system: number,
  instruction: I,
  where: number,
  cc: number,
  operand: EventOperands[I],
): void {
  const event = EVENT[instruction];
  const [a, b, c] = numbersOf(instruction, operand, cc);
  const lpm = instruction === 'ssch' ? (operand as Orb).lpm : NONE;
  const [subchannel, chpid] = instruction === 'rchp' ? [NONE, where] : [where, NONE];
  observer.emit(event, system, subchannel, chpid, lpm, cc, a, b, c);
}

function numbersOf(
  instruction: keyof EventOperands,
  operand: EventOperands[keyof EventOperands],
  cc: number,
): readonly [number, number, number] {
  switch (instruction) {
    case 'stsch':
    case 'msch': {
      // Nothing was stored with another condition code.
      if (instruction === 'stsch' && cc !== 0) return [0, 0, 0];
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
