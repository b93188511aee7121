import { GRID, INK, MARK, type MarkKind, MUTED } from './theme.ts';

/** Colour in the light and in the dark, and pattern, of each kind of mark. */
interface Look {
  readonly light: string;
  readonly dark: string;
  readonly pattern?: 'hatch' | 'back' | 'dots' | 'bars';
}

const LOOKS: Readonly<Record<MarkKind, Look>> = {
  there: { light: '#2a8a74', dark: '#4db89d' },
  gone: { light: '#7c828c', dark: '#9aa1ab', pattern: 'back' },
  stale: { light: '#d98200', dark: '#f0a63a', pattern: 'hatch' },
  told: { light: '#7a5195', dark: '#b892d4' },
  report: { light: '#b3261e', dark: '#f0716a' },
  stsch: { light: '#2f6db5', dark: '#6ba6ea' },
  verify: { light: '#4a7fb8', dark: '#7fb0e4' },
  busy: { light: '#3b78b4', dark: '#6ba6ea' },
  uneven: { light: '#d98200', dark: '#f0a63a', pattern: 'hatch' },
  IOSQ: { light: '#7a5195', dark: '#b892d4', pattern: 'bars' },
  PEND: { light: '#d98200', dark: '#f0a63a', pattern: 'hatch' },
  DISC: { light: '#2f6db5', dark: '#6ba6ea', pattern: 'dots' },
  CONN: { light: '#2a8a74', dark: '#4db89d' },
  other: { light: '#8a8f98', dark: '#9aa1ab', pattern: 'back' },
  p50: { light: '#2a8a74', dark: '#4db89d' },
  p95: { light: '#2f6db5', dark: '#6ba6ea' },
  p99: { light: '#b3261e', dark: '#f0716a' },
  bar: { light: '#3b78b4', dark: '#6ba6ea' },
};
const KINDS = Object.keys(LOOKS) as MarkKind[];

const PATTERN_SHAPES = {
  hatch: '<path d="M-1,7 L7,-1 M-1,1 L1,-1 M5,7 L7,5" class="stroke"/>',
  back: '<path d="M-1,-1 L7,7 M5,-1 L7,1 M-1,5 L1,7" class="stroke"/>',
  dots: '<circle cx="1.5" cy="1.5" r="1" class="spot"/><circle cx="4.5" cy="4.5" r="1" class="spot"/>',
  bars: '<path d="M0,1.5 H6 M0,4.5 H6" class="stroke"/>',
} as const;

/** Definitions that marks are filled with. */
export const PATTERNS = `<svg width="0" height="0" aria-hidden="true" class="defs"><defs>${KINDS.flatMap(
  (kind) => {
    const { pattern } = LOOKS[kind];
    if (pattern === undefined) return [];
    return [
      `<pattern id="p-${kind}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="var(--${kind})"/>${PATTERN_SHAPES[pattern]}</pattern>`,
    ];
  },
).join('')}</defs></svg>`;

const variables = (theme: 'light' | 'dark'): string =>
  KINDS.map((kind) => `--${kind}:${LOOKS[kind][theme]}`).join(';');

/** Figures carry colours of their own; here they get those of the theme. */
const MARK_RULES = KINDS.map((kind) => {
  const fill = LOOKS[kind].pattern === undefined ? `var(--${kind})` : `url(#p-${kind})`;
  return `[fill="${MARK[kind]}"],.k-${kind}{fill:${fill}}[stroke="${MARK[kind]}"]{stroke:var(--${kind})}`;
}).join('');

const DARK = `color-scheme:dark;--paper:#14171b;--card:#1b1f25;--ink:#e8ebef;--muted:#a3acb8;--line:#343b45;--accent:#6ba6ea;--shade:rgba(0,0,0,.28);${variables('dark')}`;

