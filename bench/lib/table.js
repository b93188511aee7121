/** The rows of one benchmark as text; `ratio` says how many times as fast the first contender is. */
export function formatTable({ benchmark, unit, rows }) {
  const width = Math.max(...rows.map(({ contender }) => contender.length));
  const lines = rows.map((row) => {
    const name = row.contender.padEnd(width);
    if (row.missing !== undefined) return `  ${name}  skipped: ${row.missing}`;
    const ratio = (rows[0].median / row.median).toFixed(2).padStart(7);
    const spread = `${millions(Math.min(...row.rates))} …${millions(Math.max(...row.rates))}`;
    const facts = Object.entries(row.facts).map(([key, value]) => `${key} ${value}`);
    return `  ${name} ${millions(row.median)}  (${spread})  ${ratio}  ${facts.join(', ')}`.trimEnd();
  });
  return [
    `${benchmark}: million ${unit} per CPU second, median (lowest … highest), ratio`,
    ...lines,
    '',
  ].join('\n');
}

const millions = (rate) => (rate / 1e6).toFixed(rate < 1e6 ? 3 : 2).padStart(7);
