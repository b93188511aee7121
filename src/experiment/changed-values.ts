/** A value that stands at the same place in two documents and is another. */
export interface ChangedValue {
  /** `faults[0].atNs`. */
  readonly path: string;
  /** As JSON; null where the document has nothing there. */
  readonly left: string | null;
  readonly right: string | null;
}

/** Every place at which two values of JSON differ, in the order of the left one. */
export function changedValues(left: unknown, right: unknown, path = ''): ChangedValue[] {
  if (isBranch(left) && isBranch(right) && Array.isArray(left) === Array.isArray(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => changedValues(left[key], right[key], placeOf(path, key, left)));
  }
  const one = left === undefined ? null : JSON.stringify(left);
  const other = right === undefined ? null : JSON.stringify(right);
  return one === other ? [] : [{ path, left: one, right: other }];
}

type Branch = Readonly<Record<string, unknown>>;

const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null;

function placeOf(path: string, key: string, parent: Branch): string {
  if (Array.isArray(parent)) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}
