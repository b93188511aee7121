import type { ObservedSystem } from '../observe/layers.ts';
import type { ResolvedScenario } from './resolved.ts';

/** The systems of a scenario as records and counts name them; an instruction script outside of a guest is the only one. */
export function observedSystems({ systems, program }: ResolvedScenario): ObservedSystem[] {
  if (program !== undefined && program.machine !== 'kvm') {
    return [{ name: 'program', layer: program.machine === 'qemu' ? 'guest' : 'host' }];
  }
  return systems.map(({ name, kind }) => ({ name, layer: kind === 'guest' ? 'guest' : 'host' }));
}
