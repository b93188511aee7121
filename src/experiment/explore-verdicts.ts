import { formatSubchannel } from '../zarch/ids.ts';
import { STCTL } from '../zarch/scsw.ts';
import type { RunFigures } from './run-figures.ts';
import type { Verdict } from './verdicts.ts';

/** Troubles told of one invariant; more of them say nothing more. */
const TOLD = 3;

/**
 * What must hold in every order of events, besides the laws of conservation and what the scenario itself expects. A plain
 * run of such a scenario is judged in the same way, so that an order that fails fails again.
 */
export function judgeExploration(run: RunFigures, order: { readonly misfit: string } | null): Verdict[] {
  const { explore } = run.scenario;
  if (explore === undefined) return [];
  return [
    verdict('every request ends', run.lost === 0 ? [] : [`${run.lost} lost`]),
    verdict('a read returns what was written last', staleReads(run)),
    verdict('every interruption has a cause', causeless(run)),
    ...(explore.settled ? [verdict('all is settled at the end', unsettled(run))] : []),
    ...(order === null
      ? []
      : [verdict('the order of events fits', order.misfit === '' ? [] : [order.misfit])]),
  ];
}

function verdict(text: string, troubles: readonly string[]): Verdict {
  const fails = troubles.length > 0;
  const more = troubles.length > TOLD ? ` and ${troubles.length - TOLD} more` : '';
  return {
    kind: 'expectation',
    text,
    phase: '',
    outcome: fails ? 'failed' : 'met',
    fails,
    value: null,
    unit: '',
    reason: troubles.slice(0, TOLD).join(', ') + more,
  };
}

function staleReads({ observer: { versions } }: RunFigures): string[] {
  return versions.staleReads === 0 ? [] : [`${versions.staleReads} did not`];
}

/** Interruption conditions that wait although their subchannel has no status. */
const causeless = ({ final }: RunFigures): string[] =>
  (final?.subchannels ?? [])
    .filter(({ schib, interruptionPending }) => interruptionPending && !isStatusPending(schib.scsw.stctl))
    .map(({ subchannel }) => `subchannel ${formatSubchannel(subchannel)} has no status`);

/** Functions and status that nobody has fetched the end of, and masks that are not the truth. */
function unsettled({ final, observer }: RunFigures): string[] {
  const active = (final?.subchannels ?? []).flatMap(({ subchannel, schib: { scsw } }) => {
    if (isStatusPending(scsw.stctl)) return [`status pending at subchannel ${formatSubchannel(subchannel)}`];
    return scsw.fctl === 0 ? [] : [`function in progress at subchannel ${formatSubchannel(subchannel)}`];
  });
  const wrong = [...observer.paths.masks()]
    .filter((masks) => masks.wrong !== 0)
    .map(
      ({ subchannel, lpm, opm, truth }) =>
        `lpm ${hex(lpm)} at subchannel ${formatSubchannel(subchannel)}, truth ${hex(truth & opm)}`,
    );
  return [...active, ...wrong];
}

const isStatusPending = (stctl: number): boolean => (stctl & STCTL.PENDING) !== 0;
const hex = (mask: number): string => mask.toString(16).padStart(2, '0');
