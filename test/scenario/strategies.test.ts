import { describe, expect, it } from 'vitest';
import { scenarioWithOrder } from '../../src/scenario/with-order.ts';
import { errorsOf, runsOf } from './load.ts';

/** A host with two volumes, both of which a guest has. */
const GUEST = `
systems:
  host: { kind: kvm-host }
  guest1: { kind: guest, on: host, passthrough: 0.0.1000-0.0.1001 }
`;

describe('relays in a scenario', () => {
  it('give a run each, named after the relay and its modifiers', () => {
    const runs = runsOf(`${GUEST}
strategies:
  relay: [static, { coalesce: { window: debounce, length: 5ms, over: { dedupe: { over: report-per-chpid } } } }]
`);
    expect(runs.map(({ run }) => run)).toEqual([
      'static',
      'coalesce-debounce-5ms.dedupe-drop-equal-pending.report-per-chpid',
    ]);
    expect(runs[1].strategy.relay).toEqual({
      kind: 'coalesce',
      window: 'debounce',
      lengthNs: 5_000_000,
      over: { kind: 'dedupe', policy: 'drop-equal-pending', over: { kind: 'report-per-chpid' } },
    });
  });

  it('multiply with path-selection policies', () => {
    const runs = runsOf(`${GUEST}
strategies: { relay: [upstream, static], selection: [rotation, pooled] }
`);
    expect(runs.map(({ run }) => run)).toEqual([
      'upstream.rotation',
      'upstream.pooled',
      'static.rotation',
      'static.pooled',
    ]);
  });

  it('make no difference where no guest has devices of a host', () => {
    const [run, ...others] = runsOf('strategies: { relay: [upstream, static] }');
    expect(run.run).toBe('rotation');
    expect(run.strategy).toEqual({ name: 'rotation', selection: { kind: 'rotation' } });
    expect(others).toEqual([]);
  });

  it('are upstream unless the scenario says otherwise', () => {
    expect(runsOf(GUEST).map(({ run }) => run)).toEqual(['upstream']);
  });

  it.each([
    ['upsream', 's.yaml:1:22: strategies.relay: "upsream" is unknown; did you mean "upstream"?'],
    [
      '{ coalesce: { windw: debounce } }',
      's.yaml:1:36: strategies.relay.coalesce.windw: unknown key; did you mean "window"?',
    ],
    [
      '{ dedupe: { over: { dedupe: { polcy: x } } } }',
      's.yaml:1:52: strategies.relay.dedupe.over.dedupe.polcy: unknown key; did you mean "policy"?',
    ],
    [
      '{ coalesce: {}, dedupe: {} }',
      's.yaml:1:22: strategies.relay: a relay has exactly one modifier; write for instance { coalesce: { over: { dedupe: { over: upstream } } } }',
    ],
  ])('are refused when they are written %s', (relay, message) => {
    expect(errorsOf(`strategies: { relay: ${relay} }`)).toEqual([message]);
  });
});

describe('path groups in a scenario', () => {
  it('are as in Linux, and then part of no strategy', () => {
    const [run] = runsOf(GUEST);
    expect(run.strategy.grouping).toBeUndefined();
    expect(run.strategy.passthrough).toMatchObject({ pathGroup: 'guest' });
  });

  it('name the runs of a partition and of a host', () => {
    const strategies = 'strategies: { grouping: [multipath, none], pathGroup: [guest, host] }';
    expect(runsOf(strategies).map(({ run }) => run)).toEqual([
      'rotation.grouping-multipath',
      'rotation.grouping-none',
    ]);
    expect(runsOf(`${GUEST}\n${strategies}`).map(({ run }) => run)).toEqual([
      'upstream.pgid-guest.grouping-multipath',
      'upstream.pgid-guest.grouping-none',
      'upstream.pgid-host.grouping-multipath',
      'upstream.pgid-host.grouping-none',
    ]);
  });

  it('have one mode where there is no list', () => {
    const [run, ...others] = runsOf('strategies: { grouping: single-path }');
    expect(run.run).toBe('rotation');
    expect(run.strategy.grouping).toBe('single-path');
    expect(others).toEqual([]);
  });
});

