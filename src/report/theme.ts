/**
 * Colours of marks, as figures carry them; the page replaces them by those of its theme and adds patterns, so that nothing
 * rests on colour alone.
 */
export const MARK = {
  there: '#2a8a74',
  gone: '#8a8f98',
  stale: '#d98200',
  told: '#7a5195',
  report: '#b3261e',
  stsch: '#2f6db5',
  verify: '#4a7fb8',
  busy: '#3b78b4',
  uneven: '#d98201',
  IOSQ: '#7a5196',
  PEND: '#d98202',
  DISC: '#2f6db6',
  CONN: '#2a8a75',
  other: '#8a8f99',
  p50: '#2a8a76',
  p95: '#2f6db7',
  p99: '#b3261f',
  bar: '#3b78b5',
} as const satisfies Record<string, string>;
export type MarkKind = keyof typeof MARK;

export const INK = '#1b1f24';
export const MUTED = '#5d6673';
export const GRID = '#e3e6ea';

/** Width of what is plotted, in pixels: the same in all figures with an axis of time, so that they can be read together. */
export const PLOT_WIDTH = 640;

const TEXT = {
  labelColor: MUTED,
  titleColor: MUTED,
  labelFontSize: 11,
  titleFontSize: 11,
  titleFontWeight: 'normal',
};

export const FIGURE_CONFIG = {
  background: null,
  font: 'system-ui, sans-serif',
  lineBreak: '\n',
  view: { stroke: null },
  axis: { ...TEXT, domainColor: MUTED, tickColor: MUTED, gridColor: GRID, labelLimit: 330, labelPadding: 6 },
  header: { ...TEXT, labelColor: INK, labelFontSize: 12, labelLimit: 330 },
  text: { color: INK, fontSize: 11 },
  legend: { ...TEXT },
} as const;

export const FIGURE_SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Names of combined strategies are long: what a modifier stands over goes to the next line. */
export const folded = (name: string): string => (name.length > 26 ? name.replace('.', '\n.') : name);

/** Colour by kind of mark, without a legend: the page has one with patterns. */
export function kindScale(field: string, kinds: readonly MarkKind[]): Record<string, unknown> {
  const scale = { domain: kinds, range: kinds.map((kind) => MARK[kind]) };
  return { field, type: 'nominal', scale, legend: null };
}
