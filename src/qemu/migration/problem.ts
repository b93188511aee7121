import type { MigrationMessages } from '../qemu-features.ts';

/** Why a QEMU does not take the state of another one. */
export type LoadProblem =
  | {
      /** A section for which it has nothing: a device with another bus id, or one that is not there. */
      readonly kind: 'unknown-section';
      readonly section: string;
    }
  | {
      /** An image that exists on one side only. */
      readonly kind: 'images';
      readonly cssid: number;
    };

const PROGRAM = 'qemu-system-s390x: ';
const FAILED = 'load of migration failed: Invalid argument';
const NO_IMAGE = 'vmstate: get_nullptr expected VMS_NULLPTR_MARKER';
const CSS_SECTION = "error while loading state for instance 0x0 of device 's390_css'";
const HINT =
  'Make sure that your current VM setup matches your saved VM setup, including any hotplugged devices';

/**
 * What the QEMU of the destination prints (migration/savevm.c:qemu_loadvm_section_start_full, vmstate.c,
 * migration.c:process_incoming_migration_co). Old releases say the bare facts, later ones give a hint, and the last ones
 * chain causes in one line.
 */
export function loadMessages(problem: LoadProblem, style: MigrationMessages): string[] {
  return linesOf(problem, style).map((line) => `${PROGRAM}${line}`);
}

function linesOf(problem: LoadProblem, style: MigrationMessages): string[] {
  if (problem.kind === 'unknown-section') {
    const { section } = problem;
    if (style === 'chained') return [`${FAILED}: Unknown section or instance '${section}' 0. ${HINT}`];
    const unknown = `Unknown savevm section or instance '${section}' 0`;
    return [style === 'bare' ? unknown : `${unknown}. ${HINT}`, FAILED];
  }
  if (style === 'chained') {
    return [NO_IMAGE, `${FAILED}: ${CSS_SECTION}: Failed to load element of type nullptr for css: -22`];
  }
  return [NO_IMAGE, 'Failed to load s390_css:css', CSS_SECTION, FAILED];
}

/** What the QEMU of the source answers to `migrate` (savevm.c:qemu_savevm_state_blocked). */
export const refusal = (section: string): string => `State blocked by non-migratable device '${section}'`;
