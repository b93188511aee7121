import type { ResolvedScenario } from '../scenario/resolved.ts';
import { formatChpid } from '../zarch/ids.ts';
import { instant, many, seconds, timeText } from './figures-of.ts';
import { escapeHtml } from './html-text.ts';
import { firstOfEach, type ReportRun } from './report-run.ts';
import type { Section } from './section.ts';
import { INK, MARK, MUTED } from './theme.ts';
import { absences } from './timeline.ts';

/** Boxes in pixels. */
const ROW = 58;
const BOX = {
  systems: { x: 4, width: 250 },
  paths: { x: 370, width: 270 },
  units: { x: 760, width: 230 },
} as const;
const HEIGHT = 46;
/** More channel paths than this are drawn by the first ones. */
const MOST_PATHS = 24;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Who is connected to what: systems, channel paths with the time they were gone, control units and their volumes. */
export function topologySection(runs: readonly ReportRun[]): Section {
  const [run] = runs;
  const { scenario } = run;
  const chpids = scenario.machine.channelPaths.slice(0, MOST_PATHS).map(({ chpid }) => formatChpid(chpid));
  const units = scenario.machine.controlUnits;
  const rows = chpids.map((chpid) => {
    const spans = absences(run, chpid, run.manifest.endNs);
    const leads = units.filter(({ paths }) => paths.some((path) => formatChpid(path) === chpid));
    const gone = spans.map(({ fromNs, toNs }) => `${instant(fromNs)} to ${instant(toNs)}`).join(', ');
    return [
      chpid,
      typeOf(scenario, chpid),
      leads.map(({ name }) => name).join(', ') || 'nothing',
      gone || 'never',
    ];
  });
  return {
    id: 'topology',
    title: 'What was simulated',
    text: variantText(runs),
    tables: [],
    figures: [
      {
        id: 'topology',
        title: 'Systems, channel paths, control units',
        caption: `${many(scenario.systems.length, 'system')}, ${many(scenario.machine.channelPaths.length, 'channel path')}, ${many(units.length, 'control unit')}. The bar in each channel path is the run from left to right: filled while it was in the configuration, hatched while it was gone.`,
        picture: { svg: draw(run, chpids) },
        axis: null,
        legend: [
          { kind: 'there', text: 'in the configuration' },
          { kind: 'gone', text: 'gone' },
        ],
        table: {
          title: 'Channel paths',
          columns: ['CHPID', 'type', 'leads to', 'gone'],
          rows,
          wordColumns: 4,
        },
      },
    ],
  };
}

/** Runs of a variant have other systems over the same machine. */
function variantText(runs: readonly ReportRun[]): string[] {
  const [first] = runs;
  const others = firstOfEach(runs).filter(({ scenario }) => scenario.variant !== first.scenario.variant);
  return others.map(({ name, scenario }) => {
    const systems = scenario.systems.map((system) => `${system.name} (${system.kind})`).join(', ');
    return `In \`${name}\` the same machine has other systems: ${systems}.`;
  });
}

const typeOf = ({ machine }: ResolvedScenario, chpid: string): string =>
  machine.channelPaths.find((path) => formatChpid(path.chpid) === chpid)?.type ?? '';

