import { E } from '../linux/errno.ts';
import { REGION } from '../linux/vfio/uapi.ts';
import type { EventName } from '../observe/event-table.ts';
import { DSTAT } from '../zarch/scsw.ts';
import type { InstructionProbe } from './instruction-probes.ts';
import type { ProbeEvent, ProbeResult } from './script-probe.ts';

/** Who may answer an instruction. */
export type Place = 'native' | 'virtual' | 'passed-through' | 'zvm';

/** Who has executed an instruction, as told by the events between its issuing and its condition code. */
export type Verdict = 'executed' | 'passed on' | 'emulated' | 'in KVM' | 'does nothing' | 'refused';

export interface Execution {
  readonly verdict: Verdict;
  /** What there is to say besides: regions, instructions of the host, condition codes. */
  readonly details: readonly string[];
}

/** Host systems come first in probes. */
const HOST = 0;
const PROGRAM_CHECK = 0x20;

const INSTRUCTIONS: ReadonlySet<EventName> = new Set([
  ...(['ssch', 'hsch', 'csch', 'xsch', 'rsch', 'stsch', 'msch', 'tsch'] as const),
  ...(['stcrw', 'chsc', 'rchp', 'schm'] as const),
]);
const REGION_NAMES: Readonly<Record<number, string>> = {
  [REGION.IO]: 'I/O region',
  [REGION.COMMAND]: 'command region',
  [REGION.SCHIB]: 'SCHIB region',
  [REGION.CRW]: 'CRW region',
};
const ERROR_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(E).map(([name, number]) => [number, `-E${name}`]),
);

/** Reads an execution out of what a probe has seen. */
export function executionOf(place: Place, probe: InstructionProbe, result: ProbeResult): Execution {
  const answer = answerOf(probe, result);
  if (place === 'native') return { verdict: 'executed', details: answer };
  // QEMU accepts it, and stores nothing (target/s390x/ioinst.c).
  const isNothing = place !== 'zvm' && probe.instruction === 'stcps' && result.events.length === 0;
  if (isNothing) return { verdict: 'does nothing', details: answer };
  if (place === 'virtual') return { verdict: 'emulated', details: answer };
  const inHost = hostInstructions(result.events);
  const isPassedOn = inHost.some(({ name, cc }) => name === probe.instruction && cc === 0);
  const details = [...answer, ...regionsOf(result.events), ...inHost.map(told)];
  if (answer.length > 0) return { verdict: 'refused', details };
  if (place === 'zvm')
    return isPassedOn ? { verdict: 'passed on', details: [] } : { verdict: 'emulated', details };
  // Without an exit the kernel's KVM has answered.
  if (result.events.length === 0) return { verdict: 'in KVM', details };
  const wrote = result.events.some(({ name }) => name === 'vmm.pwrite');
  if (isPassedOn && wrote) return { verdict: 'passed on', details: regionsOf(result.events) };
  return { verdict: 'emulated', details };
}

/** `passed on (command region)`: one cell of a table. */
export const cellOf = ({ verdict, details }: Execution): string =>
  details.length === 0 ? verdict : `${verdict} (${details.join(', ')})`;

/** What the program was answered, where the instruction has not done what it is for. */
function answerOf({ done, endsWithStatus }: InstructionProbe, result: ProbeResult): string[] {
  const { cc, pgm, deviceStatus, subchannelStatus } = result;
  if (pgm !== 0) return [`program interruption ${pgm}`];
  if (cc !== done) return [`cc ${cc}`];
  if (!endsWithStatus || deviceStatus < 0) return [];
  if ((subchannelStatus & PROGRAM_CHECK) !== 0) return ['program check'];
  return (deviceStatus & DSTAT.UNIT_EXCEPTION) !== 0 ? ['unit exception'] : [];
}

const hostInstructions = (events: readonly ProbeEvent[]): ProbeEvent[] =>
  events.filter(({ name, system }) => system === HOST && INSTRUCTIONS.has(name));

const told = ({ name, cc }: ProbeEvent): string => `host ${name.toUpperCase()}${cc === 0 ? '' : ` cc ${cc}`}`;

/** Regions of vfio-ccw that QEMU has read or written, with what the kernel did not like. */
const regionsOf = (events: readonly ProbeEvent[]): string[] =>
  events
    .filter(({ name }) => name === 'vmm.pwrite' || name === 'vmm.pread')
    .map(({ a: region, b: rc }) => `${REGION_NAMES[region]}${rc === E.OK ? '' : ` ${ERROR_NAMES[rc]}`}`);
