import type { Fault } from './fault.ts';

/**
 * Names the random streams of a fault after what it is, not after its position, so that another fault in the scenario
 * moves no draw.
 */
export function faultKey(fault: Fault): string {
  return fault.name === '' ? `${fault.kind}-${concerned(fault)}-${fault.atNs}` : fault.name;
}

function concerned(fault: Fault): string {
  if ('chpids' in fault) return fault.chpids.join(',');
  if ('part' in fault && fault.part !== '') return fault.part;
  if ('links' in fault)
    return fault.links.map(({ chpid, controlUnit }) => `${chpid}/${controlUnit}`).join(',');
  return '';
}
