/** The rows of one benchmark as text; `ratio` says how many times as fast the first contender is. */
export function formatTable({ benchmark, unit, rows }) {
  const width = Math.max(...rows.map(({ contender }) => contender.length));
  const lines = rows.map((row) => {
    const name = row.contender.padEnd(width);
    if (row.missing !== undefined) return `  ${name}  skipped: ${row.missing}`;
    const ratio = (rows[0].median / row.median).toFixed(2).padStart(7);
    const spread = `(${figure(Math.min(...row.rates))} …${figure(Math.max(...row.rates))})`;
    const facts = Object.entries(row.facts).map(([key, value]) => `${key} ${formatFact(value)}`);
    return `  ${name} ${figure(row.median)} ${spread} ${ratio} ${row.wallMedian === null ? ' '.repeat(11) : figure(row.wallMedian)}  ${facts.join(', ')}`.trimEnd();
  });
  const columns = 'median (lowest … highest), ratio; per wall second';
  return [`${benchmark}: ${unit} per CPU second, ${columns}`, ...lines, ''].join('\n');
}

/** Three digits: no measurement here is better than that. */
const figure = (rate) => grouped(rate).padStart(11);

const formatFact = (value) => (typeof value === 'number' ? grouped(value) : value);

function grouped(value) {
  const digits = value < 1_000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 };
  return Number(value.toPrecision(3)).toLocaleString('en-US', digits);
}
