import type { DrawFigure } from '../output/figure.ts';
import { escapeHtml, inlineHtml } from './html-text.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE, PATTERNS } from './page-style.ts';
import type { Report } from './report.ts';
import type { Figure, LegendEntry, ReportTable, Section, TimeAxis } from './section.ts';

/** One file that needs no other and no network: style, script and figures stand in it. */
export async function reportPage(report: Report, draw: DrawFigure): Promise<string> {
  const sections: string[] = [];
  for (const section of report.sections) sections.push(await sectionHtml(section, draw));
  const links = report.sections.map(({ id, title }) => `<a href="#${id}-section">${escapeHtml(title)}</a>`);
  const question = report.question === '' ? '' : `<p class="question">${inlineHtml(report.question)}</p>`;
  const title = escapeHtml(report.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title} – chpsim</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
${PATTERNS}
<header>
<p class="kicker">chpsim report</p>
<h1>${title}</h1>
${question}
<div class="answer">${report.answer.map((text) => `<p>${inlineHtml(text)}</p>`).join('\n')}</div>
<nav aria-label="Sections">${links.join('')}</nav>
</header>
<main>
${sections.join('\n')}
</main>
<div id="tip" role="status" hidden></div>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

async function sectionHtml({ id, title, text, tables, figures }: Section, draw: DrawFigure): Promise<string> {
  const drawn: string[] = [];
  for (const figure of figures) drawn.push(await figureHtml(figure, draw));
  return `<section id="${id}-section" aria-labelledby="${id}-title">
<h2 id="${id}-title">${escapeHtml(title)}</h2>
${text.map((line) => `<p>${inlineHtml(line)}</p>`).join('\n')}
${drawn.join('\n')}
${tables.map((table) => tableHtml(table, true)).join('\n')}
</section>`;
}

async function figureHtml(figure: Figure, draw: DrawFigure): Promise<string> {
  const { id, title, caption, picture, axis, legend, table } = figure;
  const svg = 'svg' in picture ? picture.svg : await draw(picture.spec, id);
  const named = svg.replace('<svg ', `<svg role="img" aria-labelledby="${id}-name ${id}-caption" `);
  const zoom = axis === null ? '' : ` ${axisData(axis)}`;
  return `<figure id="${id}"${zoom}>
<h3 id="${id}-name">${escapeHtml(title)}</h3>
${legendHtml(legend)}
${axis === null ? '' : toolbar(axis, title)}
<div class="picture"${axis === null ? ' tabindex="0" role="group" aria-label="Figure, may be scrolled"' : ` tabindex="0" role="group" aria-label="${escapeHtml(title)}: arrow keys move, plus and minus zoom, 0 shows all"`}>${named}</div>
<figcaption id="${id}-caption">${inlineHtml(caption)}</figcaption>
<details><summary>The same in numbers</summary>${tableHtml(table, false)}</details>
</figure>`;
}

const axisData = ({ scale, from, to }: TimeAxis): string =>
  `data-scale="${scale}" data-from="${from}" data-to="${to}"`;

/** Without a script there is nothing to zoom with, so the buttons are hidden until it runs. */
function toolbar({ views }: TimeAxis, title: string): string {
  const button = (zoom: string, text: string, label: string): string =>
    `<button type="button" data-zoom="${zoom}" aria-label="${escapeHtml(`${label}, ${title}`)}">${escapeHtml(text)}</button>`;
  const jumps = views.map(
    (view) =>
      `<button type="button" data-zoom="to" data-from="${view.from}" data-to="${view.to}">${escapeHtml(view.title)}</button>`,
  );
  return `<div class="tools" hidden>${button('in', '+', 'Zoom in')}${button('out', '−', 'Zoom out')}${button('all', 'all', 'Show all')}${jumps.join('')}</div>`;
}

/** Percentiles are lines. */
const swatch = (kind: string): string =>
  /^p\d/.test(kind)
    ? `<line class="k-${kind}" x2="22" y1="6" y2="6" stroke-width="2"/>`
    : `<rect class="k-${kind}" width="22" height="12"/>`;

const legendHtml = (legend: readonly LegendEntry[]): string =>
  legend.length === 0
    ? ''
    : `<ul class="legend">${legend.map(({ kind, text }) => `<li><svg width="22" height="12" aria-hidden="true">${swatch(kind)}</svg>${escapeHtml(text)}</li>`).join('')}</ul>`;

function tableHtml({ title, columns, rows, wordColumns }: ReportTable, hasCaption: boolean): string {
  const kind = (at: number): string => (at < wordColumns ? '' : ' class="n"');
  const head = columns.map((text, at) => `<th scope="col"${kind(at)}>${escapeHtml(text)}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, at) => (at === 0 ? `<th scope="row">${escapeHtml(cell)}</th>` : `<td${kind(at)}>${escapeHtml(cell)}</td>`)).join('')}</tr>`,
  );
  const caption = `<caption${hasCaption ? '' : ' class="unseen"'}>${escapeHtml(title)}</caption>`;
  return `<div class="table" tabindex="0" role="region" aria-label="${escapeHtml(title)}, table"><table>${caption}<thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}
