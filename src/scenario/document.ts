import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { formatPath, type Path, type Place, ScenarioError } from './errors.ts';
import { type Parsed, parsed, refused } from './parsed.ts';

/**
 * The text of a scenario as YAML: data in which every scalar is its own source text, and the way back from a place in
 * the data to line and column. The failsafe schema of YAML has no numbers and no truth values, so `40`, `4e10` and `no`
 * stay what was written; the scenario's own schema decides what they mean.
 */
const YAML_OPTIONS = {
  schema: 'failsafe',
  stringKeys: true,
  prettyErrors: false,
  logLevel: 'error',
} as const;
/** Depth at which brackets and indentation are no longer a scenario; the parser recurses and must not overflow. */
const MAX_BRACKETS = 64;
const MAX_INDENTATION = 256;
/** Copies that aliases may make of anchored data: without a limit a small text becomes a huge scenario. */
const MAX_ALIASES = 100;

export class ScenarioDocument {
  readonly file: string;
  private readonly yaml: Document;
  private readonly lines: LineCounter;
  private readonly overrides: Override[] = [];

  private constructor(file: string, yaml: Document, lines: LineCounter) {
    this.file = file;
    this.yaml = yaml;
    this.lines = lines;
  }

  /** Reads the text, or tells every syntax error in it. */
  static parse(file: string, text: string): ScenarioDocument | readonly ScenarioError[] {
    const deep = nestingError(file, text);
    if (deep !== null) return [deep];
    const lines = new LineCounter();
    const yaml = parseDocument(text, { ...YAML_OPTIONS, lineCounter: lines });
    const problems = [...yaml.errors, ...yaml.warnings];
    if (problems.length > 0) {
      return problems.map((problem) => {
        const { line, col } = lines.linePos(problem.pos[0]);
        const [message, hint] = syntaxProblem(problem.code, problem.message, text.slice(problem.pos[0]));
        return new ScenarioError('invalid', { file, line, col }, '', message, hint);
      });
    }
    if (!isMap(yaml.contents)) return [notMapping(file, yaml.contents, lines)];
    return new ScenarioDocument(file, yaml, lines);
  }

  /** Sets one value, `machine.costs.stsch=500ns`; the value is YAML. Later ones win. */
  override(text: string): ScenarioError | null {
    const place = { file: `--set ${text}`, line: 0, col: 0 };
    const assignment = parseAssignment(text);
    if (!assignment.ok) return new ScenarioError('invalid', place, '', assignment.message, assignment.hint);
    const { path, value } = assignment.value;
    const yaml = parseDocument(value, YAML_OPTIONS);
    if (yaml.errors.length > 0) {
      return new ScenarioError(
        'invalid',
        place,
        formatPath(path),
        'the value is not YAML',
        'quote it for the shell',
      );
    }
    try {
      this.yaml.setIn(path, this.yaml.createNode(yaml.contents === null ? '' : yaml.toJS()));
    } catch {
      const hint = 'a step of the path must be a mapping or a position in a list';
      return new ScenarioError('invalid', place, formatPath(path), 'there is no such place', hint);
    }
    this.overrides.push({ path, text });
    return null;
  }

  /** What stands at `path`: mappings, lists and texts; undefined where nothing does. */
  get(path: Path): unknown {
    const node = this.yaml.getIn(path);
    return isNode(node) ? node.toJS(this.yaml) : node;
  }

  /** Puts a value in place of what stands at `path`, in one line where it is a list. */
  set(path: Path, value: unknown): void {
    this.yaml.setIn(path, this.yaml.createNode(value, { flow: Array.isArray(value) }));
  }

  /** Takes away what stands at `path`. */
  remove(path: Path): void {
    this.yaml.deleteIn(path);
  }

  /** The scenario as text again, comments and all. */
  text(): string {
    return this.yaml.toString({ lineWidth: 0, flowCollectionPadding: true });
  }

  /** The data: mappings, lists and texts. */
  data(): unknown | ScenarioError {
    try {
      return this.yaml.toJS({ maxAliasCount: MAX_ALIASES });
    } catch {
      const place = { file: this.file, line: 1, col: 1 };
      const hint = `write it out; aliases may make ${MAX_ALIASES} copies`;
      return new ScenarioError('invalid', place, '', 'aliases repeat too much data', hint);
    }
  }

