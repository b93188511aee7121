/** How often each value of each axis was drawn. */
export class Coverage {
  private readonly axes = new Map<string, Map<string, number>>();

  /** `taken`: an axis and a value, with a blank between. */
  add(taken: readonly string[]): void {
    for (const text of taken) {
      const blank = text.indexOf(' ');
      const axis = text.slice(0, blank);
      const values = this.axes.get(axis) ?? new Map<string, number>();
      this.axes.set(axis, values);
      const value = text.slice(blank + 1);
      values.set(value, (values.get(value) ?? 0) + 1);
    }
  }

  /** One line for each axis, most frequent values first. */
  lines(): string[] {
    const axes = [...this.axes].sort(([a], [b]) => (a < b ? -1 : 1));
    const width = Math.max(0, ...axes.map(([axis]) => axis.length));
    return axes.map(([axis, values]) => {
      const counts = [...values].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      return `${axis.padEnd(width)}  ${counts.map(([value, count]) => `${value} ${count}`).join(', ')}`;
    });
  }
}
