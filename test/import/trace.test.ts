import { describe, expect, test } from 'vitest';
import { readFtrace } from '../../src/import/ftrace-events.ts';
import { ImportError } from '../../src/import/printed-lines.ts';
import { traceScenario } from '../../src/import/trace-scenario.ts';
import { resolve } from '../scenario/load.ts';
import { fixture, tools } from './tools.ts';

const line = (seconds: string, event: string, text: string, head = '<idle>-0 [000] ..s..'): string =>
  `          ${head}  ${seconds}: ${event}: ${text}\n`;

const schib = (schid: string, dev: string, pam = '0xf0'): string =>
  `schid=${schid} cc=0 ena=1 st=0 dnv=1 dev=${dev} lpm=${pam} pnom=0x00 lpum=0x80 pim=0xf0 pam=${pam} pom=0xff chpids=4041424300000000`;
const stsch = (seconds: string, schid: string, dev: string, pam?: string): string =>
  line(seconds, 's390_cio_stsch', schib(schid, dev, pam), 'kmcheck-4 [000] .....');
const ssch = (seconds: string, schid: string, head?: string): string =>
  line(seconds, 's390_cio_ssch', `schid=${schid} cc=0`, head);
const stcrw = (seconds: string, rsc: number, erc: string, rsid: string, chn = 0): string =>
  line(seconds, 's390_cio_stcrw', `cc=0 slct=0 oflw=0 chn=${chn} rsc=${rsc} anc=0 erc=${erc} rsid=${rsid}`);

const imported = (text: string, given = {}) =>
  traceScenario('traced', 'traced.requests', { file: 'trace.txt', text }, tools(given));
/** The story alone: a replay would need its file. */
const withoutReplay = (scenario: string): string => scenario.replace(/workload:[\s\S]*?\n\n/, '');

describe('a trace of a running system', () => {
  test('that begins before a path goes: the path was there', () => {
    const { scenario } = imported(
      `${ssch('100.500000', '0.0.0003')}${stcrw('101.000000', 4, '0x6', '0x41')}${stsch('101.000200', '0.0.0003', '1003', '0xb0')}`,
    );
    const { machine, faults } = resolve(withoutReplay(scenario));
    expect(machine.dasd).toMatchObject([{ first: 0x1003, firstSubchannel: 3 }]);
    expect(machine.dasd[0].pam).toBeUndefined();
    expect(machine.channelPaths.every(({ standBy }) => standBy === undefined)).toBe(true);
    // 500 ms behind the first event, which is at 1 s, and 5 ms before the report.
    expect(faults).toMatchObject([{ kind: 'configure', on: false, chpids: [0x41], atNs: 1_495_000_000 }]);
  });

  test('that begins before a path comes: it stood by', () => {
    const { scenario } = imported(
      `${stsch('1.000000', '0.0.0003', '1003', '0x70')}${stcrw('2.000000', 4, '0x2', '0x40')}`,
    );
    const { machine } = resolve(scenario);
    expect(machine.channelPaths[0]).toMatchObject({ chpid: 0x40, standBy: true });
    expect(scenario).toContain('do: configure-on, chpid: 0.40');
  });

  test('whose report tells nothing new: it is found, and has no cause', () => {
    const { scenario } = imported(
      `${stsch('1.000000', '0.0.0003', '1003')}${stcrw('2.0', 4, '0x6', '0x40').replace('2.0:', '2.000000:')}${stcrw('3.000000', 4, '0x6', '0x40')}${stcrw('4.000000', 11, '0x0', '0x0')}`,
    );
    expect(scenario).toContain('do: inject-report, crw: 04060040, into: css } # 0.40 was gone already');
    expect(scenario).toContain('do: inject-report, crw: 0b000000, into: css } # cause not in the trace');
    expect(resolve(scenario).actions).toHaveLength(2);
  });

  test('whose device goes, as the next SCHIB shows', () => {
    const { scenario } = imported(
      `${stsch('1.000000', '0.1.0003', '1003')}${stcrw('2.000000', 3, '0x4', '0x3', 1)}${stcrw('2.000001', 3, '0x4', '0x10')}${line('2.000100', 's390_cio_stsch', schib('0.1.0003', '0000').replace('dnv=1', 'dnv=0'))}`,
    );
    expect(scenario).toContain('do: detach, device: 0.1.1003');
  });
});

