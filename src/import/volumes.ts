import { FACILITY_SETS } from '../dasd/facilities.ts';
import {
  BLOCK_BYTES,
  DASD_MODELS,
  type DasdModel,
  dasdModel,
  MAX_CYLINDERS,
  recordsPerTrack,
  TRACKS_PER_CYLINDER,
} from '../dasd/geometry.ts';
import type { DeviceFacts, KnownDevice, MachineFacts, SensedType } from './device-facts.ts';

/** A device that a scenario can have: a 3390 on a control unit that is modelled. */
export interface Volume extends KnownDevice {
  readonly paths: VolumePaths;
}

/** Path-installed mask, and the CHPIDs of these paths in their order; `known`: a tool has told them. */
export interface VolumePaths {
  readonly pim: number;
  readonly chpids: readonly number[];
  readonly known: boolean;
}

export const DASD_TYPE = 0x3390;

/** Splits the devices into volumes and others, which are counted by type and kept out. */
export function volumesOf(facts: MachineFacts): Volume[] {
  const fromLscss = facts.devices.some((device) => device.facts.chpids !== undefined);
  return facts.devices.flatMap((device) => {
    const reason = unfit(device.facts, fromLscss);
    if (reason === null) return [{ ...device, paths: pathsOf(device.facts) }];
    facts.keepOut(reason);
    return [];
  });
}

/** Why a device is no volume here; null: it is one. */
function unfit({ devType, cuType, discipline, chpids }: DeviceFacts, fromLscss: boolean): string | null {
  if (discipline === 'FBA') return 'FBA volumes, which are not modelled';
  if (fromLscss && chpids === undefined) return 'devices of lsdasd that are not in lscss';
  if (!fromLscss) return null;
  if (cuType === undefined) return 'devices without a ccw device, whose type lscss does not tell';
  const shown = `${typeText(devType)} ${typeText(cuType)}`;
  if (devType?.type !== DASD_TYPE) return `devices of type ${shown}${KINDS[cuType.type.toString(16)] ?? ''}`;
  return controlUnitType(cuType) === null
    ? `volumes of type ${shown}, a control unit that is not modelled`
    : null;
}

const typeText = (sensed: SensedType | undefined): string =>
  sensed === undefined
    ? '-'
    : `${sensed.type.toString(16).padStart(4, '0')}/${sensed.model.toString(16).padStart(2, '0')}`;

/** What control units of these types are, in words. */
const KINDS: Readonly<Record<string, string>> = {
  '1731': ' (OSA or FCP)',
  '3088': ' (CTC)',
  '3174': ' (3270)',
  '3270': ' (3270)',
  '3215': ' (console)',
  '3590': ' (tape)',
  '3592': ' (tape)',
  '3832': ' (virtio)',
  '6310': ' (FBA)',
};

export interface ControlUnitModel {
  /** As a scenario names it. */
  readonly type: string;
  /** Where it is not that of the type. */
  readonly modelByte?: number;
}

/** The type of a scenario's control units that answers SENSE ID so; null: none is of this type. */
export function controlUnitType({ type, model }: SensedType): ControlUnitModel | null {
  const sets = Object.entries(FACILITY_SETS).filter(
    ([name, { identity }]) => name !== 'hercules' && identity.type === type,
  );
  if (sets.length === 0) return null;
  const exact = sets.find(([, { identity }]) => identity.model === model);
  return exact === undefined ? { type: sets[0][0], modelByte: model } : { type: exact[0] };
}

/** CHPIDs and mask as lscss shows them, or those of lsdasd, whose places it does not tell. */
function pathsOf({ pim, chpids, installed }: DeviceFacts): VolumePaths {
  if (pim !== undefined && chpids !== undefined) {
    const all = Array.from({ length: 8 }, (_, path) =>
      Number.parseInt(chpids.slice(2 * path, 2 * path + 2), 16),
    );
    return { pim, chpids: all.filter((_, path) => (pim & (0x80 >> path)) !== 0), known: true };
  }
  if (installed === undefined) return { pim: 0, chpids: [], known: false };
  const numbers = installed.map((chpid) => Number.parseInt(chpid, 16));
  return { pim: 0xff & ~(0xff >> numbers.length), chpids: numbers, known: true };
}

/** Model, size and layout of a volume as a scenario writes them. */
export interface VolumeModel {
  readonly model: string;
  readonly cylinders?: number;
  readonly modelByte?: number;
  readonly unformatted: boolean;
  /** Whether the size is known. */
  readonly sized: boolean;
}

export function volumeModel({
  devType,
  blocks,
  blockSize = BLOCK_BYTES,
  formatted,
}: DeviceFacts): VolumeModel {
  const cylinders = cylindersOf(blocks, blockSize);
  const sensed = devType?.model;
  const named = cylinders === undefined ? usualModel(sensed) : modelOfSize(cylinders, sensed);
  return {
    model: named.name,
    ...(cylinders !== undefined && cylinders !== named.cylinders && { cylinders }),
    ...(sensed !== undefined && sensed !== named.model && { modelByte: sensed }),
    unformatted: formatted === false,
    sized: cylinders !== undefined,
  };
}

/** One of these where nothing tells the size. */
const USUAL = '3390-9';

const usualModel = (sensed: number | undefined): DasdModel =>
  DASD_MODELS.find(({ model }) => model === sensed) ?? dasdModel(USUAL)!;

/** The model of this very size, else the least that is larger, of the same kind where there is one. */
function modelOfSize(cylinders: number, sensed: number | undefined): DasdModel {
  const fitting = DASD_MODELS.filter((model) => model.cylinders >= cylinders);
  return (
    fitting.find((model) => model.cylinders === cylinders) ??
    fitting.find(({ model }) => model === sensed) ??
    fitting[0]
  );
}

/** As many cylinders as hold the blocks; undefined where their number is unknown, or that of no volume. */
function cylindersOf(blocks: number | undefined, blockSize: number): number | undefined {
  if (blocks === undefined || blocks === 0) return undefined;
  const cylinders = Math.ceil(blocks / (recordsPerTrack(0, blockSize) * TRACKS_PER_CYLINDER));
  return cylinders <= MAX_CYLINDERS ? cylinders : undefined;
}
