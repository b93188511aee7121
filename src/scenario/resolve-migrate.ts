import { normaliseRanges } from './devices.ts';
import type { Path } from './errors.ts';
import { resolveGuest } from './resolve-guest.ts';
import type { Surroundings } from './resolve-story.ts';
import type { ResolvedAction, ResolvedSystem } from './resolved.ts';
import { PASSED_THROUGH } from './schema-guest.ts';
import type { ParsedAction } from './schema-story.ts';
import type { ParsedSystem } from './schema-systems.ts';

type ParsedMigration = Extract<ParsedAction, { do: 'migrate' }>;
type Migration = Omit<Extract<ResolvedAction, { kind: 'migrate' }>, 'atNs' | 'name' | 'system'>;

/** The destination is the guest once more, with what the action says of it in place of what it was started with. */
export function resolveMigration(
  action: ParsedMigration,
  place: Path,
  { owner, ...around }: Surroundings & { readonly owner: ResolvedSystem },
): Migration | null {
  const { systems, parsed, actions, machine, issues } = around;
  const { downtime, passthrough, report } = action;
  if (owner.kind !== 'guest' || owner.dedication !== undefined) {
    issues.value([...place, 'do'], `system ${owner.name} has no QEMU`, 'migrate a guest of QEMU');
    return null;
  }
  if (action.on !== undefined && owner.hosting === undefined) {
    issues.value([...place, 'on'], `system ${owner.name} is on no host`, 'leave it out');
    return null;
  }
  const carries = passthrough === 'carry';
  if (report !== 'none' && !carries) {
    issues.value([...place, 'report'], 'is of passed-through devices', 'write passthrough: carry');
  }
  const to = resolveGuest(owner.name, destinationOf(parsed[owner.name], action, carries), [], {
    systems: parsed,
    // Hosts only: nobody takes a device from a guest that leaves.
    before: systems.filter(({ kind }) => kind !== 'guest'),
    actions,
    pathless: normaliseRanges(machine.subchannels),
    here: place,
    issues,
  });
  return { kind: 'migrate', to, downtimeNs: downtime, carries, report };
}

function destinationOf(source: ParsedSystem, action: ParsedMigration, carries: boolean): ParsedSystem {
  const { on, qemu, accelerator, squashMcss, commandLine } = action;
  const options = {
    ...source,
    ...(on !== undefined && { on }),
    ...(qemu !== undefined && { qemu }),
    ...(accelerator !== undefined && { accelerator }),
    ...(squashMcss !== undefined && { squashMcss }),
  };
  if (commandLine === undefined && carries) return options;
  const { passthrough: _own, ...others } = options;
  const left = commandLine ?? source.commandLine?.filter(({ type }) => type !== PASSED_THROUGH);
  if (left === undefined) return others;
  const { virtio: _devices, terminal: _terminal, ...rest } = others;
  return { ...rest, commandLine: left };
}