describe('path-selection policies', () => {
  it('may have parameters, which name runs where they are not the usual ones', () => {
    const runs = runsOf(`
strategies: { selection: [least-busy, { steering: { alpha: 0.2 } }, { steering: { alpha: 50%, margin: 0 } }] }
`);
    expect(runs.map(({ run }) => run)).toEqual(['least-busy', 'steering', 'steering-alpha-0.5-margin-0']);
    expect(runs[2].strategy.selection).toEqual({ kind: 'steering', alpha: 0.5, reprobe: 0.01, margin: 0 });
  });

  it.each([
    ['leest-busy', 's.yaml:1:26: strategies.selection: "leest-busy" is unknown; did you mean "least-busy"?'],
    [
      '{ steering: { alpha: 0 } }',
      's.yaml:1:47: strategies.selection.steering.alpha: 0 is zero; it must be more than zero',
    ],
    [
      '{ steering: { alhpa: 0.1 } }',
      's.yaml:1:40: strategies.selection.steering.alhpa: unknown key; did you mean "alpha"?',
    ],
  ])('are refused when they are written %s', (selection, message) => {
    expect(errorsOf(`strategies: { selection: ${selection} }`)).toEqual([message]);
  });
});

describe('path-recovery policies', () => {
  it('give a run each, named with the parameters that are not the usual ones', () => {
    const runs = runsOf(`
strategies:
  recovery: [linux, zos-cu, { zos-cu: { threshold: 20, interval: 10 } }, { linux: { timer: [1s, 10s] } }]
`);
    expect(runs.map(({ run }) => run)).toEqual([
      'rotation.linux',
      'rotation.zos-cu',
      'rotation.zos-cu-threshold-20',
      'rotation.linux-timer-1s+10s',
    ]);
    expect(runs[0].strategy.paths).toBeUndefined();
    expect(runs[2].strategy.paths?.recovery).toEqual({ kind: 'zos-cu', threshold: 20, interval: 10 });
  });

  it('multiply with what is done about operations, and with turns of verification', () => {
    const runs = runsOf(`
strategies: { inFlight: [kill, { timeout: { after: 5s } }], verificationThrottle: [none, { concurrent: 4 }] }
`);
    expect(runs.map(({ run }) => run)).toEqual([
      'rotation.in-flight-kill.throttle-unlimited',
      'rotation.in-flight-kill.throttle-4',
      'rotation.in-flight-timeout-5s.throttle-unlimited',
      'rotation.in-flight-timeout-5s.throttle-4',
    ]);
  });

  it.each([
    ['zos-cv', 's.yaml:1:25: strategies.recovery: "zos-cv" is unknown; did you mean "zos-cu"?'],
    [
      '{ linux: {}, zos-cu: {} }',
      's.yaml:1:25: strategies.recovery: a recovery policy has exactly one name; write for instance { zos-cu: { threshold: 20 } }, or just zos-cu',
    ],
    [
      '{ hold-down: { reuse: 0 } }',
      's.yaml:1:47: strategies.recovery.hold-down.reuse: it must be more than zero',
    ],
    [
      '{ hold-down: { suppress: 1, reuse: 1 } }',
      's.yaml:1:25: strategies.recovery: "reuse" is 1, and "suppress" 1; a path is used again below a smaller penalty than that which takes it out of use',
    ],
  ])('are refused when they are written %s', (recovery, message) => {
    expect(errorsOf(`strategies: { recovery: ${recovery} }`)).toEqual([message]);
  });
});