function draw(run: ReportRun, chpids: readonly string[]): string {
  const { scenario } = run;
  const systems = scenario.systems;
  const guests = systems.filter(({ kind }) => kind === 'guest');
  const images = systems.filter(({ kind }) => kind !== 'guest');
  const owners = images.length > 0 ? images : guests;
  const units = scenario.machine.controlUnits;
  const heights = owners.map((owner) => HEIGHT + guestsOf(scenario, owner.name).length * (HEIGHT + 8) + 12);
  const height = Math.max(
    chpids.length * ROW,
    heights.reduce((sum, one) => sum + one + 12, 0),
    units.length * (HEIGHT + 30),
  );
  const pathBoxes = spread(
    chpids.map(() => HEIGHT),
    height,
    BOX.paths,
  );
  const unitBoxes = spread(
    units.map(() => HEIGHT + 10),
    height,
    BOX.units,
  );
  const ownerBoxes = spread(heights, height, BOX.systems);
  const lines = [
    ...ownerBoxes.flatMap((owner) => pathBoxes.map((path) => link(owner, path, false))),
    ...units.flatMap(({ paths }, unit) =>
      chpids.flatMap((chpid, path) =>
        paths.some((one) => formatChpid(one) === chpid)
          ? [link(pathBoxes[path], unitBoxes[unit], linkBroke(run, unit, chpid))]
          : [],
      ),
    ),
  ];
  const boxes = [
    ...owners.map((owner, at) => systemBox(scenario, owner.name, ownerBoxes[at])),
    ...chpids.map((chpid, at) => pathBox(run, chpid, pathBoxes[at])),
    ...units.map((unit, at) =>
      plainBox(unitBoxes[at], unit.name, `${unit.type}, ${many(volumesOf(scenario, at), 'volume')}`),
    ),
  ];
  const width = BOX.units.x + BOX.units.width + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="${width}" height="${height + 8}" viewBox="0 0 ${width} ${height + 8}"><g transform="translate(0,4)">${lines.join('')}${boxes.join('')}</g></svg>`;
}

const guestsOf = ({ systems }: ResolvedScenario, host: string): string[] =>
  systems.flatMap((system) =>
    system.kind === 'guest' && system.hosting !== undefined && systems[system.hosting.host]?.name === host
      ? [system.name]
      : [],
  );

const volumesOf = ({ machine }: ResolvedScenario, unit: number): number =>
  machine.dasd.reduce(
    (sum, { controlUnit, first, last }) => sum + (controlUnit === unit ? last - first + 1 : 0),
    0,
  );

const linkBroke = ({ events }: ReportRun, unit: number, chpid: string): boolean =>
  unit === 0 && (events?.changes ?? []).some((change) => change.what === 'link' && change.chpid === chpid);

/** Boxes of given heights one below the other, in the middle of the height there is. */
function spread(
  heights: readonly number[],
  total: number,
  { x, width }: { x: number; width: number },
): Box[] {
  const used = heights.reduce((sum, one) => sum + one, 0);
  const gap = (total - used) / Math.max(1, heights.length);
  let y = gap / 2;
  return heights.map((height) => {
    const box = { x, y: Math.round(y), width, height };
    y += height + gap;
    return box;
  });
}

function link(from: Box, to: Box, isBroken: boolean): string {
  const [x1, x2] = [from.x + from.width, to.x];
  const y1 = from.height > HEIGHT * 1.5 ? middle(to) * 0.5 + middle(from) * 0.5 : middle(from);
  const bend = (x2 - x1) / 2;
  const dash = isBroken ? ' stroke-dasharray="4 4"' : '';
  return `<path d="M${x1},${y1}C${x1 + bend},${y1} ${x2 - bend},${middle(to)} ${x2},${middle(to)}" fill="none" stroke="${MUTED}" stroke-width="1.2"${dash}/>`;
}

const middle = ({ y, height }: Box): number => y + height / 2;

const frame = ({ x, y, width, height }: Box): string =>
  `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="none" stroke="${MUTED}"/>`;

const words = (x: number, y: number, value: string, isStrong = false): string =>
  `<text x="${x}" y="${y}" font-size="${isStrong ? 13 : 11}" fill="${isStrong ? INK : MUTED}"${isStrong ? ' font-weight="600"' : ''}>${escapeHtml(value)}</text>`;

const plainBox = (box: Box, title: string, about: string): string =>
  `<g>${frame(box)}${words(box.x + 12, box.y + 20, title, true)}${words(box.x + 12, box.y + 37, about)}</g>`;

function systemBox(scenario: ResolvedScenario, name: string, box: Box): string {
  const guests = guestsOf(scenario, name);
  const inner = guests.map((guest, at) => {
    const place = {
      x: box.x + 12,
      y: box.y + HEIGHT + at * (HEIGHT + 8),
      width: box.width - 24,
      height: HEIGHT,
    };
    return plainBox(place, guest, aboutSystem(scenario, guest));
  });
  return plainBox(box, name, aboutSystem(scenario, name)) + inner.join('');
}

function aboutSystem({ systems }: ResolvedScenario, name: string): string {
  const system = systems.find((one) => one.name === name);
  if (system === undefined) return '';
  const qemu = system.kind === 'guest' && system.hosting !== undefined ? `, QEMU ${system.qemu}` : '';
  return `${system.kind}, Linux ${system.kernel}${qemu}, ${many(system.cpus, 'CPU')}`;
}

function pathBox(run: ReportRun, chpid: string, box: Box): string {
  const endNs = run.manifest.endNs;
  const spans = absences(run, chpid, endNs);
  const goneNs = spans.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
  const left = box.x + 12;
  const width = box.width - 24;
  const scale = width / Math.max(1e-9, seconds(endNs));
  const bar = (fromNs: number, toNs: number, kind: 'there' | 'gone'): string =>
    `<rect x="${(left + seconds(fromNs) * scale).toFixed(2)}" y="${box.y + 30}" width="${(seconds(toNs - fromNs) * scale).toFixed(2)}" height="9" fill="${MARK[kind]}" data-tip="${escapeHtml(`${chpid} ${kind === 'gone' ? 'gone' : 'in the configuration'} from ${instant(fromNs)} to ${instant(toNs)}`)}"/>`;
  const state = goneNs > 0 ? `gone for ${timeText(goneNs)}` : 'always there';
  const type = typeOf(run.scenario, chpid);
  return `<g>${frame(box)}${words(left, box.y + 20, chpid, true)}${words(left + 44, box.y + 20, `${type}, ${state}`)}${bar(0, endNs, 'there')}<g class="over">${spans.map(({ fromNs, toNs }) => bar(fromNs, toNs, 'gone')).join('')}</g></g>`;
}
