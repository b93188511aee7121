import { steps } from './asynchronous.ts';
import { type Instruction, RULES } from './instruction-table.ts';
import { type Course, describe, isSettled, RESET, type Situation } from './situation.ts';

/**
 * All situations that one subchannel can be in, given what instructions have answered. An answer that fits none of
 * them is a defect of the machine; the message says what would have been possible.
 */
export class Knowledge {
  private situations: Situation[] = [RESET];

  /** An instruction answered with this condition code. */
  answered(instruction: Instruction, cc: number, course: Course): void {
    const rule = RULES[instruction];
    this.keep(`${instruction} with cc ${cc}`, (now) => {
      if (!rule.codes(now, course).includes(cc)) return [];
      return cc === 0 ? rule.after(now) : [now];
    });
  }

  /** Simulated time went by. */
  timePassed(course: Course): void {
    const reached = new Map(this.situations.map((now) => [key(now), now]));
    for (const now of reached.values()) {
      for (const next of steps(now, course)) {
        const name = key(next);
        if (!reached.has(name)) reached.set(name, next);
      }
    }
    this.situations = [...reached.values()];
  }

  /** So much time went by that nothing can be under way any more. */
  settled(course: Course): void {
    this.timePassed(course);
    this.keep('rest', (now) => (isSettled(now, course) ? [now] : []));
  }

  /** A subchannel-status word shows these control fields. */
  shows(where: string, scsw: { fctl: number; actl: number; stctl: number }): void {
    const { fctl, actl, stctl } = scsw;
    const seen = describe({ ...RESET, enabled: true, fctl, actl, stctl });
    this.keep(`${where} that shows ${seen}`, (now) =>
      now.fctl === fctl && now.actl === actl && now.stctl === stctl ? [now] : [],
    );
  }

  /** A CPU, or TEST PENDING INTERRUPTION, took the interruption condition. */
  interrupted(): void {
    this.keep('an interruption', (now) => (now.interruption ? [{ ...now, interruption: false }] : []));
  }

  /** No interruption condition is pending. */
  quiet(): void {
    this.keep('no interruption', (now) => (now.interruption ? [] : [now]));
  }

  get size(): number {
    return this.situations.length;
  }

  private keep(observation: string, after: (now: Situation) => readonly Situation[]): void {
    const kept = new Map<string, Situation>();
    for (const now of this.situations) {
      for (const next of after(now)) kept.set(key(next), next);
    }
    if (kept.size === 0) {
      const possible = this.situations.map((now) => `  ${describe(now)}`);
      throw new Error(`${observation} does not fit; the subchannel is one of\n${possible.join('\n')}`);
    }
    this.situations = [...kept.values()];
  }
}

const key = (now: Situation): string =>
  `${now.enabled} ${now.fctl} ${now.actl} ${now.stctl} ${now.interruption} ${now.passed}`;
