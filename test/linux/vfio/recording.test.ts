import { beforeAll, describe, expect, it } from 'vitest';
import type { Process, Steps } from '../../../src/kernel/process.ts';
import type { Simulation } from '../../../src/kernel/simulation.ts';
import { E, type Errno } from '../../../src/linux/errno.ts';
import type { VfioDevice } from '../../../src/linux/vfio/device.ts';
import { VfioCcwDriver } from '../../../src/linux/vfio/driver.ts';
import { EventFd } from '../../../src/linux/vfio/event-fd.ts';
import { UpstreamKernelRelay } from '../../../src/linux/vfio/event-relay.ts';
import { GuestMemory } from '../../../src/linux/vfio/guest-memory.ts';
import { pread, pwrite } from '../../../src/linux/vfio/region-bytes.ts';
import { IRQ, REGION, REGION_BYTES, regionOffset } from '../../../src/linux/vfio/uapi.ts';
import { IO_REQUEST_INFO } from '../../../src/observe/vfio-events.ts';
import { RECORDED_QEMU } from '../../../src/qemu/options.ts';
import { VirtualChannelSubsystem } from '../../../src/qemu/virtual-css.ts';
import { CCW_FLAG, encodeCcw } from '../../../src/zarch/ccw.ts';
import { COMMAND } from '../../../src/zarch/commands.ts';
import { unpackScswControl } from '../../../src/zarch/packed-fields.ts';
import { FCTL } from '../../../src/zarch/scsw.ts';
import { fetchWord, storeWord } from '../../../src/zarch/word-layout.ts';
import { Rig, type Seen } from '../rig.ts';
import { COSTS } from './host.ts';
import { type RecordedStart, recordedLine, recordedStarts, recordedTrace } from './recorded-cases.ts';

/*
 * A user-space program that drove the real vfio-ccw of Linux 6.1 under QEMU 7.2, with a virtio entropy device behind the
 * subchannel: what it was answered, case by case.
 */

const SCHID = 0;
/** The program's memory: a megabyte at this address, which is somewhere else in the host. */
const MEMORY = 0x100000;
const IN_HOST = 0x2000000;
const HEAP = 0x1000000;
const CPA = MEMORY;
const ELSEWHERE = MEMORY + 0x40;
const DATA = MEMORY + 0x1000;
const LIST = MEMORY + 0x2000;
const UNMAPPED = 0x900000;
const SENSE_ID_BYTES = 32;

interface Command {
  readonly at?: number;
  readonly command: number;
  readonly flags?: number;
  readonly count?: number;
  readonly address?: number;
}

const senseId = (more: Partial<Command> = {}): Command => ({
  command: COMMAND.senseid,
  flags: CCW_FLAG.SUPPRESS_LENGTH,
  count: SENSE_ID_BYTES,
  address: DATA,
  ...more,
});
const nop = (more: Partial<Command> = {}): Command => ({
  command: COMMAND.nop,
  flags: CCW_FLAG.SUPPRESS_LENGTH,
  count: 1,
  address: DATA,
  ...more,
});
const CHAINED = { flags: CCW_FLAG.SUPPRESS_LENGTH | CCW_FLAG.CHAIN_COMMAND };
const LISTED = { flags: CCW_FLAG.SUPPRESS_LENGTH | CCW_FLAG.INDIRECT, address: LIST };

/** The channel program of each case, as its name tells. */
const PROGRAMS: Record<string, Command[]> = {
  'SENSEID no-SLI len255': [senseId({ flags: 0, count: 255 })],
  NOP: [nop()],
  'NOP no-PFCH': [nop()],
  'NOP count0': [nop({ count: 0 })],
  'NOP cc SENSEID': [nop(CHAINED), senseId({ at: CPA + 8 })],
  'NOP TIC SENSEID': [
    nop(CHAINED),
    { at: CPA + 8, command: COMMAND.tic, address: ELSEWHERE },
    senseId({ at: ELSEWHERE }),
  ],
  'first-CCW TIC': [{ command: COMMAND.tic, address: ELSEWHERE }, senseId({ at: ELSEWHERE })],
  'cmd 00 invalid': [nop({ command: 0 })],
  'cmd ff unknown': [nop({ command: 0xff })],
  'basic SENSE': [{ command: 0x04, flags: CCW_FLAG.SUPPRESS_LENGTH, count: 32, address: DATA }],
  'unmapped data addr': [senseId({ address: UNMAPPED })],
  'fmt1 IDAL 2K-fmt1idaw': [senseId(LISTED)],
  'fmt2 IDAL': [senseId(LISTED)],
  'NOP PCI flag': [nop({ flags: CCW_FLAG.SUPPRESS_LENGTH | CCW_FLAG.PCI })],
  'NOP Suspend flag no-S ctl': [nop({ flags: CCW_FLAG.SUPPRESS_LENGTH | CCW_FLAG.SUSPEND })],
};

