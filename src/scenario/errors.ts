/** Where in a scenario something stands: names of mappings' keys and positions in lists. */
export type Path = readonly (string | number)[];

/** `faults[0].at` */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[\w-]+$/.test(step)) text += `["${step}"]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** Something wrong with a scenario, at a place in its data; `key`: with the name rather than the value found there. */
export interface Issue {
  readonly path: Path;
  readonly key: boolean;
  readonly message: string;
  readonly hint: string;
  /** The other of two places that contradict each other, and whether its key is meant. */
  readonly other?: { readonly path: Path; readonly key: boolean };
}

/** Whether `path` is at or inside the place that `container` names. */
export const startsWith = (path: Path, container: Path): boolean =>
  path.length >= container.length && container.every((step, depth) => step === path[depth]);

/** Collects everything that is wrong, so that a user sees all of it at once. */
export class Issues {
  readonly list: Issue[] = [];
  /** Errors in other files that the scenario names. */
  readonly elsewhere: ScenarioError[] = [];

  /** An error in another file; told once, however many runs come upon it. */
  outside(error: ScenarioError): void {
    if (!this.elsewhere.includes(error)) this.elsewhere.push(error);
  }

  /** The value at `path` is wrong. */
  value(path: Path, message: string, hint: string): void {
    this.list.push({ path, key: false, message, hint });
  }

  /** The key that ends `path` is wrong. */
  key(path: Path, message: string, hint: string): void {
    this.list.push({ path, key: true, message, hint });
  }

  /** Takes over issues that were found elsewhere, with `place` giving the place of each here. */
  addAll(found: Issues, place: (path: Path) => Path): void {
    for (const issue of found.list) {
      const { path, other } = issue;
      this.list.push({
        ...issue,
        path: place(path),
        ...(other && { other: { ...other, path: place(other.path) } }),
      });
    }
    for (const error of found.elsewhere) this.outside(error);
  }

  /** What is said of a value that has something wrong inside it is only a consequence and left out. */
  causes(): Issue[] {
    const containers = new Set<string>();
    for (const { path } of this.list) {
      for (let depth = 0; depth < path.length; depth++) containers.add(formatPath(path.slice(0, depth)));
    }
    return this.list.filter(({ key, path }) => key || !containers.has(formatPath(path)));
  }

  /** The key that ends `path` says again what the key that ends `other` said before. */
  keyAgain(path: Path, other: Path, message: string, hint: string): void {
    this.list.push({ path, key: true, message, hint, other: { path: other, key: true } });
  }
}

/** `unreadable`: the text could not be had; `invalid`: the text is no valid scenario. */
export type ScenarioErrorKind = 'unreadable' | 'invalid';

/** A user's mistake. Its text is the line that `validate` prints: `file:line:col: path: message; hint`. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly kind: ScenarioErrorKind;
  /** File as the user named it, or the override (`--set …`) that brought the value in. */
  readonly file: string;
  /** From 1; 0 when the error concerns no place in the text. */
  readonly line: number;
  readonly col: number;
  /** Place in the data, empty for the scenario as a whole. */
  readonly path: string;
  /** What is wrong, without place and hint. */
  readonly problem: string;
  /** What to do about it. */
  readonly hint: string;

  constructor(kind: ScenarioErrorKind, place: Place, path: string, problem: string, hint: string) {
    const at = place.line > 0 ? `${place.file}:${place.line}:${place.col}` : place.file;
    super(`${at}: ${path === '' ? '' : `${path}: `}${problem}${hint === '' ? '' : `; ${hint}`}`);
    this.kind = kind;
    this.file = place.file;
    this.line = place.line;
    this.col = place.col;
    this.path = path;
    this.problem = problem;
    this.hint = hint;
  }
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}
