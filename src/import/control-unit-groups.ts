import { type ControlUnitModel, controlUnitType, type Volume, type VolumePaths } from './volumes.ts';

/** Volumes that are taken to be on one logical control unit. */
export interface ControlUnitGroup {
  readonly name: string;
  /** Whether UIDs tell the control unit; else it is guessed. */
  readonly known: boolean;
  readonly model: ControlUnitModel;
  readonly paths: VolumePaths;
  readonly volumes: readonly Volume[];
}

/** Vendor, serial number and logical control unit of a UID (dasd_devmap.c:dasd_uid_show). */
const UID = /^([^.]*\.[^.]*\.[0-9a-f]{4})\.([0-9a-f]{2}|xx)(?:\.\S+)?$/i;

/** Where the tools name a volume's logical control unit and unit address; null: they do not. `xx` is any base's alias. */
export function unitOf(uid: string | undefined): { readonly unit: string; readonly address: string } | null {
  const match = UID.exec(uid ?? '');
  return match === null ? null : { unit: match[1], address: match[2].toLowerCase() };
}

/**
 * The rule by which volumes are put on control units: those with the same UID up to the unit address; where there is no UID,
 * those of one subchannel set whose device numbers have the same upper byte, with those among them that have one. Types, PIM
 * and CHPIDs are the same as well.
 */
export function controlUnitGroups(volumes: readonly Volume[]): ControlUnitGroup[] {
  const units = new Map<string, string>();
  for (const volume of volumes) {
    const unit = unitOf(volume.facts.uid)?.unit;
    if (unit !== undefined && !units.has(likeness(volume))) units.set(likeness(volume), unit);
  }
  const groups = new Map<string, Volume[]>();
  for (const volume of volumes) {
    const { facts, paths } = volume;
    const unit = unitOf(facts.uid)?.unit ?? units.get(likeness(volume)) ?? likeness(volume);
    const key = JSON.stringify([unit, facts.cuType, paths]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [volume]);
    else group.push(volume);
  }
  const names = new Set<string>();
  return [...groups.values()].map((members) => {
    const [{ ssid, deviceNumber, facts, paths }] = members;
    const name = freeName(ssid, deviceNumber >>> 8, names);
    return {
      name,
      known: members.every((member) => unitOf(member.facts.uid) !== null),
      model: (facts.cuType === undefined ? null : controlUnitType(facts.cuType)) ?? { type: '2107' },
      paths,
      volumes: members,
    };
  });
}

/** The same for volumes that may well be on one control unit. */
const likeness = ({ ssid, deviceNumber, facts, paths }: Volume): string =>
  JSON.stringify([ssid, deviceNumber >>> 8, facts.cuType, paths]);

/** `lcu10` for 0.0.10xx, `lcu1.10` for 0.1.10xx; a second one of these is `lcu10.2`. */
function freeName(ssid: number, upper: number, taken: Set<string>): string {
  const stem = `lcu${ssid === 0 ? '' : `${ssid}.`}${upper.toString(16).padStart(2, '0')}`;
  let name = stem;
  for (let number = 2; taken.has(name); number++) name = `${stem}.${number}`;
  taken.add(name);
  return name;
}
