import { describe, expect, it } from 'vitest';
import { CIO } from '../../src/linux/ccw-driver.ts';
import { ERC, RSC } from '../../src/zarch/crw.ts';
import { FakeChannelSubsystem } from './fake-css.ts';
import { Partition } from './partition.ts';
import { Rig } from './rig.ts';

/*
 * What Linux 6.1 does about each report: the table of docs/reports.md, instruction by instruction (linux reference 1.4).
 */

const SECOND = 1_000_000_000;
/** Two devices on CHPIDs 40 and 41, a third one elsewhere; all online in path groups. */
const DEVICES = [
  { deviceNumber: 0x1000, chpids: [0x40, 0x41] },
  { deviceNumber: 0x1001, chpids: [0x40, 0x41] },
  { deviceNumber: 0x1002, chpids: [0x42] },
];

function rigOnline() {
  const rig = new Rig((sim) => new FakeChannelSubsystem(sim, DEVICES), { online: true }).boot();
  rig.recorder.clear();
  return rig;
}

/** Kinds of instructions by what they are about, in their order; `stsch!` found no subchannel. */
function reaction(rig: Rig<FakeChannelSubsystem>): Record<string, string> {
  const kinds: Record<string, string[]> = {};
  for (const line of rig.recorder.trace()) {
    const [name, subject, code] = line.split(' ');
    if (name === 'interrupt' || name === 'tsch') continue;
    const about = name === 'stcrw' ? 'reports' : name === 'chsc' ? 'chsc' : subject;
    const kind = name === 'stcrw' ? subject.slice(3) : name === 'chsc' ? subject : name;
    kinds[about] = [...(kinds[about] ?? []), code === 'cc=3' ? `${kind}!` : kind];
  }
  return Object.fromEntries(Object.entries(kinds).map(([about, words]) => [about, words.join(' ')]));
}

const DRAINED = { reports: '0 1' };
/** STSCH to see what became of the subchannel, then the verification: STSCH, SENSE PATH GROUP ID on each path, STSCH. */
const EVALUATED = 'stsch stsch ssch ssch stsch';
/** A path that is gone costs one more STSCH: what runs on it must be stopped. */
const LOST = 'stsch stsch stsch ssch ssch stsch';
/** A second later, subchannels that are not known are looked for in each set. */
const REPROBED = { '0.0.0003': 'stsch!', '0.1.0000': 'stsch!', '0.2.0000': 'stsch!', '0.3.0000': 'stsch!' };
const BOTH = (what: string) => ({ '0.0.0000': what, '0.0.0001': what });

const NOTHING = DRAINED;
const ARRIVAL = { ...DRAINED, chsc: '0002 0002', ...BOTH(EVALUATED), ...REPROBED };
const DEPARTURE = { ...DRAINED, chsc: '0002 0002', ...BOTH(LOST) };
const SUBCHANNEL = { reports: '0 0 1', '0.0.0000': EVALUATED };
const REFRESHED = { ...SUBCHANNEL, chsc: '0004' };
const EVENTS = { ...DRAINED, chsc: '000e' };

/** Error-recovery codes in the order of the columns. */
const CODES = Object.values(ERC);
const each = (usual: object, others: Partial<Record<number, object>> = {}) =>
  CODES.map((erc) => ({ erc, expected: others[erc] ?? usual }));

const TABLE: { source: string; rsc: number; rsid: number; rows: { erc: number; expected: object }[] }[] = [
  { source: 'monitoring facility', rsc: RSC.MONITORING, rsid: 0, rows: each(NOTHING) },
  {
    source: 'subchannel',
    rsc: RSC.SUBCHANNEL,
    rsid: 0,
    rows: each(SUBCHANNEL, { [ERC.PARAMETERS_MODIFIED]: REFRESHED }),
  },
  {
    source: 'channel path',
    rsc: RSC.CHANNEL_PATH,
    rsid: 0x40,
    rows: each(NOTHING, {
      [ERC.INITIALIZED]: ARRIVAL,
      [ERC.PARAMETERS_INITIALIZED]: ARRIVAL,
      [ERC.PERMANENT_NOT_INITIALIZED]: DEPARTURE,
      [ERC.PERMANENT_INITIALIZED]: DEPARTURE,
    }),
  },
  { source: 'configuration alert', rsc: RSC.CONFIGURATION_ALERT, rsid: 0, rows: each(NOTHING) },
  { source: 'channel subsystem', rsc: RSC.CHANNEL_SUBSYSTEM, rsid: 0, rows: each(EVENTS) },
];

