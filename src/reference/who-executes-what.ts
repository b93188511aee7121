import { KERNELS, type KernelName } from '../linux/kernel-features.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import { QEMU_RELEASES, type QemuRelease } from '../qemu/qemu-features.ts';
import { cellOf, executionOf } from './execution.ts';
import { INSTRUCTION_PROBES, type InstructionProbe } from './instruction-probes.ts';
import { GENERATED, markdownTable } from './markdown.ts';
import { NATIVE, passedThrough, ScriptProbes, VIRTUAL } from './script-probe.ts';
import { probeUnderZvm } from './zvm-probe.ts';

const KERNEL_NAMES = Object.keys(KERNELS) as KernelName[];
const QEMU_NAMES = Object.keys(QEMU_RELEASES) as QemuRelease[];

/** What becomes of one instruction everywhere. Cells read like `passed on (command region)`. */
export interface InstructionRow {
  readonly title: string;
  readonly probe: InstructionProbe;
  readonly native: string;
  readonly virtual: string;
  /** Null where the state cannot be brought about. */
  readonly zvm: string | null;
  /** By kernel of the host, then by QEMU. */
  readonly passedThrough: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Issues every instruction everywhere: a thousand simulations of a few milliseconds. */
export function instructionRows(): InstructionRow[] {
  const scripts = new ScriptProbes();
  return INSTRUCTION_PROBES.map((probe) => rowOf(probe, scripts));
}

export function rowOf(probe: InstructionProbe, scripts: ScriptProbes): InstructionRow {
  const byScript = (place: typeof NATIVE, where: 'native' | 'virtual' | 'passed-through'): string =>
    cellOf(executionOf(where, probe, scripts.execute(place, probe)));
  const underZvm = probeUnderZvm(probe);
  return {
    title: probe.instruction.toUpperCase() + (probe.form === '' ? '' : `, ${probe.form}`),
    probe,
    native: byScript(NATIVE, 'native'),
    virtual: byScript(VIRTUAL, 'virtual'),
    zvm: underZvm === null ? null : cellOf(executionOf('zvm', probe, underZvm)),
    passedThrough: new Map(
      KERNEL_NAMES.map((kernel) => [
        kernel,
        new Map(QEMU_NAMES.map((qemu) => [qemu, byScript(passedThrough(kernel, qemu), 'passed-through')])),
      ]),
    ),
  };
}

/** docs/who-executes-what.md. */
export function whoExecutesWhat(): string {
  const rows = instructionRows();
  const oldest = [KERNEL_NAMES[0], QEMU_NAMES[0]] as const;
  const newest = [KERNEL_NAMES.at(-1)!, QEMU_NAMES.at(-1)!] as const;
  const at = ({ passedThrough: cells }: InstructionRow, [kernel, qemu]: readonly [string, string]): string =>
    cells.get(kernel)!.get(qemu)!;
  const summary = markdownTable(
    [
      'instruction',
      'state',
      'native',
      "QEMU's virtual device",
      `passed through, Linux ${oldest[0]}, QEMU ${oldest[1]}`,
      `passed through, Linux ${newest[0]}, QEMU ${newest[1]}`,
      'z/VM, dedicated',
    ],
    rows.map((row) => [
      row.title,
      row.probe.state,
      row.native,
      row.virtual,
      at(row, oldest),
      at(row, newest),
      row.zvm ?? '',
    ]),
  );
  const changing = rows.filter(({ passedThrough: cells }) => distinct(cells).size > 1);
  const same = rows.filter(({ passedThrough: cells }) => distinct(cells).size === 1);
  const sections = changing.map((row) => `### ${row.title}\n\n${generations(row)}`);
  return `${GENERATED}
${HEAD}
${summary}
## Passed through, by generation

Every pair of a kernel (${KERNEL_NAMES.join(', ')}) and a release of QEMU (${QEMU_NAMES.join(', ')}) was
probed. Alike with all ${KERNEL_NAMES.length * QEMU_NAMES.length}: ${same.map(({ title }) => title).join(', ')}.

${sections.join('\n')}`;
}

const distinct = (cells: InstructionRow['passedThrough']): Set<string> =>
  new Set([...cells.values()].flatMap((row) => [...row.values()]));

/** Neighbours that are alike stand together: kernels first, then releases. */
function generations({ passedThrough: cells }: InstructionRow): string {
  const kernels = alike(KERNEL_NAMES, (kernel) => QEMU_NAMES.map((qemu) => cells.get(kernel)!.get(qemu)!));
  const releases = alike(QEMU_NAMES, (qemu) => KERNEL_NAMES.map((kernel) => cells.get(kernel)!.get(qemu)!));
  return markdownTable(
    ['host kernel', ...releases.map((names) => `QEMU ${range(names)}`)],
    kernels.map((names) => [range(names), ...releases.map(([qemu]) => cells.get(names[0])!.get(qemu)!)]),
  );
}

function alike(names: readonly string[], of: (name: string) => readonly string[]): string[][] {
  const groups: string[][] = [];
  let before = '';
  for (const name of names) {
    const now = of(name).join('\n');
    if (now === before) groups.at(-1)!.push(name);
    else groups.push([name]);
    before = now;
  }
  return groups;
}

const range = (names: readonly string[]): string =>
  names.length === 1 ? names[0] : `${names[0]} to ${names.at(-1)}`;

const HEAD = `# Who executes what

Every I/O instruction was issued once in each of these places, in a simulation of its own, and this is what happened
between its issuing and its condition code: which instructions the host executed, which regions of vfio-ccw QEMU read or
wrote, and what the program was answered. So this is what the model does, not what somebody remembers; the probes are
\`src/reference/instruction-probes.ts\`. Guests have the relay \`upstream\` and the policies of QEMU; what other choices
do is in [scenario.md](scenario.md#strategies).

* _executed_: by the machine.
* _emulated_: by QEMU or CP on the guest's own subchannel; the host executes nothing, or only what stands behind it.
* _passed on_: the host executes the same instruction, and the guest has its answer.
* _in KVM_: the host's kernel answers, and QEMU does not see it.
* _does nothing_: accepted without any effect.
* _refused_: another condition code than that of an instruction which has done what it is for, or status that says so.

Virtual devices are those of QEMU ${RECORDED_QEMU.release} under TCG, as recorded. A condition code behind "emulated" is what they
show in that state: their programs are over when SSCH is, so nothing is left to halt or cancel. Their program check
comes from format-1 IDAWs that a little-endian host does not turn round. A cell that is empty under z/VM needs a program in
main storage, which guests of z/VM do not have here. Releases of QEMU that put passed-through devices into an image of their
own have \`squashMcss: true\`.
`;
