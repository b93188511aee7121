import { BLOCK_BYTES } from '../observe/block-request.ts';
import type { AddressOptions, SizeShare } from '../workload/workload.ts';
import type { Issues, Path } from './errors.ts';
import { parseName } from './fields.ts';
import { MAX_BLOCKS } from './request-limits.ts';
import type { DeviceRange, ResolvedPattern } from './resolved.ts';
import type { ParsedPattern, ParsedStream } from './schema-workload.ts';
import { selectDevices } from './select-devices.ts';
import { parseSize } from './units.ts';

/** The least part of a volume that has room for the largest request on the smallest volume. */
const LEAST_EXTENT = 0.01;

/** What a stream and each pattern of its mix have in common. */
type Wish = Pick<ParsedStream, 'block' | 'reads' | 'addresses' | 'extent'>;

/** One pattern without name where the stream has no mix. */
export function resolvePatterns(
  stream: ParsedStream,
  volumes: readonly DeviceRange[],
  here: Path,
  issues: Issues,
): ResolvedPattern[] {
  const own = wishOf(stream, here, issues);
  if (stream.mix === undefined) return [{ name: '', share: 1, volumes: null, ...own }];
  const mix = [...here, 'mix'];
  const patterns = Object.entries(stream.mix).map(([name, pattern]): ResolvedPattern => {
    const place = [...mix, name];
    const valid = parseName(name);
    if (!valid.ok) issues.key(place, valid.message, valid.hint);
    return {
      name,
      share: pattern.share,
      volumes: volumesOf(pattern, volumes, place, issues),
      ...own,
      ...wishOf(pattern, place, issues),
    };
  });
  if (patterns.length === 0) issues.value(mix, 'has no pattern', 'write one, or leave it out');
  return patterns;
}

function volumesOf(
  { volumes: selected }: ParsedPattern,
  volumes: readonly DeviceRange[],
  place: Path,
  issues: Issues,
): readonly DeviceRange[] | null {
  if (selected === undefined) return null;
  const here = [...place, 'volumes'];
  const known = issues.list.length;
  const chosen = selectDevices(selected, volumes, 'a volume of this workload', here, issues);
  if (chosen.length === 0 && issues.list.length === known) {
    issues.value(here, 'selects no volume', 'write all, or leave the pattern out');
  }
  return chosen;
}

type ResolvedWish = Pick<ResolvedPattern, 'sizes' | 'reads' | 'addresses' | 'extent'>;

function wishOf(wish: Wish, here: Path, issues: Issues): ResolvedWish;
function wishOf(wish: ParsedPattern, here: Path, issues: Issues): Partial<ResolvedWish>;
function wishOf(
  { block, reads, addresses, extent }: Partial<Wish> | ParsedPattern,
  here: Path,
  issues: Issues,
): Partial<ResolvedWish> {
  return {
    ...(block !== undefined && { sizes: sizesOf(block, [...here, 'block'], issues) }),
    ...(reads !== undefined && { reads }),
    ...(addresses !== undefined && { addresses: addressesOf(addresses, [...here, 'addresses'], issues) }),
    ...(extent !== undefined && { extent: extentOf(extent, [...here, 'extent'], issues) }),
  };
}

/** A block device moves whole blocks: a request of 27 KiB, half a track, moves seven of them. */
function sizesOf(block: ParsedStream['block'], here: Path, issues: Issues): SizeShare[] {
  if (typeof block === 'number') return [{ blocks: blocksOf(block, here, issues), share: 1 }];
  const sizes = Object.entries(block).map(([text, share]): SizeShare => {
    const place = [...here, text];
    const bytes = parseSize(text);
    if (!bytes.ok) issues.key(place, bytes.message, bytes.hint);
    return { blocks: bytes.ok ? blocksOf(bytes.value, place, issues) : 1, share };
  });
  if (sizes.length === 0) issues.value(here, 'has no size', 'write for instance { 4KiB: 60%, 8KiB: 40% }');
  return sizes;
}

function blocksOf(bytes: number, here: Path, issues: Issues): number {
  const blocks = Math.ceil(bytes / BLOCK_BYTES);
  if (blocks === 0) issues.value(here, 'is nothing', 'the least is 4KiB');
  if (blocks > MAX_BLOCKS) {
    issues.value(here, 'is more than a request can hold', `the most is ${MAX_BLOCKS * 4}KiB`);
  }
  return blocks;
}

function addressesOf(addresses: ParsedStream['addresses'], here: Path, issues: Issues): AddressOptions {
  if (typeof addresses === 'string') return { kind: addresses };
  const { zipf, sequential, hot } = addresses;
  if (Object.values(addresses).filter((kind) => kind !== undefined).length !== 1) {
    issues.value(here, 'have exactly one kind', 'write for instance { zipf: 0.9 }');
  }
  if (hot !== undefined) return { kind: 'hot', ...hot };
  if (sequential !== undefined) {
    const { start, run } = sequential;
    return { kind: 'sequential', ...(start !== undefined && { start }), ...(run !== undefined && { run }) };
  }
  const theta = zipf ?? 0;
  if (zipf !== undefined && (theta <= 0 || theta >= 2)) {
    issues.value([...here, 'zipf'], `${theta} is out of range`, 'the skew lies between 0 and 2');
  }
  return { kind: 'zipf', theta };
}

function extentOf(
  [from, to]: readonly [number, number],
  here: Path,
  issues: Issues,
): readonly [number, number] {
  if (to - from < LEAST_EXTENT) {
    issues.value(
      here,
      'is too small',
      `it ends ${LEAST_EXTENT * 100}% of the volume behind its beginning or later`,
    );
  }
  return [from, to];
}