describe.each(TABLE)('a report of source $source', ({ rsc, rsid, rows }) => {
  it.each(rows)('with error-recovery code $erc', ({ erc, expected }) => {
    const rig = rigOnline();
    if (rsc === RSC.SUBCHANNEL) rig.css.report({ rsc, erc, rsid, chained: 1 });
    rig.css.report({ rsc, erc, rsid: rsc === RSC.SUBCHANNEL ? 0 : rsid });
    rig.runFor(5 * SECOND);
    expect(reaction(rig)).toEqual(expected);
  });
});

describe('a report that a program asked for', () => {
  it.each(CODES)('about a channel path is read and forgotten (error-recovery code %i)', (erc) => {
    const rig = rigOnline();
    rig.css.report({ rsc: RSC.CHANNEL_PATH, erc, rsid: 0x40, solicited: 1 });
    rig.runFor(5 * SECOND);
    expect(reaction(rig)).toEqual(NOTHING);
  });

  it('about a subchannel is no different from others', () => {
    const rig = rigOnline();
    rig.css.report({ rsc: RSC.SUBCHANNEL, erc: ERC.PARAMETERS_INITIALIZED, rsid: 0, solicited: 1 });
    rig.runFor(5 * SECOND);
    expect(reaction(rig)).toEqual({ ...DRAINED, '0.0.0000': EVALUATED });
  });
});

describe('a report after lost ones', () => {
  it.each(Object.values(RSC))('has all subchannels looked at, whatever its source (%i)', (rsc) => {
    const rig = rigOnline();
    rig.css.report({ rsc, erc: ERC.PERMANENT_NOT_INITIALIZED, rsid: 0x40, overflow: 1 });
    rig.runFor(5 * SECOND);
    expect(reaction(rig)).toEqual({
      ...DRAINED,
      ...BOTH(EVALUATED),
      '0.0.0002': 'stsch stsch ssch stsch',
      ...REPROBED,
    });
  });
});

describe('a channel path that Linux', () => {
  const report = (rig: ReturnType<typeof rigOnline>, erc: number, rsid = 0x40) => {
    rig.css.report({ rsc: RSC.CHANNEL_PATH, erc, rsid });
    rig.runFor(5 * SECOND);
    return reaction(rig);
  };
  const variedOff = () => {
    const rig = rigOnline();
    rig.act((self) => rig.linux.varyChpid(self, 0x40, false), 5 * SECOND);
    rig.recorder.clear();
    return rig;
  };

  it('has varied off stays so when it arrives', () => {
    expect(report(variedOff(), ERC.INITIALIZED)).toEqual(NOTHING);
  });

  it('has varied off is not looked at when it goes', () => {
    expect(report(variedOff(), ERC.PERMANENT_NOT_INITIALIZED)).toEqual(NOTHING);
  });

  it('does not know concerns no subchannel when it goes', () => {
    expect(report(rigOnline(), ERC.PERMANENT_NOT_INITIALIZED, 0x55)).toEqual(NOTHING);
  });

  it('does not know is registered when it arrives', () => {
    const { chsc } = report(rigOnline(), ERC.INITIALIZED, 0x55);
    expect(chsc.split(' ')).toContain('0002');
  });
});

describe('a device of the machine', () => {
  it('that is taken away is given up, and recognized when it comes back', () => {
    const { rig, machine } = new Partition();
    rig.driver.keeps = false;
    const [sch] = rig.css.subchannels;
    machine.devices.detach(rig.css, sch);
    rig.runFor(5 * SECOND);
    expect(rig.recorder.count('stcrw', 0)).toBe(2);
    expect(rig.driver.log).toContain(`notify ${CIO.GONE}`);
    expect(rig.linux.device(0x1000)).toBeUndefined();

    machine.devices.attach(rig.css, sch);
    rig.runFor(5 * SECOND);
    expect(rig.linux.device(0x1000)?.online).toBe(true);
  });

  it('that is kept by its driver works again when it comes back', () => {
    const { rig, machine } = new Partition();
    const [sch] = rig.css.subchannels;
    machine.devices.detach(rig.css, sch);
    rig.runFor(5 * SECOND);
    machine.devices.attach(rig.css, sch);
    rig.runFor(5 * SECOND);
    expect(rig.driver.log).toContain(`notify ${CIO.OPER}`);
    expect(rig.linux.device(0x1000)?.online).toBe(true);
  });

  it('is found even when its report was lost', () => {
    const { rig, machine } = new Partition({ crwQueueDepth: 1 });
    rig.driver.keeps = false;
    rig.css.injectReport(0x02000000);
    machine.devices.detach(rig.css, rig.css.subchannels[0]);
    expect(rig.css.reports.lost).toBe(1);
    rig.runFor(5 * SECOND);
    expect(rig.linux.device(0x1000)).toBeUndefined();
    expect(rig.linux.device(0x1001)?.online).toBe(true);
  });
});
