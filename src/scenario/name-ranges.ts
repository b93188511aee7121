/** Names that end in a hex number, as a range: `lcu00-lcu0f` → 16 names. Any other text is one name. */
const RANGE = /^([A-Za-z_]*?)([0-9a-f]+)-\1([0-9a-f]+)$/;
/** More names than a machine has control units are a slip of the pen. */
const LIMIT = 65_536;

export function expandNames(text: string): readonly string[] {
  const match = RANGE.exec(text);
  if (match === null) return [text];
  const [, prefix, first, last] = match;
  const from = Number.parseInt(first, 16);
  const to = Number.parseInt(last, 16);
  if (first.length !== last.length || to < from || to - from >= LIMIT) return [text];
  return Array.from(
    { length: to - from + 1 },
    (_, step) => prefix + (from + step).toString(16).padStart(first.length, '0'),
  );
}