describe('starts', () => {
  /** One verification of two paths between two looks, with a request before and one behind. */
  const irq = '<idle>-0 [000] d.h..';
  const status = (seconds: string): string =>
    line(
      seconds,
      's390_cio_tsch',
      'schid=0.0.0000 cc=0 dcc=0 pno=0 fctl=0x4 actl=0x0 stctl=0x7 dstat=0xc cstat=0x0',
      irq,
    );
  const story =
    ssch('1.000000', '0.0.0000') +
    status('1.000500') +
    stsch('2.000000', '0.0.0000', '1000', '0xc0') +
    ssch('2.000010', '0.0.0000', 'kmcheck-4 [000] .....') +
    status('2.000500') +
    ssch('2.000500', '0.0.0000', irq) +
    status('2.001000') +
    line('2.001000', 's390_cio_stsch', schib('0.0.0000', '1000', '0xc0'), irq) +
    ssch('2.001000', '0.0.0000', irq);

  test('between two looks verify paths, and are no requests', () => {
    const { requests, scenario } = imported(story);
    expect(requests!.split('\n').slice(1, -1)).toEqual([
      '1000.000 0.0.1000 0 8 1',
      '2001.000 0.0.1000 8 8 1',
    ]);
    expect(scenario).toContain(
      '# Requests: 2. Not replayed, as the simulated kernel has its own: 2 starts of recognition',
    );
  });

  test('are told apart without flags, too', () => {
    expect(imported(story.replaceAll(/ \[000\] [.dhs]{5}/g, ' [000]')).requests).toBe(
      imported(story).requests,
    );
  });

  test('that are taken back are not requests twice', () => {
    const xsch = line('1.000100', 's390_cio_xsch', 'schid=0.0.0000 cc=0');
    const text =
      ssch('1.000000', '0.0.0000') + xsch + ssch('1.000200', '0.0.0000') + stsch('1.1', '0.0.0000', '1000');
    expect(imported(text.replace('1.1:', '1.100000:')).requests!.split('\n')).toHaveLength(3);
  });

  test('of devices that the block layer knows are its requests', () => {
    const block = line('1.000000', 'block_rq_issue', '94,0 WS 8192 () 2048 + 16 [kworker/0:1]');
    const read = line('1.200000', 'block_rq_issue', '94,1 RA 4096 () 160 + 8 none,0,0 [fio]');
    const text =
      stsch('0.900000', '0.0.0000', '1000') +
      block +
      ssch('1.000010', '0.0.0000') +
      read +
      ssch('1.200010', '0.0.0000');
    const { requests, scenario } = imported(text);
    expect(requests!.split('\n').slice(1, -1)).toEqual([
      '1100.000 0.0.1000 2048 16 0',
      '1300.000 0.0.1000 160 8 1',
    ]);
    expect(scenario).not.toContain('assumed reads');
  });
});

describe('what is not in a trace', () => {
  test('is told by lscss', () => {
    const lscss = [fixture('lpar.lscss.txt')];
    const { scenario } = imported(ssch('1.000000', '0.0.24ac') + ssch('1.100000', '0.0.377b'), { lscss });
    const { machine } = resolve(withoutReplay(scenario));
    expect(machine.dasd.map(({ first, firstSubchannel }) => [first, firstSubchannel])).toEqual([
      [0x540c, 0x24ac],
      [0x570c, 0x27ac],
    ]);
  });

  test('is assumed, and marked', () => {
    const { scenario } = imported(
      ssch('1.000000', '0.0.0005') + stsch('1.1', '0.0.0006', '1006').replace('1.1:', '1.100000:'),
    );
    expect(scenario).toContain(
      '# Subchannel 0.0.0005: no SCHIB of it in the trace; assumed device 0.0.0005.',
    );
    expect(scenario).toContain('# Paths of 0.0.0005: not in the trace; assumed those of 0.0.1006.');
    expect(scenario).toContain('assumed 3390 on 2107');
  });
});

