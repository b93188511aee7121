import { describe, expect, it } from 'vitest';
import { COMMAND } from '../../src/zarch/commands.ts';
import { ERC, RSC } from '../../src/zarch/crw.ts';
import { FakeChannelSubsystem, type FakeDevice } from './fake-css.ts';
import { Rig } from './rig.ts';

const CHPIDS = [0x40, 0x41, 0x42, 0x43];
const DEVICES = 7;
const SECOND = 1_000_000_000;

function dasd(count: number): FakeDevice[] {
  return Array.from({ length: count }, (_, at) => ({ deviceNumber: 0x1000 + at, chpids: CHPIDS }));
}

/** `DEVICES` devices online on four paths, the recorder cleared. */
function rigOnline(deviceNs = 0) {
  const rig = new Rig((sim) => new FakeChannelSubsystem(sim, dasd(DEVICES), { deviceNs }), {
    online: true,
  }).boot();
  rig.recorder.clear();
  rig.driver.log.length = 0;
  return rig;
}
type Online = ReturnType<typeof rigOnline>;

const report = (rig: Online, erc: number, times = 1): void => {
  for (let at = 0; at < times; at++) rig.css.report({ rsc: RSC.CHANNEL_PATH, erc, rsid: 0x40 });
};
const lose = (rig: Online, times = 1): void => {
  rig.css.setPath(0x40, false, (group) => group.fill(0x80, 0, 1));
  report(rig, ERC.PERMANENT_NOT_INITIALIZED, times);
};
const counts = ({ recorder }: Online) => ({
  stsch: recorder.count('stsch', 0),
  snid: recorder.countCommand(COMMAND.snid),
  spid: recorder.countCommand(COMMAND.spid),
  verify: recorder.count('verify.start'),
});

describe('a channel path under devices with path groups', () => {
  it('going: 4 STSCH and one SNID per remaining path for each device, nothing to set', () => {
    const rig = rigOnline();
    lose(rig);
    rig.runFor(SECOND);
    expect(counts(rig)).toEqual({ stsch: 4 * DEVICES, snid: 3 * DEVICES, spid: 0, verify: DEVICES });
    expect(rig.recorder.count('chsc')).toBe(2);
    expect(rig.driver.log).toEqual(Array(DEVICES).fill('path 10000000'));
    expect(rig.linux.pathMasks(0)).toEqual({ lpm: 0x70, vpm: 0x70, opm: 0xff });
  });

  it('coming back ungrouped: 3 STSCH, P SNID, one SPID; a second later one STSCH cc 3 per subchannel set', () => {
    const rig = rigOnline();
    lose(rig);
    rig.runFor(SECOND);
    rig.recorder.clear();
    rig.css.setPath(0x40, true);
    report(rig, ERC.INITIALIZED);
    rig.runFor(SECOND / 2);
    expect(counts(rig)).toEqual({ stsch: 3 * DEVICES, snid: 4 * DEVICES, spid: DEVICES, verify: DEVICES });
    expect(rig.recorder.count('stsch', 3)).toBe(0);
    rig.runFor(SECOND);
    expect(rig.recorder.count('stsch', 3)).toBe(4);
    expect(rig.recorder.count('stsch', 0)).toBe(3 * DEVICES);
    expect(rig.driver.log.slice(DEVICES)).toEqual(Array(DEVICES).fill('path 20000000'));
  });

  it('coming back reset: the driver hears that the group was established again', () => {
    const rig = rigOnline();
    rig.css.setPath(0x40, false, (group) => group.fill(0));
    report(rig, ERC.PERMANENT_NOT_INITIALIZED);
    rig.runFor(SECOND);
    rig.css.setPath(0x40, true);
    report(rig, ERC.INITIALIZED);
    rig.runFor(SECOND);
    expect(rig.driver.log.slice(DEVICES)).toEqual(Array(DEVICES).fill('path 60000000'));
  });

  it('a reset notification costs one more SNID', () => {
    const rig = rigOnline();
    lose(rig);
    rig.runFor(SECOND);
    rig.recorder.clear();
    rig.css.setPath(0x40, true);
    const notified = new Set<number>();
    for (const [number, sch] of rig.css.subchannels[0].entries()) {
      sch.device.answer = (path) => {
        if (path !== 0 || notified.has(number)) return 'end';
        notified.add(number);
        return { sense: 0 };
      };
    }
    report(rig, ERC.INITIALIZED);
    rig.runFor(SECOND / 2);
    expect(counts(rig)).toEqual({ stsch: 3 * DEVICES, snid: 5 * DEVICES, spid: DEVICES, verify: DEVICES });
  });

  it.each([2, 3, 7])(
    '%i equal reports before verification ends: N(2R+3) and N(R+3) STSCH, two verifications',
    (times) => {
      const rig = rigOnline(1_000_000);
      lose(rig, times);
      rig.runFor(SECOND);
      expect(counts(rig)).toMatchObject({ stsch: DEVICES * (2 * times + 3), verify: 2 * DEVICES });
      rig.recorder.clear();
      rig.css.setPath(0x40, true);
      report(rig, ERC.INITIALIZED, times);
      rig.runFor(SECOND / 2);
      expect(counts(rig)).toMatchObject({ stsch: DEVICES * (times + 3), verify: 2 * DEVICES });
    },
  );

  it('equal reports one at a time: each is a loss of its own', () => {
    const rig = rigOnline();
    lose(rig);
    rig.runFor(SECOND);
    report(rig, ERC.PERMANENT_NOT_INITIALIZED);
    rig.runFor(SECOND);
    expect(counts(rig)).toEqual({ stsch: 8 * DEVICES, snid: 6 * DEVICES, spid: 0, verify: 2 * DEVICES });
  });

  it('varied off, a channel path is deaf to reports', () => {
    const rig = rigOnline();
    expect(rig.act((self) => rig.linux.varyChpid(self, 0x40, false))).toBe(0);
    rig.recorder.clear();
    report(rig, ERC.INITIALIZED);
    report(rig, ERC.PERMANENT_NOT_INITIALIZED);
    rig.runFor(SECOND);
    expect(rig.recorder.count('chsc')).toBe(0);
    expect(counts(rig)).toEqual({ stsch: 0, snid: 0, spid: 0, verify: 0 });
  });

  it('varied off: every path is asked, and the one that goes resigns from the group', () => {
    const rig = rigOnline();
    rig.act((self) => rig.linux.varyChpid(self, 0x41, false));
    expect(counts(rig)).toEqual({ stsch: 3 * DEVICES, snid: 4 * DEVICES, spid: DEVICES, verify: DEVICES });
    const spid = rig.recorder.commands.find(({ command }) => command === COMMAND.spid)!;
    expect(spid.data![0]).toBe(0xc0);
    expect(rig.linux.pathMasks(0)).toEqual({ lpm: 0xb0, vpm: 0xb0, opm: 0xbf });
    rig.act((self) => rig.linux.varyChpid(self, 0x41, true));
    expect(rig.linux.pathMasks(0)).toEqual({ lpm: 0xf0, vpm: 0xf0, opm: 0xff });
    expect(rig.driver.log.filter((line) => line === 'path 02000000')).toHaveLength(DEVICES);
  });
});
