import { type ControlUnitGroup, unitOf } from './control-unit-groups.ts';
import type { Volume } from './volumes.ts';

/** A volume, or an alias, where a scenario puts it. */
export interface PlacedVolume {
  readonly volume: Volume;
  /** Null: the next free one of the control unit. */
  readonly unitAddress: number | null;
  /** Of an alias: its base, or any. */
  readonly aliasOf: Volume | 'any' | null;
}

/**
 * Puts the volumes of a control unit at the unit addresses of their UIDs. An alias has a UID that tells its base, but not
 * its own address: it takes one that is free, and so does a volume without UID. Where volumes share an address, as minidisks
 * on one real volume do, or none has a UID, addresses are left to the scenario. In the order in which a scenario must name
 * them.
 */
export function placedVolumes({ volumes }: ControlUnitGroup): PlacedVolume[] {
  const bases = volumes.filter(({ facts }) => facts.alias !== true);
  const addresses = bases.map(({ facts }) => addressOf(facts.uid));
  const known = addresses.filter((address) => address !== null);
  const areKnown = known.length > 0 && new Set(known).size === known.length;
  const free = freeAddresses(known);
  const placed = volumes.map((volume): PlacedVolume => {
    const { alias, uid } = volume.facts;
    const own = alias === true ? null : addressOf(uid);
    const unitAddress = areKnown ? (own ?? free.shift()!) : null;
    return { volume, unitAddress, aliasOf: alias === true ? baseOf(volume, bases) : null };
  });
  return areKnown ? placed.sort((a, b) => a.unitAddress! - b.unitAddress!) : placed;
}

/** Null: it is not told, or that of any base. */
function addressOf(uid: string | undefined): number | null {
  const address = unitOf(uid)?.address ?? 'xx';
  return address === 'xx' ? null : Number.parseInt(address, 16);
}

/** Unit addresses of a logical control unit. */
const UNIT_ADDRESSES = 256;

const freeAddresses = (taken: readonly number[]): number[] =>
  Array.from({ length: UNIT_ADDRESSES }, (_, address) => address).filter(
    (address) => !taken.includes(address),
  );

/** The one base whose unit address the alias' UID names. */
function baseOf({ facts }: Volume, bases: readonly Volume[]): Volume | 'any' {
  const address = addressOf(facts.uid);
  if (address === null) return 'any';
  const named = bases.filter((base) => addressOf(base.facts.uid) === address);
  return named.length === 1 ? named[0] : 'any';
}
