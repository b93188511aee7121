import type { Report } from './report.ts';
import type { ReportTable, Section } from './section.ts';

/** The report as Markdown: figures become their tables. */
export function reportMarkdown({ title, question, answer, sections }: Report): string {
  const parts = [
    `# ${title}`,
    ...(question === '' ? [] : [`> ${question}`]),
    answer.join(' '),
    ...sections.flatMap(sectionParts),
  ];
  return `${parts.join('\n\n')}\n`;
}

function sectionParts({ title, text, tables, figures }: Section): string[] {
  return [
    `## ${title}`,
    ...text,
    ...tables.map((table) => tableText(table, table.title)),
    ...figures.map(({ table, title: of }) => tableText(table, of)),
  ];
}

function tableText({ columns, rows, wordColumns }: ReportTable, title: string): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = columns.map((_, at) => (at < wordColumns ? '---' : '---:'));
  return [`**${title}**`, '', line(columns), line(rule), ...rows.map(line)].join('\n');
}
