import { describe, expect, it } from 'vitest';
import type { EventInformation } from '../../src/zarch/chsc.ts';
import { ERC, RSC } from '../../src/zarch/crw.ts';
import { FakeChannelSubsystem } from './fake-css.ts';
import { Rig } from './rig.ts';

const SECOND = 1_000_000_000;
/** A CHPID of which the fake says that it has no valid description. */
const NOT_DESCRIBED = 0x7f;

/** Two devices online on CHPIDs 40 and 41, the recorder cleared. */
function rigOnline() {
  const devices = [0x1000, 0x1001].map((deviceNumber) => ({ deviceNumber, chpids: [0x40, 0x41] }));
  const rig = new Rig((sim) => new FakeChannelSubsystem(sim, devices), { online: true }).boot();
  rig.recorder.clear();
  return rig;
}

const event = (wanted: Partial<EventInformation>): EventInformation => ({
  more: false,
  overflow: false,
  notificationType: 0,
  contentCode: 2,
  reportingSource: 4,
  rsid: 0x40,
  validity: 0,
  fla: 0,
  incidentClass: 0,
  chpids: [],
  operation: 0,
  ...wanted,
});

describe('the channel-report collector', () => {
  it('one machine check drains everything that is queued by then', () => {
    const rig = rigOnline();
    for (let at = 0; at < 5; at++) rig.css.report({ rsc: RSC.CONFIGURATION_ALERT, erc: ERC.EVENT });
    rig.runFor(SECOND);
    expect(rig.recorder.count('machine-check')).toBe(1);
    expect(rig.recorder.count('stcrw', 0)).toBe(5);
    expect(rig.recorder.count('stcrw', 1)).toBe(1);
    // No handler for this source: nothing else happens.
    expect(rig.recorder.count('stsch')).toBe(0);
  });

  it('takes ids from the first word of a chain, and the source from the second', () => {
    const rig = rigOnline();
    rig.css.report({ rsc: RSC.CHANNEL_PATH, erc: ERC.INITIALIZED, chained: 1, rsid: 1 });
    rig.css.report({ rsc: RSC.SUBCHANNEL, erc: ERC.INITIALIZED, rsid: 0 });
    rig.runFor(SECOND / 2);
    expect(rig.recorder.count('chp.online')).toBe(0);
    const events = rig.recorder.seen.filter((it) => it.event === 'subchannel.event');
    expect(events.map(({ subchannel, a, b }) => ({ subchannel, process: a, action: b }))).toEqual([
      { subchannel: 1, process: 0, action: 7 },
    ]);
  });

  it('a path that arrives is told to its devices even when the machine does not describe it', () => {
    const rig = rigOnline();
    rig.css.report({ rsc: RSC.CHANNEL_PATH, erc: ERC.INITIALIZED, rsid: NOT_DESCRIBED });
    rig.runFor(SECOND / 2);
    expect(rig.recorder.count('chp.online')).toBe(1);
  });

  it('the chained word names the subchannel set', () => {
    const rig = rigOnline();
    rig.css.report({ rsc: RSC.SUBCHANNEL, erc: ERC.INITIALIZED, chained: 1, rsid: 0 });
    rig.css.report({ rsc: RSC.SUBCHANNEL, erc: ERC.INITIALIZED, rsid: 0x10 });
    rig.runFor(SECOND / 2);
    expect(rig.recorder.trace().filter((line) => line.startsWith('stsch'))).toEqual([
      'stsch 0.1.0000 cc=3 ena=0',
    ]);
  });

  it('reads the third and later words of a chain and throws them away', () => {
    const rig = rigOnline();
    const word = { rsc: RSC.SUBCHANNEL, erc: ERC.INITIALIZED, chained: 1 };
    rig.css.report({ ...word, rsid: 0 });
    rig.css.report({ ...word, rsid: 0 });
    rig.css.report({ ...word, rsid: 1 });
    rig.css.report({ ...word, rsid: 1, chained: 0 });
    rig.runFor(SECOND / 2);
    const looked = rig.recorder.seen
      .filter((it) => it.event === 'subchannel.event')
      .map((it) => it.subchannel);
    expect(looked).toEqual([0]);
    expect(rig.recorder.count('stcrw', 0)).toBe(4);
  });

  it('a word with overflow counts for nothing, but everybody looks at everything', () => {
    const rig = rigOnline();
    rig.css.report({ rsc: RSC.CHANNEL_PATH, erc: ERC.PERMANENT_NOT_INITIALIZED, overflow: 1, rsid: 0x40 });
    rig.css.events.push(event({}));
    rig.runFor(SECOND);
    expect(rig.recorder.count('chp.offline')).toBe(0);
    expect(rig.recorder.count('chsc')).toBe(0);
    expect(rig.recorder.count('verify.start')).toBe(2);
    expect(rig.recorder.count('stsch', 3)).toBe(4);
    expect(rig.css.events).toHaveLength(1);
  });
});

