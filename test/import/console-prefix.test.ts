import { describe, expect, it, test } from 'vitest';
import { readFtrace } from '../../src/import/ftrace-events.ts';
import { ImportError } from '../../src/import/printed-lines.ts';
import { fixture, imported, mistakes } from './tools.ts';

const { file, text } = fixture('lpar.lscss.txt');
const css = (changed: string): string[] => mistakes({ lscss: [{ file: 'css.txt', text: changed }] });
const each = (prefix: string): string => text.trimEnd().replaceAll(/^/gm, prefix);

describe('what a console puts in front of each line', () => {
  test.each([
    '[   17.687038] ',
    '<6>[   17.687038] ',
    '19:03:22 ',
    '[19:03:22] ',
    '2026-11-21T06:07:01+0000 ',
    '2026-11-21T06:07:01.250Z ',
    '2026-11-21T06:07:01+01:00 lpar1 lscss[311]: ',
    'Nov 21 06:07:01 lpar1 lscss[311]: ',
  ])('"%s" is left out', (prefix) => {
    expect(imported({ lscss: [{ file, text: each(prefix) }] })).toBe(imported({ lscss: [{ file, text }] }));
  });

  it('may be followed by nothing, end with CRLF, and stand among comments', () => {
    const captured = `# taken from the console\n19:03:22\r\n${each('19:03:22 ').replaceAll('\n', '\r\n')}\r\n`;
    expect(imported({ lscss: [{ file, text: captured }] })).toBe(imported({ lscss: [{ file, text }] }));
  });

  it('counts for places of mistakes', () => {
    expect(css('19:03:22 0.0.1000')[0]).toContain('css.txt:1:18: the subchannel is missing');
  });

  it('must be on each line', () => {
    const broken = each('19:03:22 ').split('\n');
    broken[3] = broken[3].slice('19:03:22 '.length);
    expect(css(broken.join('\n'))).toEqual([
      'css.txt:4:1: does not begin with time of day, as other lines do; what a console puts in front must be on each line, or on none',
    ]);
  });

  it('a single message of the kernel among the lines is the odd one', () => {
    const lines = text.split('\n');
    lines.splice(4, 0, '[   17.687038] dasd-eckd 0.0.1000: A channel path was lost');
    expect(css(lines.join('\n'))).toEqual([
      'css.txt:5:1: "[" is not a device; bus ids look like 0.0.1000, in image 0',
    ]);
  });
});

describe('traces from consoles', () => {
  const HEAD = '# tracer: nop\n#\n';
  const LINE =
    '   kworker/u16:1-23      [000] .h..    17.838374: s390_cio_tsch: schid=0.0.0001 cc=0 dcc=0 pno=0 fctl=0x4 actl=0x0 stctl=0x7 dstat=0xc cstat=0x0';

  it('read as the trace does, with the time of the trace', () => {
    const plain = readFtrace({ file, text: HEAD + LINE });
    expect(plain.events[0].timeUs).toBe(17_838_374);
    expect(readFtrace({ file, text: (HEAD + LINE).replaceAll(/^/gm, '19:03:22 ') })).toEqual(plain);
  });

  it('with lines that the console has cut are refused there', () => {
    const cut = '   kworker/u16:1-23      390_cio_stsch: schid=0.0.0000 cc=0';
    const read = (): unknown =>
      readFtrace({ file, text: [LINE, cut].map((line) => `19:03:22 ${line}`).join('\n') });
    expect(read).toThrow(ImportError);
    expect(read).toThrow(`${file}:2:13: is no line of a trace`);
  });
});

it.each(['', '\n\r\n \t'])('an empty text is told: %j', (empty) => {
  expect(mistakes({ lschp: [{ file: 'chp.txt', text: empty }] })).toEqual([
    'chp.txt: is empty; feed what the tool has printed',
  ]);
});

it('a table of lschp with nothing but its title is no machine', () => {
  const title = 'CHPID  Vary  Cfg.  Type  Cmg  Shared  PCHID\n============================================';
  expect(mistakes({ lschp: [{ file: 'chp.txt', text: title }] })[0]).toContain('has no volume');
});