export const PAGE_STYLE = `
:root{color-scheme:light;--paper:#f6f7f9;--card:#fff;--ink:${INK};--muted:#525b67;--line:#d9dde3;--accent:#1f5fa8;--shade:rgba(255,255,255,.42);${variables('light')}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
header,main{max-width:1160px;margin:0 auto;padding:0 24px}
header{padding-top:36px}
.kicker{margin:0;color:var(--muted);font-size:13px;letter-spacing:.04em}
h1{margin:2px 0 8px;font-size:30px;line-height:1.2;letter-spacing:-.01em}
h2{margin:0 0 8px;font-size:21px;letter-spacing:-.005em}
h3{margin:0 0 6px;font-size:15px}
p{margin:0 0 10px;max-width:82ch}
.question{color:var(--muted);font-size:17px;max-width:72ch}
.answer{margin:18px 0 20px;padding:14px 18px 6px;background:var(--card);border:1px solid var(--line);border-left:4px solid var(--accent);border-radius:6px;font-size:16px}
nav{display:flex;flex-wrap:wrap;gap:6px 18px;margin-bottom:8px;font-size:14px}
a{color:var(--accent)}
section{margin:34px 0 0}
figure{margin:14px 0 18px;padding:16px 18px;background:var(--card);border:1px solid var(--line);border-radius:8px}
figcaption{margin-top:8px;color:var(--muted);font-size:13px;max-width:110ch}
.picture{overflow-x:auto;border-radius:4px}
.picture svg{display:block;max-width:100%;height:auto;min-width:760px}
svg text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
figure[data-scale] .picture{cursor:grab;touch-action:pan-y}
figure[data-scale] .picture.held{cursor:grabbing}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.tools,.legend{display:flex;flex-wrap:wrap;gap:6px 16px;margin:0 0 8px;padding:0;font-size:13px}
.tools{gap:6px}
.tools[hidden]{display:none}
.legend{list-style:none;color:var(--muted)}
.legend li{display:flex;align-items:center;gap:6px}
button{min-width:30px;min-height:28px;padding:2px 9px;border:1px solid var(--line);border-radius:5px;background:var(--paper);color:var(--ink);font:inherit;font-size:13px;cursor:pointer}
button:hover{border-color:var(--accent)}
details{margin-top:10px;font-size:13px}
summary{cursor:pointer;color:var(--accent)}
.table{overflow-x:auto;margin:10px 0}
table{border-collapse:collapse;font-size:13px;min-width:40%}
caption{text-align:left;font-weight:600;padding:4px 0 6px;font-size:14px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:4px 14px 4px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}
td:last-child{white-space:normal}
thead th{color:var(--muted);font-weight:500;vertical-align:bottom}
tbody th{font-weight:500}
.n{text-align:right}
code{font-size:.92em;padding:1px 4px;border-radius:3px;background:var(--line)}
#tip{position:fixed;z-index:9;max-width:360px;padding:5px 9px;border-radius:5px;background:var(--ink);color:var(--paper);font-size:12.5px;line-height:1.4;pointer-events:none}
#tip[hidden]{display:none}
[data-tip]:hover{stroke:var(--ink);stroke-width:1.5}
.defs{position:absolute}
pattern .stroke{stroke:var(--shade);stroke-width:1.4;fill:none}
pattern .spot{fill:var(--shade)}
.box{fill:var(--card)}
[fill="${INK}"]{fill:var(--ink)}[fill="${MUTED}"]{fill:var(--muted)}
[stroke="${INK}"]{stroke:var(--ink)}[stroke="${MUTED}"]{stroke:var(--muted)}[stroke="${GRID}"]{stroke:var(--line)}
${MARK_RULES}
.k-p50{stroke:var(--p50)}.k-p95{stroke:var(--p95);stroke-dasharray:6 3}.k-p99{stroke:var(--p99);stroke-dasharray:2 2}
.answer p{max-width:none}
footer{height:40px}
main{padding-bottom:60px}
@media print{
:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--muted:#333;--line:#bbb;--accent:#1f5fa8;--shade:rgba(255,255,255,.42);${variables('light')}}
body{font-size:11px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
nav,.tools,summary,#tip{display:none!important}
header,main{max-width:none;padding:0}
figure{break-inside:avoid;border:0;padding:0}
.picture{overflow:visible}.picture svg{min-width:0}
h2,h3{break-after:avoid}
}
`;
