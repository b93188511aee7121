import type { SelectionPolicy } from '../channel/path-selection.ts';
import { fixed } from './fixed.ts';
import { leastBusy } from './least-busy.ts';
import { pooled } from './pooled.ts';
import { preferred } from './preferred.ts';
import { random } from './random.ts';
import { rotation } from './rotation.ts';
import type { PlainSelection, SelectionSpecification } from './specification.ts';
import { steering } from './steering.ts';

/** Path-selection policies without parameters by the name that scenarios use. */
export const SELECTIONS: Readonly<Record<PlainSelection, SelectionPolicy>> = {
  rotation,
  pooled,
  fixed,
  random,
  'least-busy': leastBusy,
  preferred,
};

/** The policy that a specification describes. */
export const createSelection = (specification: SelectionSpecification): SelectionPolicy =>
  specification.kind === 'steering' ? steering(specification) : SELECTIONS[specification.kind];
