import type { SelectionPolicy } from '../channel/path-selection.ts';
import { pooled } from './pooled.ts';
import { rotation } from './rotation.ts';

/** Path-selection policies by the name that scenarios use. */
export const SELECTION_POLICIES: Readonly<Record<string, SelectionPolicy>> = { rotation, pooled };