  /** Where the value at `path` stands, or its key; where it is missing, the place of what should contain it. */
  place(path: Path, ofKey: boolean): Place {
    let node = this.resolve(this.yaml.contents);
    let offset = node?.range?.[0];
    for (const [depth, step] of path.entries()) {
      const last = depth === path.length - 1;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === String(step));
        if (pair === undefined) break;
        const key = isNode(pair.key) ? pair.key : null;
        const value = this.resolve(pair.value);
        const absent = value === null || (isScalar(value) && value.value === '' && value.source === '');
        offset = (last && ofKey) || absent ? key?.range?.[0] : value.range?.[0];
        node = value;
      } else if (isSeq(node)) {
        const item = node.items[Number(step)];
        if (item === undefined) break;
        node = this.resolve(item);
        offset = node?.range?.[0];
      } else break;
      if (offset === undefined) return this.overridePlace(path);
    }
    const { line, col } = this.lines.linePos(offset ?? 0);
    return { file: this.file, line, col };
  }

  private resolve(node: unknown): Node | null {
    if (isAlias(node)) return node.resolve(this.yaml) ?? null;
    return isNode(node) ? node : null;
  }

  private overridePlace(path: Path): Place {
    const origin = this.overrides.findLast(({ path: set }) =>
      set.every((step, depth) => depth >= path.length || String(step) === String(path[depth])),
    );
    return { file: origin === undefined ? this.file : `--set ${origin.text}`, line: 0, col: 0 };
  }
}

interface Override {
  readonly path: Path;
  readonly text: string;
}

/** The place that `--set` would change by this name; null: it is none. */
export function placeNamed(text: string): Path | null {
  const assignment = parseAssignment(`${text}=`);
  return assignment.ok ? assignment.value.path : null;
}

/** `faults[0].at=3s`, `machine.chpids["0.40-0.43"].type=escon` → path and value. */
function parseAssignment(text: string): Parsed<{ path: Path; value: string }> {
  const match = /^((?:"[^"]*"|[^="])+)=(.*)$/s.exec(text);
  const hint = 'write path=value, for instance machine.crwQueueDepth=4';
  if (match === null) return refused('this is no assignment', hint);
  const path: (string | number)[] = [];
  let rest = match[1].trim();
  while (rest !== '') {
    const step = /^(?:\["([^"]*)"\]|"([^"]*)"|\[(\d+)\]|([\w+-]+))(?:\.(?=.)|(?=\[)|$)/.exec(rest);
    if (step === null)
      return refused(`"${match[1].trim()}" is no path`, 'write names with points between; "0.40" in quotes');
    path.push(step[3] === undefined ? (step[1] ?? step[2] ?? step[4]) : Number(step[3]));
    rest = rest.slice(step[0].length);
  }
  return parsed({ path, value: match[2] });
}

/** Refuses nesting so deep that parsing it would overflow the stack, by counting brackets and indentation only. */
function nestingError(file: string, text: string): ScenarioError | null {
  let depth = 0;
  let line = 1;
  let lineStart = 0;
  let indenting = true;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') {
      line++;
      lineStart = at + 1;
      indenting = true;
      continue;
    }
    if (char === '[' || char === '{') depth++;
    else if ((char === ']' || char === '}') && depth > 0) depth--;
    if (indenting && !' -?:\t'.includes(char)) indenting = false;
    const col = at - lineStart + 1;
    if (depth > MAX_BRACKETS || (indenting && col > MAX_INDENTATION)) {
      const hint = `a scenario needs at most ${MAX_BRACKETS} open brackets and ${MAX_INDENTATION} columns of indentation`;
      return new ScenarioError('invalid', { file, line, col }, '', 'nested too deeply', hint);
    }
  }
  return null;
}

function notMapping(file: string, contents: unknown, lines: LineCounter): ScenarioError {
  const hint = 'begin with "name: my-scenario"';
  const empty = contents === null || (isScalar(contents) && contents.value === '');
  if (empty)
    return new ScenarioError('invalid', { file, line: 1, col: 1 }, '', 'the scenario is empty', hint);
  const { line, col } = lines.linePos(isNode(contents) ? (contents.range?.[0] ?? 0) : 0);
  const found = isSeq(contents) ? 'a list' : 'a single text';
  return new ScenarioError(
    'invalid',
    { file, line, col },
    '',
    `the scenario is ${found}, not a mapping`,
    hint,
  );
}

/** What is wrong and what to do, for the syntax errors people make; the parser's own words for the others. */
function syntaxProblem(code: string, message: string, rest: string): [string, string] {
  switch (code) {
    case 'DUPLICATE_KEY': {
      const key = /^(?:"([^"]*)"|'([^']*)'|([^:,\s}]+))/.exec(rest);
      return [`key "${key?.[1] ?? key?.[2] ?? key?.[3] ?? ''}" stands twice`, 'keep one of them'];
    }
    case 'TAB_AS_INDENT':
      return ['indentation with a tab', 'indent with blanks'];
    case 'MULTIPLE_DOCS':
      return ['a second document begins here', 'one file holds one scenario'];
    case 'TAG_RESOLVE_FAILED':
      return ['tags have no meaning in a scenario', 'remove the tag'];
    case 'NON_STRING_KEY':
      return ['a key is not a simple name', 'quote it'];
    default:
      return [`not valid YAML: ${lowerFirst(message)}`, 'check indentation, brackets and quotes'];
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
