import type { TraceField, TraceLine } from '../output/trace-lines.ts';
import type { LineRelation } from './line-alignment.ts';

/** Which fields the events of two traces have in common, and when two of their lines say the same. */
export class SharedFields {
  /** `event field` of what only one side prints. */
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
  private readonly left: readonly TraceLine[];
  private readonly right: readonly TraceLine[];
  /** By event: names of the fields that are not compared. */
  private readonly ignored = new Map<string, ReadonlySet<string>>();

  constructor(left: readonly TraceLine[], right: readonly TraceLine[]) {
    this.left = left;
    this.right = right;
    const printedLeft = printedFields(left);
    const printedRight = printedFields(right);
    const onlyLeft: string[] = [];
    const onlyRight: string[] = [];
    for (const [event, names] of printedLeft) {
      const others = printedRight.get(event);
      // An event that one side does not have at all differs as a whole.
      if (others === undefined) continue;
      const here = [...names].filter((name) => !others.has(name));
      const there = [...others].filter((name) => !names.has(name));
      onlyLeft.push(...here.map((name) => `${event} ${name}`));
      onlyRight.push(...there.map((name) => `${event} ${name}`));
      this.ignored.set(event, new Set([...here, ...there]));
    }
    this.onlyLeft = onlyLeft;
    this.onlyRight = onlyRight;
  }

  relation(): LineRelation {
    const { left, right } = this;
    const numbers = new Map<string, number>();
    const number = (line: TraceLine): number => {
      const text = this.textOf(line);
      const known = numbers.get(text) ?? numbers.size;
      numbers.set(text, known);
      return known;
    };
    const leftNumbers = left.map(number);
    const rightNumbers = right.map(number);
    return {
      same: (i, j) => leftNumbers[i] === rightNumbers[j],
      mayBeSame: (i, j) => this.mayBeSame(left[i], right[j]),
    };
  }

  /** Whether a cut line could have been the other. */
  private mayBeSame(left: TraceLine, right: TraceLine): boolean {
    if (left.event !== right.event) return false;
    const fields = this.compared(left);
    const others = this.compared(right);
    const common = Math.min(fields.length, others.length);
    for (let at = 0; at < common; at++) {
      const { name, value } = fields[at];
      const other = others[at];
      const isLast = at === common - 1;
      if (isLast ? !beginAlike(`${name}=${value}`, `${other.name}=${other.value}`) : value !== other.value) {
        return false;
      }
    }
    return true;
  }

  private compared({ event, fields }: TraceLine): readonly TraceField[] {
    const ignored = this.ignored.get(event);
    return ignored === undefined ? fields : fields.filter(({ name }) => !ignored.has(name));
  }

  private textOf(line: TraceLine): string {
    const fields = this.compared(line).map(({ name, value }) => `${name}=${value}`);
    return `${line.event} ${fields.join(' ')}`;
  }
}

const beginAlike = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);

/** Names of the fields that the whole lines of each event have. */
function printedFields(lines: readonly TraceLine[]): Map<string, Set<string>> {
  const printed = new Map<string, Set<string>>();
  for (const { event, fields, cut } of lines) {
    if (cut) continue;
    const names = printed.get(event) ?? new Set();
    printed.set(event, names);
    for (const { name } of fields) names.add(name);
  }
  return printed;
}
