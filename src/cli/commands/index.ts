import { addAuditTies } from './audit-ties.ts';
import { addBaseline } from './baseline.ts';
import { addCompare } from './compare.ts';
import { addCompletion } from './completion.ts';
import type { AddCommand } from './context.ts';
import { addDiff } from './diff.ts';
import { addDiffTrace } from './diff-trace.ts';
import { addExplain } from './explain.ts';
import { addExplore } from './explore.ts';
import { addImport } from './import.ts';
import { addNew } from './new.ts';
import { addReplay } from './replay.ts';
import { addReport } from './report.ts';
import { addRun } from './run.ts';
import { addShow } from './show.ts';
import { addSweep } from './sweep.ts';
import { addSchema, addValidate } from './validate.ts';
import { addWorker } from './worker.ts';

/** The commands in the order in which help lists them. */
export const COMMANDS: readonly AddCommand[] = [
  addNew,
  addImport,
  addRun,
  addValidate,
  addCompare,
  addBaseline,
  addReplay,
  addShow,
  addDiff,
  addReport,
  addDiffTrace,
  addExplore,
  addAuditTies,
  addSweep,
  addWorker,
  addSchema,
  addExplain,
  addCompletion,
];
