import type { FaultLink, MortalPart, PartOfLinks } from '../faults/fault.ts';
import { type Chpid, formatChpid } from '../zarch/ids.ts';
import type { Issues, Path } from './errors.ts';
import { type ChpidList, parseName } from './fields.ts';
import { expandNames } from './name-ranges.ts';
import { suggest } from './nearest.ts';
import { listed } from './resolve-control-units.ts';
import type { ResolvedControlUnit, ResolvedMachine, ResolvedOnTheWay } from './resolved.ts';
import type { ParsedBreakdown, ParsedLinks } from './schema-faults.ts';
import type { ParsedMachine } from './schema-machine.ts';

/*
 * Links between channel paths and control units: one for each path of each control unit, and what they go through on
 * their way.
 */

interface Ends {
  readonly chpids: readonly Chpid[];
  readonly controlUnits: readonly ResolvedControlUnit[];
}

/** Directors or cables with the links through them. */
export function resolveOnTheWay(
  machine: ParsedMachine,
  kind: 'directors' | 'cables',
  ends: Ends,
  issues: Issues,
): ResolvedOnTheWay[] {
  return Object.entries(machine[kind]).map(([name, spec]) => {
    const place: Path = ['machine', kind, name];
    const valid = parseName(name);
    if (!valid.ok) issues.key(place, valid.message, valid.hint);
    const chpids =
      spec.chpids === 'all'
        ? ends.chpids
        : knownChpids(spec.chpids, ends.chpids, [...place, 'chpids'], issues);
    const units = unitsNamed(spec.controlUnits, ends.controlUnits, [...place, 'controlUnits'], issues);
    const links = allLinks(ends.controlUnits).filter(
      ({ chpid, controlUnit }) => chpids.includes(chpid) && units.includes(controlUnit),
    );
    return { name, links };
  });
}

/** The links that a fault concerns, and the part that it breaks: the director, cable or port, where it names one. */
export function linksOf(
  selection: ParsedLinks,
  machine: ResolvedMachine,
  place: Path,
  issues: Issues,
): PartOfLinks {
  const before = issues.list.length;
  const { chpid, controlUnit, port, director, cable } = selection;
  const known = machine.channelPaths.map((path) => path.chpid);
  const chpids = chpid && knownChpids(chpid, known, [...place, 'chpid'], issues);
  const units =
    controlUnit && unitsNamed(controlUnit, machine.controlUnits, [...place, 'controlUnit'], issues);
  const onDirector = director && linksThrough(director, machine, 'director', place, issues);
  const onCable = cable && linksThrough(cable, machine, 'cable', place, issues);
  if (!chpids && !units && !onDirector && !onCable) {
    issues.value(place, 'does not say which links', 'name a chpid, controlUnit, director or cable');
  } else if (port !== undefined && !units) {
    issues.value([...place, 'port'], 'is the port of no control unit', 'name the controlUnit too');
  }
  const links = allLinks(machine.controlUnits).filter(
    (link) =>
      (!chpids || chpids.includes(link.chpid)) &&
      (!units || units.includes(link.controlUnit)) &&
      (port === undefined || machine.controlUnits[link.controlUnit].paths[port] === link.chpid) &&
      (!onDirector || isAmong(link, onDirector)) &&
      (!onCable || isAmong(link, onCable)),
  );
  if (links.length === 0 && issues.list.length === before) {
    issues.value(place, 'there is no such link', 'no control unit has such a path that goes that way');
  }
  return { links, part: partName(selection) };
}

/** Without any of the three, what breaks are the links themselves. */
function partName({ chpid, controlUnit, port, director, cable }: ParsedLinks): string {
  if (director === undefined && cable === undefined && port === undefined) return '';
  const words = [
    ['director', director],
    ['cable', cable],
    ['chpid', chpid && listed(chpid.map(({ value }) => value))],
    ['control unit', controlUnit],
    ['port', port],
  ];
  return words.flatMap(([kind, value]) => (value === undefined ? [] : [`${kind} ${value}`])).join(' ');
}

/** All parts of a kind, each of which breaks down by itself. A port leads to one channel path. */
export function partsOf(kind: ParsedBreakdown['of'], machine: ResolvedMachine): MortalPart[] {
  const { channelPaths, controlUnits } = machine;
  const nameOf = ({ chpid, controlUnit }: FaultLink): string =>
    `${formatChpid(chpid)} ${controlUnits[controlUnit].name}`;
  switch (kind) {
    case 'chpids':
      return channelPaths.map(({ chpid }) => ({ label: `chpid ${formatChpid(chpid)}`, chpid }));
    case 'links':
      return allLinks(controlUnits).map((link) => ({
        label: `link ${nameOf(link)}`,
        links: [link],
        part: '',
      }));
    case 'ports':
      return controlUnits.flatMap(({ name, paths }, controlUnit) =>
        paths.map((chpid, port) => {
          const part = partName({ controlUnit: name, port });
          return { label: part, links: [{ chpid, controlUnit }], part };
        }),
      );
    case 'directors':
    case 'cables':
      return machine[kind].map(({ name, links }) => {
        const part = partName(kind === 'directors' ? { director: name } : { cable: name });
        return { label: part, links, part };
      });
  }
}

const allLinks = (controlUnits: readonly ResolvedControlUnit[]): FaultLink[] =>
  controlUnits.flatMap(({ paths }, controlUnit) => paths.map((chpid) => ({ chpid, controlUnit })));

const isAmong = (link: FaultLink, links: readonly FaultLink[]): boolean =>
  links.some(({ chpid, controlUnit }) => chpid === link.chpid && controlUnit === link.controlUnit);

function linksThrough(
  name: string,
  { directors, cables }: ResolvedMachine,
  kind: 'director' | 'cable',
  place: Path,
  issues: Issues,
): readonly FaultLink[] {
  const all = kind === 'director' ? directors : cables;
  const found = all.find((it) => it.name === name);
  if (found !== undefined) return found.links;
  const names = all.map((it) => it.name);
  const hint = names.length === 0 ? `describe it in machine.${kind}s` : suggest(name, names);
  issues.value([...place, kind], `unknown ${kind} "${name}"`, hint);
  return [];
}

export function knownChpids(
  list: ChpidList,
  known: readonly Chpid[],
  place: Path,
  issues: Issues,
): readonly Chpid[] {
  const chpids: Chpid[] = [];
  for (const { value, at } of list) {
    if (known.includes(value)) chpids.push(value);
    else {
      const message = `chpid ${formatChpid(value)} is not in the machine`;
      issues.value([...place, ...at], message, `machine.chpids has ${listed(known)}`);
    }
  }
  return chpids;
}

/** Positions of control units by name, range of names or `all`. */
function unitsNamed(
  names: string | readonly string[],
  controlUnits: readonly ResolvedControlUnit[],
  place: Path,
  issues: Issues,
): readonly number[] {
  if (names === 'all') return [...controlUnits.keys()];
  const known = controlUnits.map(({ name }) => name);
  return [names].flat().flatMap((text, at) => {
    const here = Array.isArray(names) ? [...place, at] : place;
    // A name may look like a range.
    const wanted = known.includes(text) ? [text] : expandNames(text);
    const unknown = wanted.find((name) => !known.includes(name));
    if (unknown !== undefined)
      issues.value(here, `unknown control unit "${unknown}"`, suggest(unknown, known));
    return wanted.map((name) => known.indexOf(name));
  });
}
