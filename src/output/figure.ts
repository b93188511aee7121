import { OutputError } from './output-error.ts';

/** A figure in the grammar of vega-lite, as it is saved beside the report. */
export type FigureSpec = Readonly<Record<string, unknown>>;

/** Turns a figure into static SVG. */
export type DrawFigure = (spec: FigureSpec, id: string) => Promise<string>;

/**
 * Vega and vega-lite, which draw figures. They are optional, so they are loaded when a figure is wanted; this is the only
 * file that imports them.
 */
export async function loadFigures(): Promise<DrawFigure> {
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')]).catch((cause: unknown) => {
    throw new OutputError('figures need vega and vega-lite: npm install --include=optional', { cause });
  });
  // The width of a text must not depend on whether a canvas and which fonts are installed.
  (vega as unknown as { textMetrics: { canvas(use: boolean): void } }).textMetrics.canvas(false);
  return async (spec, id) => {
    const { spec: compiled } = lite.compile(spec as never);
    const view = new vega.View(vega.parse(compiled), { renderer: 'none' });
    const svg = await view.toSVG();
    view.finalize();
    return tidySvg(svg, id);
  };
}

/** Digits after the point: 1/1000 of a pixel, which a zoom of 1000 turns into one. */
const DIGITS = 3;

/**
 * Leaves out what a reader of the page is told otherwise: roles and labels of single marks (the figure as a whole has a
 * name, and a table beside it). What a mark says of itself becomes `data-tip`; ids are made unique within a page.
 */
export function tidySvg(svg: string, id: string): string {
  const clips = new Map<string, string>();
  const clipOf = (name: string): string => {
    if (!clips.has(name)) clips.set(name, `${id}-clip${clips.size + 1}`);
    return clips.get(name) ?? name;
  };
  return svg
    .replace(/ xmlns:xlink="[^"]*"| version="[^"]*"/g, '')
    .replace(/<rect width="[^"]*" height="[^"]*" fill="white"\/>/, '')
    .replace(
      /role-axis"( role="[^"]*" aria-roledescription="axis")? aria-label="X-axis/g,
      'role-axis x-axis" aria-label="',
    )
    .replace(/<(path|line|text)([^>]*?) aria-label="([^"]+)"/g, '<$1$2 data-tip="$3"')
    .replace(/ (role|aria-[a-z]+|pointer-events|stroke-miterlimit)="[^"]*"/g, '')
    .replace(/ font-family="[^"]*"/g, '')
    .replace(/<path class="(background|foreground)" d="" display="none"\/>/g, '')
    .replace(/<path class="(background|foreground)" d="(M0,0h0v0h0Z)?"( display="none")?\/>/g, '')
    .replace(/clip\d+/g, clipOf)
    .replace(/-?\d+\.\d{4,}(e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(DIGITS))));
}
