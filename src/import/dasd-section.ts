import { formatBusId, formatChpid } from '../zarch/ids.ts';
import { type ImportedChpid, usualPam } from './chpid-section.ts';
import type { ControlUnitGroup } from './control-unit-groups.ts';
import { asKey, deviceRange, flow, hexByte, runsBy } from './id-ranges.ts';
import { type PlacedVolume, placedVolumes } from './unit-addresses.ts';
import { type Volume, volumeModel } from './volumes.ts';

/** Control units with the rule by which they were made. */
export function controlUnitSection(groups: readonly ControlUnitGroup[]): string[] {
  const rule = groups.every(({ known }) => known)
    ? ['    # One for each logical control unit of the UIDs.']
    : [
        '    # Not known: assumed one for each upper byte of the device numbers of a subchannel set, with the same CU type,',
        '    # PIM and CHPIDs. UIDs tell more: lsdasd -u.',
      ];
  const old = groups.some(({ model }) => model.type.startsWith('3990'))
    ? [
        '    # What is shown as 3990 may be a newer storage server: which facilities it has is not known, assumed those of a 3990.',
      ]
    : [];
  return [
    '  controlUnits:',
    ...rule,
    ...old,
    '    # Cache, service times, link addresses: not known; assumed the defaults.',
    ...groups.map((group) => `    ${group.name}: ${controlUnit(group)}`),
  ];
}

/** What a control unit must know for aliases; types that do not know it are told. */
const ALIAS_FEATURES =
  '{ prefix: true, readFeatureCodes: true, unitAddressConfiguration: true, unitAddressTypes: true }';

function controlUnit({ model, paths, volumes }: ControlUnitGroup): string {
  const hasAliases = volumes.some(({ facts }) => facts.alias === true);
  const leftmost = 0xff & ~(0xff >> paths.chpids.length);
  return flow([
    ['type', model.type],
    ['modelByte', model.modelByte === undefined ? undefined : hexByte(model.modelByte)],
    ['paths', paths.known ? `[${paths.chpids.map(formatChpid).join(', ')}]` : undefined],
    ['pim', paths.known && paths.pim !== leftmost ? hexByte(paths.pim) : undefined],
    ['features', hasAliases && model.type.startsWith('3990') ? ALIAS_FEATURES : undefined],
  ]);
}

/** Volumes and aliases, control unit by control unit. */
export function dasdSection(groups: readonly ControlUnitGroup[], chpids: readonly ImportedChpid[]): string[] {
  const volumes = groups.flatMap((group) => group.volumes);
  const rows = groups.flatMap((group) => groupRows(group, chpids));
  return ['  dasd:', ...notesOn(volumes), ...rows];
}

function notesOn(volumes: readonly Volume[]): string[] {
  const notes: string[] = [];
  const unsized = volumes.filter(({ facts }) => facts.alias !== true && !volumeModel(facts).sized);
  if (unsized.length > 0) {
    const which = unsized.length === volumes.length ? '' : ` of ${unsized.length} volumes`;
    notes.push(`Capacity${which}: not known without lsdasd of online volumes; assumed that of the model.`);
  }
  notes.push('Layout, missing-interrupt interval: not known; assumed cdl where formatted, 30s.');
  if (volumes.some(({ facts }) => (facts.blockSize ?? 4096) !== 4096)) {
    notes.push('Volumes with other blocks than 4 KiB have as many cylinders, in blocks of 4 KiB.');
  }
  if (volumes.some(({ facts }) => facts.alias === true && facts.uid === undefined)) {
    notes.push('Aliases: of which base is not known without lsdasd -u; assumed HyperPAV.');
  }
  if (volumes.some(({ facts }) => facts.pim !== undefined)) {
    notes.push('The machine begins with the PIM, PAM and POM that were there.');
  }
  return notes.map((note) => `    # ${note}`);
}

function groupRows(group: ControlUnitGroup, chpids: readonly ImportedChpid[]): string[] {
  const placed = placedVolumes(group);
  const entry = (one: PlacedVolume): string => flow(commonKeys(group, one, chpids));
  const runs = runsBy(placed, (a, b) => isNext(a, b) && entry(a) === entry(b));
  let nextAddress = 0;
  return runs.map((run) => {
    const [first] = run;
    const { ssid, deviceNumber, facts } = first.volume;
    const { unitAddress } = first;
    const isUsual = unitAddress === null || unitAddress === nextAddress;
    if (unitAddress !== null) nextAddress = unitAddress + run.length;
    const own = flow([
      ...commonKeys(group, first, chpids),
      ['subchannel', facts.subchannel === undefined ? undefined : formatBusId(0, ssid, facts.subchannel)],
      ['unitAddress', isUsual ? undefined : String(unitAddress)],
    ]);
    return `    ${asKey(deviceRange({ ssid, first: deviceNumber, last: deviceNumber + run.length - 1 }))}: ${own}`;
  });
}

/** Whether the scenario gives the second what follows from the first: device number, subchannel, unit address. */
function isNext(a: PlacedVolume, b: PlacedVolume): boolean {
  const follows = (first: number | undefined, second: number | undefined): boolean =>
    first === undefined ? second === undefined : first + 1 === second;
  return (
    a.volume.ssid === b.volume.ssid &&
    follows(a.volume.deviceNumber, b.volume.deviceNumber) &&
    follows(a.volume.facts.subchannel, b.volume.facts.subchannel) &&
    follows(a.unitAddress ?? undefined, b.unitAddress ?? undefined)
  );
}

function commonKeys(
  group: ControlUnitGroup,
  { volume, aliasOf }: PlacedVolume,
  chpids: readonly ImportedChpid[],
): [string, string | undefined][] {
  const { facts } = volume;
  const { model, cylinders, modelByte, unformatted } = volumeModel(facts);
  const isAlias = aliasOf !== null;
  const { pam, pom } = facts;
  return [
    ['controlUnit', group.name],
    ['aliasOf', isAlias ? baseName(aliasOf) : undefined],
    ['model', model],
    ['cylinders', cylinders === undefined || isAlias ? undefined : String(cylinders)],
    ['modelByte', modelByte === undefined ? undefined : hexByte(modelByte)],
    ['format', unformatted && !isAlias ? 'unformatted' : undefined],
    ['pam', pam === undefined || pam === usualPam(volume, chpids) ? undefined : hexByte(pam)],
    ['pom', pom === undefined || pom === 0xff ? undefined : hexByte(pom)],
  ];
}

const baseName = (base: Volume | 'any'): string =>
  base === 'any' ? base : formatBusId(0, base.ssid, base.deviceNumber);