/** A user of the device on a Linux in QEMU. */
class User {
  readonly rig: Rig<VirtualChannelSubsystem>;
  readonly vfio: VfioCcwDriver;
  readonly memory = new GuestMemory();
  readonly eventFds = [new EventFd(), new EventFd(), new EventFd()];
  device!: VfioDevice;

  constructor() {
    this.rig = new Rig((sim: Simulation, recorder) => {
      const css = new VirtualChannelSubsystem(RECORDED_QEMU, recorder, 0);
      css.plug({ kind: 'virtio', model: 'rng', busId: { cssid: 0xfe, ssid: 0, deviceNumber: 0x100 } });
      void sim;
      return css;
    });
    const { storage } = this.rig.css;
    this.vfio = new VfioCcwDriver(this.rig.linux, { costs: COSTS, heap: { storage, address: HEAP } });
    this.rig.boot();
    this.memory.map(MEMORY, 0x100000, IN_HOST);
    this.rig.recorder.clear();
    this.run((self) => this.open(self));
  }

  /** Lets a process of user space do something, and everything come to rest. */
  run(body: (self: Process) => Steps<Errno>): Errno {
    return this.rig.act(body)!;
  }

  store(command: Command, format: 0 | 1): void {
    const ccw = { flags: 0, count: 0, address: 0, ...command };
    this.rig.css.storage.store(this.inHost(command.at ?? CPA), encodeCcw(ccw, format));
  }

  /** Words of the program's memory. */
  words(at: number, count: number): string[] {
    return Array.from({ length: count }, (_, word) =>
      hex(this.rig.css.storage.word(this.inHost(at) + 4 * word)),
    );
  }

  fill(at: number, words: number[]): void {
    words.forEach((word, index) => {
      this.rig.css.storage.storeWord(this.inHost(at) + 4 * index, word);
    });
  }

  private inHost(address: number): number {
    return address - MEMORY + IN_HOST;
  }