describe('event information', () => {
  const reportEvents = (rig: ReturnType<typeof rigOnline>, ...events: EventInformation[]): void => {
    rig.css.events.push(...events);
    rig.css.report({ rsc: RSC.CHANNEL_SUBSYSTEM, erc: ERC.EVENT });
    rig.runFor(SECOND / 2);
  };

  it('is read while there is more', () => {
    const rig = rigOnline();
    reportEvents(rig, event({ more: true, contentCode: 1 }), event({ contentCode: 1 }));
    expect(rig.recorder.count('chsc')).toBe(2);
    // Link incidents take no path away.
    expect(rig.recorder.count('verify.start')).toBe(0);
  });

  it('resource accessibility is CHP_ONLINE for all devices of the channel path', () => {
    const rig = rigOnline();
    reportEvents(rig, event({}));
    expect(rig.recorder.count('chp.online')).toBe(1);
    expect(rig.recorder.count('verify.start')).toBe(2);
  });

  it('resource accessibility of one link leaves devices behind other links alone', () => {
    const rig = rigOnline();
    reportEvents(rig, event({ validity: 0xc0, fla: 0x1040 }));
    expect(rig.recorder.count('verify.start')).toBe(2);
    rig.recorder.clear();
    reportEvents(rig, event({ validity: 0xc0, fla: 0x1055 }));
    expect(rig.recorder.count('chp.online')).toBe(1);
    expect(rig.recorder.count('verify.start')).toBe(0);
  });

  it('of a channel path that is varied off is ignored', () => {
    const rig = rigOnline();
    rig.act((self) => rig.linux.varyChpid(self, 0x40, false));
    rig.recorder.clear();
    reportEvents(rig, event({}));
    expect(rig.recorder.count('chp.online')).toBe(0);
    expect(rig.recorder.count('chsc')).toBe(1);
  });

  it('lost events have all subchannels looked at', () => {
    const rig = rigOnline();
    reportEvents(rig, event({ contentCode: 1, overflow: true }));
    expect(rig.recorder.count('verify.start')).toBe(2);
  });

  it('a configuration notification goes through the service-call processor', () => {
    const asked: string[] = [];
    const devices = [{ deviceNumber: 0x1000, chpids: [0x40, 0x41] }];
    const serviceProcessor = {
      channelPaths: () => [0x40, 0x41],
      configure: (chpid: number, on: boolean) => {
        asked.push(`${chpid.toString(16)} ${on}`);
        return 0;
      },
    };
    const rig = new Rig((sim) => new FakeChannelSubsystem(sim, devices), {
      online: true,
      serviceProcessor,
    }).boot();
    reportEvents(rig, event({ contentCode: 8, chpids: [0x41, 0x40], operation: 1 }));
    expect(asked).toEqual(['40 false', '41 false']);
    expect(rig.recorder.count('chp.offline')).toBe(2);
  });
});
