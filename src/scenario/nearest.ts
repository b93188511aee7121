/** The name that was probably meant: the one with the fewest edits, when they are few for its length. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const edits = editDistance(word.toLowerCase(), name.toLowerCase());
    if (edits > fewest) continue;
    if (edits === fewest && commonEnds(word, name) <= commonEnds(word, best!)) continue;
    fewest = edits;
    best = name;
  }
  const allowed = Math.ceil(Math.max(word.length, best?.length ?? 0) / 3);
  return fewest <= allowed ? best : undefined;
}

/** Characters that two words have in common from the front and from the back. */
function commonEnds(word: string, name: string): number {
  const length = Math.min(word.length, name.length);
  let front = 0;
  while (front < length && word[front] === name[front]) front++;
  let back = 0;
  while (back < length - front && word.at(-1 - back) === name.at(-1 - back)) back++;
  return front + back;
}

/** A hint that names the probable word, else all of them when they are few. */
export function suggest(word: string, names: readonly string[]): string {
  const name = nearest(word, names);
  if (name !== undefined) return `did you mean "${name}"?`;
  const listed = names.length > 24 ? [...names.slice(0, 24), '…'] : names;
  return names.length === 0 ? 'none is defined' : `known: ${listed.join(', ')}`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let edits = Math.min(
        previous[column] + 1,
        current[column - 1] + 1,
        previous[column - 1] + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) edits = Math.min(edits, older[column - 2] + 1);
      current.push(edits);
    }
    older = previous;
    previous = current;
  }
  return previous[to.length];
}
