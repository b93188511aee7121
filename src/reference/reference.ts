import { EXIT_MEANINGS } from '../cli/exit-codes.ts';
import { EVENT_NAMES, EVENT_TABLE } from '../observe/event-table.ts';
import { fieldParts } from '../observe/field-format.ts';
import { METRICS, type Metric } from '../scenario/metrics.ts';
import { commandReference } from './command-reference.ts';
import { code, GENERATED, markdownTable } from './markdown.ts';
import { scenarioKeys } from './scenario-keys.ts';

/** docs/reference.md: everything that has a name, once. */
export function reference(): string {
  return `${GENERATED}
${HEAD}
## Commands

${commandReference()}
## Exit codes

${exitCodes()}
## Scenario keys

How values are written, and which keys make sense together, is told in [scenario.md](scenario.md). A unit is that of the
value after reading: \`--print-resolved\`, \`manifest.json\`. What a source means is said in
[model.md](model.md#references-in-comments).

${scenarioKeys()}
## Events

\`host\` stands for a partition, a KVM host or z/VM; events and counts of guests have \`guest\` in its place. Level \`events\` is recorded unless a run asks for
\`none\`, level \`all\` only with \`--trace all\`. The count is the metric under which an event is counted.

${events()}
## Metrics

Thresholds, comparisons and \`explain\` know these names. \`host.\` stands for \`guest.\` as well. A time is shown
by its \`.mean\`, and has \`.p50\`, \`.p95\`, \`.p99\`, \`.p999\` and \`.max\` too.

${metrics()}
Channel commands in programs that were started are counted by name: ${commandCounts()}.
`;
}

const HEAD = `# Reference

Commands, exit codes, scenario keys, events and metrics, as the program has them. Explanations are elsewhere: the
scenario language in [scenario.md](scenario.md), files and their columns in [output.md](output.md), first steps in
[guide.md](guide.md).
`;

const exitCodes = (): string =>
  markdownTable(
    ['code', 'meaning'],
    Object.entries(EXIT_MEANINGS).map(([number, meaning]) => [number, meaning]),
  );

function events(): string {
  const rows = EVENT_NAMES.map((name) => {
    const { layer, level, count, a, b, c, doc } = EVENT_TABLE[name];
    const where = layer === 'system' ? 'host' : layer;
    const fields = [a, b, c].flatMap(fieldParts).map((field) => code(field.name));
    return [code(name), where, level, fields.join(', '), count === '' ? '' : code(`${where}.${count}`), doc];
  });
  return markdownTable(['event', 'layer', 'level', 'arguments', 'count', 'meaning'], rows);
}

function metrics(): string {
  const shown = METRICS.filter(isShown);
  return markdownTable(
    ['metric', 'kind', 'unit', 'labels', 'meaning'],
    shown.map(({ name, kind, unit, labels, doc }) => [code(name), kind, unit, labels.join(', '), doc]),
  );
}

/** Channel commands are counted under their names, in hosts and in guests. */
const COMMAND_COUNT = 'Channel command ';

const commandCounts = (): string =>
  METRICS.filter(({ name, doc }) => name.startsWith('host.') && doc.startsWith(COMMAND_COUNT))
    .map(({ name }) => code(name))
    .join(', ');

const isShown = ({ name, kind, doc }: Metric): boolean =>
  !name.startsWith('guest.') &&
  !doc.startsWith(COMMAND_COUNT) &&
  (kind !== 'time' || !/\.(p50|p95|p99|p999|max)$/.test(name));