  private *open(self: Process): Steps<Errno> {
    yield* this.vfio.passThrough(self, SCHID, new UpstreamKernelRelay());
    this.device = this.vfio.device(SCHID)!;
    this.device.setTrigger(IRQ.IO, this.eventFds[IRQ.IO]);
    this.device.setTrigger(IRQ.CRW, this.eventFds[IRQ.CRW]);
    this.device.setTrigger(IRQ.REQ, this.eventFds[IRQ.REQ]);
    return yield* this.device.open(self, this.memory);
  }
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');
const hexWords = (bytes: Uint8Array): string[] =>
  Array.from({ length: bytes.length / 4 }, (_, word) => hex(fetchWord(bytes, 4 * word)));

/** The request of a start: ORB and SCSW; everything else is zero. */
function request(orb: readonly number[], fctl: number): Uint8Array {
  const bytes = new Uint8Array(REGION_BYTES[REGION.IO]);
  orb.forEach((word, at) => {
    storeWord(bytes, 4 * at, word);
  });
  storeWord(bytes, 12, fctl << 12);
  return bytes;
}

/** Makes a recorded start again. */
function start(user: User, recorded: RecordedStart): Omit<RecordedStart, 'name' | 'orb'> {
  const format = (recorded.orb[1] & 0x00800000) === 0 ? 0 : 1;
  for (const command of PROGRAMS[recorded.name] ?? [senseId()]) user.store(command, format);
  if (recorded.data.length > 0 && !recorded.name.startsWith('LPM=40')) fillData(user, recorded);
  const written = user.run((self) => pwrite(self, user.device, 0, request(recorded.orb, FCTL.START)));
  const irqs = user.eventFds[IRQ.IO].read();
  const region = readRegion(user, REGION.IO);
  const retCode = fetchWord(region, 120) | 0;
  const irb = hexWords(region.subarray(24)).slice(0, recorded.irb.length);
  return { written, retCode, irqs, irb, data: user.words(DATA, recorded.data.length) };
}

/** The data area before the start, and the list of addresses that leads to it. */
function fillData(user: User, { name }: RecordedStart): void {
  user.fill(DATA, Array(16).fill(0xaaaaaaaa));
  user.fill(LIST, name === 'fmt2 IDAL' ? [0, DATA] : [DATA, 0]);
}

function readRegion(user: User, region: number): Uint8Array {
  const bytes = new Uint8Array(REGION_BYTES[region]);
  const result = user.run((self) => pread(self, user.device, regionOffset(region), bytes));
  expect(result).toBe(bytes.length);
  return bytes;
}

/** What an interruption handler does. */
const INTERRUPTION = /^(tsch|fsm_event state=\d event=2)/;

/** A line of the trace, of those kinds that the state machine causes. */
function traceLine({ event, cc, a, b, c }: Seen): string | null {
  switch (event) {
    case 'vfio_ccw.fsm_event':
      return `fsm_event state=${a} event=${b}`;
    case 'vfio_ccw.fsm_io_request':
      return `fsm_io_request fctl=0x${a.toString(16)} errno=${b} info=${IO_REQUEST_INFO[c]}`;
    case 'ssch':
      return `ssch cc=${cc}`;
    case 'tsch': {
      const { dcc, fctl, actl, stctl } = unpackScswControl(a);
      const [f, x, s, d, k] = [fctl, actl, stctl, b, c].map((field) => `0x${field.toString(16)}`);
      return `tsch cc=${cc} dcc=${dcc} pno=0 fctl=${f} actl=${x} stctl=${s} dstat=${d} cstat=${k}`;
    }
    default:
      return null;
  }
}

describe('vfio-ccw as it was recorded', () => {
  let user: User;
  beforeAll(() => {
    user = new User();
  });

  it('offers four regions and three interrupts', () => {
    expect(recordedLine('device')).toBe('device flags=11 regions=4 irqs=3');
    expect(user.device.info).toEqual({ flags: 0x11, regions: 4, irqs: 3 });
    for (const index of [0, 1, 2, 3]) {
      const { flags, bytes, offset, capability } = user.device.regionInfo(index)!;
      const chain =
        capability === null
          ? ''
          : ` cap id=${capability.id} type=${capability.type} subtype=${capability.subtype}`;
      const line = `region ${index} r=0 flags=${flags.toString(16)} size=${bytes} offset=${offset.toString(16)}${chain}`;
      expect(line).toBe(recordedLine(`region ${index}`));
    }
    expect(user.device.regionInfo(4)).toBeNull();
    expect([0, 1, 2, 3].map((irq) => user.device.irqCount(irq))).toEqual([1, 1, 1, E.INVAL]);
  });

  it('reads the SCHIB, and no channel report', () => {
    const schib = hexWords(readRegion(user, REGION.SCHIB));
    const recorded = recordedLine('schib')
      .replace(/^.*schib=/, '')
      .split(' ');
    // The interruption parameter is the address of the subchannel object, and status has the address of a CCW in the kernel.
    schib[0] = recorded[0];
    schib[8] = recorded[8];
    recorded[7] = schib[7];
    recorded[9] = schib[9];
    expect(schib).toEqual(recorded);
    expect(hexWords(readRegion(user, REGION.CRW))).toEqual(['00000000', '00000000']);
  });

  const starts = recordedStarts();
  const beforeReset = starts.findIndex(({ name }) => name === 'SENSEID after reset');

  it.each(starts.slice(0, beforeReset))('START $name', (recorded) => {
    const { written, retCode, irqs, irb, data } = recorded;
    expect(start(user, recorded)).toEqual({ written, retCode, irqs, irb, data });
  });

  it('had the state machine go through the same', () => {
    const { seen } = user.rig.recorder;
    const told = seen.map(traceLine).filter((line) => line !== null);
    const recorded = recordedTrace();
    // Interruptions came there as soon as they could, and the end of a request after it; each of the two has its order.
    for (const isInterruption of [true, false]) {
      const lines = recorded.filter((line) => INTERRUPTION.test(line) === isInterruption);
      const own = told.filter((line) => INTERRUPTION.test(line) === isInterruption);
      const last = lines.findIndex((line) => line.startsWith('fsm_event state=2 event=3'));
      const count = isInterruption ? own.length : last;
      expect(own.slice(0, count)).toEqual(lines.slice(0, count));
      expect(count).toBeGreaterThan(15);
    }
  });

  it('pins nothing when nothing is in progress', () => {
    expect(user.memory.pinned).toBe(0);
    expect(user.memory.pins).toBeGreaterThan(0);
  });

  it.each([
    ['HSCH', 1, 8, 1, '03802001 04000000'],
    ['CSCH', 2, 8, 1, '03801001 00000000'],
    ['a command that does not exist', 4, -22, 0, '03801001 00000000'],
    ['both at once', 3, -22, 0, '03801001 00000000'],
  ])('takes in the command region: %s', (_, command, result, irqs, status) => {
    const bytes = new Uint8Array(8);
    storeWord(bytes, 0, command);
    expect(user.run((self) => pwrite(self, user.device, regionOffset(REGION.COMMAND), bytes))).toBe(result);
    expect(user.eventFds[IRQ.IO].read()).toBe(irqs);
    const irb = hexWords(readRegion(user, REGION.IO).subarray(24));
    expect(`${irb[0]} ${irb[2]}`).toBe(status);
    const retCode = fetchWord(readRegion(user, REGION.COMMAND), 4) | 0;
    expect(retCode).toBe(result < 0 ? result : 0);
  });

  it('refuses halt and clear in the I/O region, and what is too short or too long', () => {
    const write = (offset: number, bytes: Uint8Array): number =>
      user.run((self) => pwrite(self, user.device, offset, bytes));
    expect(write(0, request([0, 0, 0], FCTL.HALT))).toBe(E.OPNOTSUPP);
    expect(write(0, request([0, 0, 0], FCTL.CLEAR))).toBe(E.OPNOTSUPP);
    // The function bits of the request before are still there.
    expect(write(0, new Uint8Array(8))).toBe(E.OPNOTSUPP);
    expect(write(120, new Uint8Array(8))).toBe(E.INVAL);
    expect(write(regionOffset(REGION.SCHIB), new Uint8Array(52))).toBe(E.INVAL);
    expect(write(regionOffset(REGION.CRW), new Uint8Array(8))).toBe(E.INVAL);
  });

  it('is ready again after a reset', () => {
    user.rig.recorder.clear();
    expect(user.run((self) => user.device.reset(self))).toBe(E.OK);
    expect(user.eventFds[IRQ.IO].read()).toBe(0);
    expect(user.rig.recorder.trace().map((line) => line.split(' ')[0])).toEqual(
      'stsch stsch msch stsch stsch stsch msch stsch'.split(' '),
    );
    const recorded = starts[beforeReset];
    const { written, retCode, irqs, irb, data } = recorded;
    expect(start(user, recorded)).toEqual({ written, retCode, irqs, irb, data });
  });

  it('counts three interruptions of three starts', () => {
    const backToBack = starts.filter(({ name }) => name.startsWith('back2back'));
    for (const { orb, written } of backToBack) {
      user.store(nop(), 1);
      expect(user.run((self) => pwrite(self, user.device, 0, request(orb, FCTL.START)))).toBe(written);
    }
    expect(recordedLine('b2b')).toBe('b2b irqs=3');
    expect(user.eventFds[IRQ.IO].read()).toBe(backToBack.length);
  });

  it('says nothing to user space when the administrator varies the channel path, but halts the subchannel', () => {
    const { recorder, linux } = user.rig;
    recorder.clear();
    expect(user.run((self) => linux.varyChpid(self, 0, false))).toBe(E.OK);
    expect(user.eventFds[IRQ.CRW].read()).toBe(0);
    expect(hexWords(readRegion(user, REGION.CRW))).toEqual(['00000000', '00000000']);
    const own = recorder.trace().filter((line) => / 0\.0\.0000/.test(line));
    expect(own.slice(0, 6).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'stsch 0.0.0000 cc=0',
      'stsch 0.0.0000 cc=0',
      'xsch 0.0.0000 cc=2',
      'hsch 0.0.0000 cc=0',
      'interrupt 0.0.0000',
      'tsch 0.0.0000 cc=0',
    ]);
    const off = starts.find(({ name }) => name === 'SENSEID after vary off')!;
    // One of the interruptions is that of the halt function.
    expect(start(user, off).irqs).toBe(off.irqs);
    recorder.clear();
    expect(user.run((self) => linux.varyChpid(self, 0, true))).toBe(E.OK);
    expect(recorder.trace().filter((line) => / 0\.0\.0000/.test(line))).toEqual([
      'stsch 0.0.0000 cc=0 ena=1',
    ]);
    const on = starts.find(({ name }) => name === 'SENSEID after vary on')!;
    expect(start(user, on).irqs).toBe(on.irqs);
  });
});
