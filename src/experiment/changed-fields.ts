import type { TraceField, TraceLine } from '../output/trace-lines.ts';
import { ALONE, align } from './alignment.ts';

/** A field that has another value in lines that are otherwise opposite each other. */
export interface ChangedField {
  readonly event: string;
  readonly field: string;
  /** Lines in which it differs. */
  readonly lines: number;
  /** The first of them. */
  readonly recorded: string;
  readonly run: string;
}

/**
 * Fields that make lines differ: lines without their like are laid beside each other by event and first field (which names
 * the subchannel), stretch by stretch. One wrong mask may be behind hundreds of lines.
 */
export class ChangedFields {
  private readonly changes = new Map<
    string,
    { first: Pick<ChangedField, 'recorded' | 'run'>; lines: number }
  >();

  /** Lines of both sides that stand between lines that agree. */
  addStretch(recorded: readonly TraceLine[], run: readonly TraceLine[]): void {
    const isLike = (left: number, right: number): boolean =>
      subjectOf(recorded[left]) === subjectOf(run[right]);
    align(recorded.length, run.length, isLike).forEach((partner, at) => {
      if (partner === ALONE) return;
      const { event, fields } = recorded[at];
      for (const change of changesOf(fields, run[partner].fields)) {
        const key = `${event} ${change.name}`;
        const known = this.changes.get(key) ?? { first: change, lines: 0 };
        known.lines++;
        this.changes.set(key, known);
      }
    });
  }

  /** The most frequent first. */
  get list(): readonly ChangedField[] {
    return [...this.changes]
      .map(([key, { first, lines }]): ChangedField => {
        const [event, field] = key.split(' ');
        return { event, field, lines, recorded: first.recorded, run: first.run };
      })
      .sort((a, b) => b.lines - a.lines);
  }
}

const subjectOf = ({ event, fields }: TraceLine): string =>
  `${event} ${fields[0]?.name === 'schid' ? fields[0].value : ''}`;

/** Fields of the same name with different values. */
export function changesOf(
  recorded: readonly TraceField[],
  run: readonly TraceField[],
): { readonly name: string; readonly recorded: string; readonly run: string }[] {
  const values = new Map(run.map(({ name, value }) => [name, value]));
  return recorded.flatMap(({ name, value }) => {
    const other = values.get(name);
    return other === undefined || other === value ? [] : [{ name, recorded: value, run: other }];
  });
}
