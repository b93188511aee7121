import { aftermathSection } from './aftermath.ts';
import { answer } from './answer.ts';
import { comparisonSection } from './comparison-charts.ts';
import { firstOfEach, type ReportRun } from './report-run.ts';
import { responseSection } from './response.ts';
import { runsSection } from './run-list.ts';
import type { Section } from './section.ts';
import { timelineSection } from './timeline.ts';
import { topologySection } from './topology.ts';
import { utilisationSection } from './utilisation.ts';

/** A report before it has a form: Markdown or a page. */
export interface Report {
  readonly title: string;
  readonly question: string;
  readonly answer: readonly string[];
  readonly sections: readonly Section[];
}

/** What is to be said of runs of one scenario, at least one. */
export function reportOf(runs: readonly ReportRun[]): Report {
  const [{ scenario }] = runs;
  const isTraced = firstOfEach(runs).some(({ events }) => events !== null);
  const found = answer(runs);
  const untraced = 'The runs recorded no events (`--trace none`), so there is no timeline.';
  return {
    title: scenario.name,
    question: scenario.about,
    answer: [
      ...(found.length > 0 ? found : ['Nothing happened to a channel path, and nobody asked for anything.']),
      ...(isTraced ? [] : [untraced]),
    ],
    sections: [
      aftermathSection(runs),
      timelineSection(runs),
      comparisonSection(runs),
      responseSection(runs),
      utilisationSection(runs),
      topologySection(runs),
      runsSection(runs),
    ].filter((section) => section !== null),
  };
}
