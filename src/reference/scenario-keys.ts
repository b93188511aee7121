import { jsonSchema } from '../scenario/json-schema.ts';
import { code, markdownTable } from './markdown.ts';

/** What the JSON Schema of a scenario says of one place. */
interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly const?: string;
  readonly examples?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly prefixItems?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
}

/** Keys of one mapping of the language. */
interface Section {
  readonly title: string;
  readonly node: Node;
}

/** Words that may stand in place of a mapping which has a name of its own. */
const wordsInstead = ({ anyOf = [], oneOf = [] }: Node): string =>
  [...anyOf, ...oneOf]
    .filter((form) => form.enum !== undefined || form.const !== undefined)
    .map(shapeOf)
    .join(', ');

const DISTRIBUTION = 'distribution';
/** Places whose keys are those of another one. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'variants.*.systems': 'systems',
  'strategies.cases.*': 'strategies',
};

/** Kinds of values by the example that editors show for them (scenario/fields.ts). */
const KINDS: Readonly<Record<string, string>> = {
  '300us': 'time',
  '1s': 'time above 0',
  '64MiB': 'size',
  '10km': 'distance',
  '1600MB/s': 'transfer rate',
  '40/s': 'rate',
  '0.75': 'share',
  '0.2': 'share above 0',
  '0.9': 'number',
  '0.40': 'CHPIDs',
  '0.0.1000-0.0.1029': 'devices',
  '0.0.1000': 'device',
  '04060000': 'channel-report words',
  TD: 'expression',
  any: '`any` or device',
  f0: 'two hex digits',
  'fe.0.1234': 'bus id in QEMU',
};

/** Every mapping of the language with its keys: value, default, unit, meaning and source, as the schema has them. */
export function scenarioKeys(): string {
  const whole = jsonSchema() as Node;
  const sections: Section[] = [];
  collect(whole, '', sections);
  const named = whole.$defs ?? {};
  for (const [name, node] of Object.entries(named)) collect(node, name, sections);
  return sections
    .map(({ title, node }) => {
      const words = named[title] === undefined ? '' : wordsInstead(named[title]);
      const instead = words === '' ? '' : `One of ${words}, or a mapping:\n\n`;
      return `### ${code(title)}\n\n${instead}${keysOf(title, node)}`;
    })
    .join('\n');
}

/** Depth first in the order of the schema. Kinds of faults and actions, which differ in `do`, have a section each. */
function collect(node: Node, place: string, sections: Section[]): void {
  const { properties, items, additionalProperties, anyOf = [], oneOf = [] } = node;
  if (ELSEWHERE[place] !== undefined) return;
  if (properties !== undefined) {
    const title = titleOf(properties, place);
    if (sections.some(({ title: known }) => known === title)) return;
    sections.push({ title, node });
    const below = title.startsWith(DISTRIBUTION) ? title : place;
    for (const [key, inner] of Object.entries(properties)) {
      collect(inner, below === '' ? key : `${below}.${key}`, sections);
    }
  }
  if (items !== undefined) collect(items, `${place}[]`, sections);
  if (typeof additionalProperties === 'object') collect(additionalProperties, `${place}.*`, sections);
  for (const form of [...anyOf, ...oneOf]) collect(form, place, sections);
}

function titleOf(properties: Readonly<Record<string, Node>>, place: string): string {
  if (Object.hasOwn(properties, 'exponential')) return DISTRIBUTION;
  const { do: step } = properties;
  if (step?.enum !== undefined) return `${place} do: ${step.enum.join(', ')}`;
  return place === '' ? 'scenario' : place;
}

function keysOf(place: string, { properties = {}, required = [] }: Node): string {
  const rows = Object.entries(properties).map(([key, node]) => {
    const { meaning, unit, source } = told(node.description ?? '');
    const given = node.default === undefined ? '' : code(written(node.default));
    const path = place === 'scenario' ? key : `${place}.${key}`;
    const other = ELSEWHERE[path] ?? ELSEWHERE[`${path}.*`];
    const value = other === undefined ? shapeOf(node) : `as ${code(other)}`;
    return [code(key), value, required.includes(key) ? 'required' : given, unit, meaning, source];
  });
  return markdownTable(['key', 'value', 'default', 'unit', 'meaning', 'source'], rows);
}

/** As YAML would have it on one line. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return value === '' ? '""' : String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${written(inner)}`);
  return `{${entries.join(', ')}}`;
}

function shapeOf(node: Node): string {
  const {
    $ref,
    enum: words,
    const: word,
    examples,
    properties,
    items,
    prefixItems,
    additionalProperties,
  } = node;
  if ($ref !== undefined) return `${code($ref.slice('#/$defs/'.length))}`;
  if (word !== undefined) return code(word);
  if (words !== undefined) return wordsOf(words);
  const forms = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (forms.length > 0) return [...new Set(forms.map(shapeOf))].join(' or ');
  if (properties !== undefined && Object.hasOwn(properties, 'exponential')) return code(DISTRIBUTION);
  if (properties !== undefined || typeof additionalProperties === 'object') return 'mapping';
  if (prefixItems !== undefined) return `[${prefixItems.map(shapeOf).join(', ')}]`;
  if (items !== undefined) return `list of ${shapeOf(items)}`;
  const [example] = examples ?? [];
  if (example !== undefined) return KINDS[example] ?? `such as ${code(example)}`;
  return typeName(node.type);
}

/** Numbers repeat the words that YAML reads as numbers; long lists stand in the tables of events and metrics. */
function wordsOf(words: readonly (string | number)[]): string {
  const texts = words.filter((each) => typeof each === 'string');
  return texts.length > 20 ? 'name of an event' : texts.map(code).join(', ');
}

function typeName(type: Node['type']): string {
  const types = [type ?? []].flat();
  if (types.includes('integer')) return 'whole number';
  if (types.includes('boolean')) return '`true`, `false`';
  if (types.includes('array')) return 'list';
  return types.includes('object') ? 'mapping' : 'text';
}

/** In front of the end of a clause: what the project's references are cited as (docs/model.md). */
const SOURCE =
  / \(((?:as |guess|assumption|not published|document |trap |linux |qemu |strategies |a limit |PoP|[A-Z]\d|[A-H](?:\.| ))[^()]*)\)(?=[;.])/;
const UNIT =
  /^(.*?), (ns on the issuing CPU|ns|nanoseconds|bytes per second|bytes|metres|0 to 1|0 or more|per second)(?=[;:.]|$)(.*)$/;

/** A description taken apart: `START SUBCHANNEL, ns on the issuing CPU (H host.ssch_us).` */
function told(description: string): { meaning: string; unit: string; source: string } {
  const source = SOURCE.exec(description);
  const without = description.replace(source?.[0] ?? '', '');
  const unit = UNIT.exec(without);
  const meaning = unit === null ? without : `${unit[1]}${unit[3]}`;
  return { meaning, unit: (unit?.[2] ?? '').replace('nanoseconds', 'ns'), source: source?.[1] ?? '' };
}
