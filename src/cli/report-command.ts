import path from 'node:path';
import { loadFigures } from '../output/figure.ts';
import type { Manifest } from '../output/manifest.ts';
import { writeWholeFile } from '../output/whole-file.ts';
import { reportMarkdown } from '../report/markdown.ts';
import { reportPage } from '../report/page.ts';
import { type Report, reportOf } from '../report/report.ts';
import { readRun } from '../report/report-run.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { readManifest } from './manifest-file.ts';
import { manifestsUnder } from './manifests-under.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface ReportOptions {
  /** The page; null: Markdown on stdout. */
  readonly html: string | null;
}

/** `chpsim report`: what folders of runs tell, without simulating anything. */
export async function reportCommand(
  terminal: Terminal,
  targets: readonly string[],
  { html }: ReportOptions,
): Promise<ExitCode> {
  try {
    const found = targets.flatMap((target) => manifestsUnder(terminal, target));
    const manifests = found.map((file) => ({
      folder: path.dirname(file),
      manifest: readManifest(terminal, file),
    }));
    checkSameScenario(manifests.map(({ manifest }) => manifest));
    const report = reportOf(manifests.map(({ folder, manifest }) => readRun(folder, manifest)));
    if (html === null) terminal.out(reportMarkdown(report));
    else await writePage(terminal, report, html);
    return EXIT.OK;
  } catch (error) {
    return reportFailure(terminal, error, '');
  }
}

function checkSameScenario(manifests: readonly Manifest[]): void {
  const names = [...new Set(manifests.map(({ scenario }) => scenario.name))];
  if (names.length > 1)
    throw new UsageError(`runs of several scenarios cannot be reported together: ${names.join(', ')}`);
}

/** The specifications of the figures go beside the page, so that they can be drawn otherwise. */
async function writePage(terminal: Terminal, report: Report, file: string): Promise<void> {
  const page = await reportPage(report, await loadFigures());
  const specs = report.sections.flatMap(({ figures }) =>
    figures.flatMap(({ id, picture }) => ('spec' in picture ? [[id, picture.spec] as const] : [])),
  );
  writeWholeFile(terminal.files, file, page);
  const beside = `${file.replace(/\.html?$/, '')}.specs.json`;
  writeWholeFile(terminal.files, beside, `${JSON.stringify(Object.fromEntries(specs))}\n`);
  terminal.err(`wrote ${file} and ${beside}\n`);
}
