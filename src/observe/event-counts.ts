import { COMMAND_NAMES } from '../zarch/commands.ts';
import { EVENT_NAMES, EVENT_TABLE } from './event-table.ts';
import { layerOf, type ObservedSystem } from './layers.ts';

/** Condition codes −1 (none) and 0 … 3. */
const CODES = 5;
const COMMANDS = COMMAND_NAMES.length;

/**
 * How often everything happened: one number per event, system and condition code, and one per system and channel
 * command. Numbers only grow; a phase is the difference of the copies taken at its ends.
 */
export class EventCounts {
  readonly systems: readonly ObservedSystem[];
  /** Systems and, as number −1, the machine. */
  private readonly lanes: number;
  private readonly events: Float64Array;
  private readonly commands: Float64Array;

  constructor(systems: readonly ObservedSystem[]) {
    this.systems = systems;
    this.lanes = systems.length + 1;
    this.events = new Float64Array(EVENT_NAMES.length * this.lanes * CODES);
    this.commands = new Float64Array(this.lanes * COMMANDS);
  }

  add(event: number, system: number, cc: number): void {
    this.events[(event * this.lanes + system + 1) * CODES + cc + 1]++;
  }

  addCommand(system: number, command: number): void {
    this.commands[(system + 1) * COMMANDS + command]++;
  }

  /** One event over all systems and condition codes. */
  total(event: number): number {
    let sum = 0;
    const first = event * this.lanes * CODES;
    for (let at = first; at < first + this.lanes * CODES; at++) sum += this.events[at];
    return sum;
  }

  /** One event of one system; `cc` −1: with any condition code or none. */
  of(event: number, system: number, cc: number): number {
    const first = (event * this.lanes + system + 1) * CODES;
    if (cc >= 0) return this.events[first + cc + 1];
    let sum = 0;
    for (let at = first; at < first + CODES; at++) sum += this.events[at];
    return sum;
  }

  snapshot(): CountSnapshot {
    return { events: this.events.slice(), commands: this.commands.slice() };
  }

  /** What was counted between two snapshots, as rows of the finest labels; zero rows are left out. */
  between(from: CountSnapshot | null, to: CountSnapshot): CountRow[] {
    const rows: CountRow[] = [];
    EVENT_NAMES.forEach((name, event) => {
      const { count } = EVENT_TABLE[name];
      if (count === '') return;
      for (let lane = 0; lane < this.lanes; lane++) {
        for (let code = 0; code < CODES; code++) {
          const at = (event * this.lanes + lane) * CODES + code;
          const value = to.events[at] - (from?.events[at] ?? 0);
          if (value === 0) continue;
          const layer = layerOf(event, lane - 1, this.systems);
          rows.push({ name: `${layer}.${count}`, system: lane - 1, cc: code - 1, value });
        }
      }
    });
    for (let lane = 1; lane < this.lanes; lane++) {
      for (let command = 0; command < COMMANDS; command++) {
        const at = lane * COMMANDS + command;
        const value = to.commands[at] - (from?.commands[at] ?? 0);
        if (value === 0) continue;
        const { layer } = this.systems[lane - 1];
        rows.push({ name: `${layer}.${COMMAND_NAMES[command]}`, system: lane - 1, cc: -1, value });
      }
    }
    return rows;
  }
}

export interface CountSnapshot {
  readonly events: Float64Array;
  readonly commands: Float64Array;
}

/** A count with its labels: `system` −1 is the machine, `cc` −1 stands for no condition code. */
export interface CountRow {
  readonly name: string;
  readonly system: number;
  readonly cc: number;
  readonly value: number;
}