describe('policies of one list', () => {
  it.each([
    ['selection: [rotation, rotation]', 'rotation'],
    ['recovery: [zos-cu, { zos-cu: { threshold: 10 } }]', 'rotation.zos-cu'],
  ])('are told apart: { %s }', (list, name) => {
    expect(errorsOf(`strategies: { ${list} }`)).toEqual([
      `s.yaml:1:13: strategies: several runs have the name "${name}"; write each policy of a list once`,
    ]);
  });
});

describe('cases of strategies', () => {
  it('are the runs, each with what differs from the keys beside', () => {
    const runs = runsOf(`
strategies:
  verificationThrottle: { concurrent: 8 }
  cases:
    plain: {}
    steering: { selection: steering }
    alone: { verificationThrottle: none, recovery: hold-down }
`);
    expect(runs.map(({ run }) => run)).toEqual(['plain', 'steering', 'alone']);
    expect(runs.map(({ strategy }) => strategy.selection.kind)).toEqual(['rotation', 'steering', 'rotation']);
    expect(runs.map(({ strategy }) => strategy.paths?.verificationLimit)).toEqual([
      { concurrent: 8, per: 'system' },
      { concurrent: 8, per: 'system' },
      null,
    ]);
    expect(runs[2].strategy.paths?.recovery.kind).toBe('hold-down');
  });

  it('multiply where they have lists, or lists stand beside them', () => {
    const runs = runsOf(`
strategies:
  inFlight: [kill, wait]
  cases: { one: { inFlight: ladder }, two: {}, three: { selection: [fixed, random], inFlight: kill } }
`);
    expect(runs.map(({ run }) => run)).toEqual([
      'one',
      'two.rotation.in-flight-kill',
      'two.rotation.in-flight-wait',
      'three.fixed',
      'three.random',
    ]);
  });

  it('follow the name of a variant', () => {
    const runs = runsOf(
      `
systems: {}
variants: { two: { systems: { lpar1: {} } } }
strategies: { cases: { plain: {}, fixed: { selection: fixed } } }
`.replace('systems: {}\n', ''),
    );
    expect(runs.map(({ run }) => run)).toContain('two.fixed');
  });

  it('are written alone where one run is explored', () => {
    const text = `
strategies:
  recovery: [linux, manual]
  cases: { plain: {}, waiting: { inFlight: [kill, wait] } }
explore: { window: [1s, 2s] }
`;
    for (const run of runsOf(text)) {
      const [again, ...others] = runsOf(scenarioWithOrder({ text, overrides: [] }, run, []));
      const { name: _name, ...policies } = run.strategy;
      expect(again.strategy).toMatchObject(policies);
      expect(again.strategy.paths).toEqual(run.strategy.paths);
      expect(others).toEqual([]);
    }
  });

  it.each([
    ['{ a b: {} }', 's.yaml:1:24: strategies.cases["a b"]: '],
    [
      '{ a: { selektion: fixed } }',
      's.yaml:1:29: strategies.cases.a.selektion: unknown key; did you mean "selection"?',
    ],
    [
      '{ a: { selection: fixt } }',
      's.yaml:1:40: strategies.cases.a.selection: "fixt" is unknown; did you mean "fixed"?',
    ],
  ])('are refused when they are written %s', (cases, message) => {
    expect(errorsOf(`strategies: { cases: ${cases} }`)[0]).toContain(message);
  });
});

describe('checks of single runs', () => {
  it('are said of these alone', () => {
    const runs = runsOf(`
strategies: { selection: [rotation, pooled] }
expect:
  - { counts: { machine.crw: 0 } }
  - { run: pooled, counts: { host.snid: 0 } }
thresholds:
  - { run: [rotation, pooled], expr: io.lost == 0 }
`);
    expect(runs.map(({ expectations, thresholds }) => [expectations.length, thresholds.length])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('must name runs that there are', () => {
    expect(errorsOf('expect: [{ run: roation, never: fault }]')).toEqual([
      's.yaml:1:17: expect[0].run: unknown run "roation"; did you mean "rotation"?',
    ]);
  });
});