describe('a mistake is told with its place', () => {
  const problems = (text: string): string[] => {
    try {
      imported(text);
      return [];
    } catch (error) {
      if (error instanceof ImportError) return error.lines();
      throw error;
    }
  };

  test.each([
    ['# tracer: nop\nwhat is this\n', 'trace.txt:2:1: is no line of a trace'],
    [ssch('1.000000', '0.0.0000').replace(' cc=0', ' c'), 'trace.txt:1:74: is no whole s390_cio_ssch'],
    ['cpus=2\n', 'trace.txt: has no event of the common I/O layer'],
    [
      line('1.000000', 's390_cio_adapter_int', 'isc=3'),
      'trace.txt: has no device that a scenario could have',
    ],
  ])('%s', (text, problem) => {
    expect(problems(text)[0]).toContain(problem);
  });

  test('events of others and lost ones are counted', () => {
    const text = `cpus=2\n${line('1.000000', 'sched_switch', 'prev_comm=x')}CPU:1 [LOST 12 EVENTS]\n${stsch('1.1', '0.0.0000', '1000').replace('1.1:', '1.100000:')}`;
    expect(imported(text).scenario).toContain('# Kept out: events of other parts of the kernel: 1.');
    expect(imported(text).scenario).toContain('# Lost while tracing: 12 events.');
  });
});

describe('events that no channel subsystem has', () => {
  const at = (text: string): string => `   kmcheck-9     [000] .....    17.000000: ${text}`;
  const CRW = 's390_cio_stcrw: cc=0 slct=0 oflw=0 chn=0 rsc=4 anc=1 erc=0x2 rsid=0x40';
  const SCHIB =
    's390_cio_stsch: schid=0.0.0001 cc=0 ena=1 st=0 dnv=1 dev=1000 lpm=0xc0 pnom=0x00 lpum=0x00 pim=0xc0 pam=0xc0 pom=0xff chpids=4041000000000000';
  const read = (text: string) => readFtrace({ file: 'trace.txt', text: at(text) }).events.length;

  test.each([
    [CRW, 'slct=0', 'slct=6', 'cio_stcrw: slct is not between 0 and 1'],
    [CRW, 'erc=0x2', 'erc=0x40', 'cio_stcrw: erc is not between 0 and 63'],
    [CRW, 'rsc=4', 'rsc=16', 'cio_stcrw: rsc is not between 0 and 15'],
    [SCHIB, 'pim=0xc0', 'pim=0x1c0', 'cio_stsch: pim is not between 0 and 255'],
    [SCHIB, 'chpids=4041', 'chpids=4040', 'cio_stsch: CHPID 40 stands on two paths of the mask'],
  ])('%s: %s => %s', (text, from, to, problem) => {
    expect(read(text)).toBe(1);
    expect(() => read(text.replace(from, to))).toThrow(
      `trace.txt:1:${at(text.replace(from, to)).length + 1}: ${problem}`,
    );
  });
});

test('a device may have more starts than a function may have arguments', () => {
  const starts = Array.from({ length: 150_000 }, (_, at) =>
    ssch(`${20 + Math.floor(at / 1000)}.${String((at % 1000) * 1000).padStart(6, '0')}`, '0.0.0001'),
  );
  const text = stsch('17.000000', '0.0.0001', '1000') + starts.join('');
  const { requests } = traceScenario('many', 'many.requests', { file: 'trace.txt', text }, tools({}));
  expect(requests!.trimEnd().split('\n').length - 1).toBeGreaterThan(149_900);
});
