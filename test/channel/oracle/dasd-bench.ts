import { Machine } from '../../../src/channel/machine.ts';
import { PATH_GENERATIONS } from '../../../src/channel/path-generations.ts';
import { StorageControlUnit } from '../../../src/dasd/control-unit.ts';
import { RandomStreams } from '../../../src/kernel/random.ts';
import { Simulation } from '../../../src/kernel/simulation.ts';
import { BLIND } from '../../../src/observe/observer.ts';
import { rotation } from '../../../src/pathing/rotation.ts';
import { Orb } from '../../../src/zarch/orb.ts';
import { MECHANICS, TIMES, volume } from '../../dasd/rig.ts';
import {
  type CcwFields,
  FLAG,
  NOP,
  SENSE_ID,
  storeCcw,
  TIC,
  UNKNOWN,
} from '../../instructions/stored-ccw.ts';
import { OPTIONS } from '../test-machine.ts';
import type { Bench } from './machine-story.ts';
import type { Course } from './situation.ts';

/** A machine with real volumes behind one control unit, whose programs stand in storage. */
export function dasdMachine(shape: { devices: number; paths: number; ccwLimit: number }) {
  const sim = new Simulation();
  const machine = new Machine({
    sim,
    observer: BLIND,
    streams: new RandomStreams('1'),
    options: { ...OPTIONS, programs: { ...OPTIONS.programs, ccwLimit: shape.ccwLimit } },
    policy: rotation,
  });
  const channels = Array.from({ length: shape.paths }, (_, at) =>
    machine.addChannelPath(0x40 + at, PATH_GENERATIONS['ficon-express8s'], 500, null),
  );
  const units = Array.from({ length: shape.devices }, (_, at) => at);
  const unit = new StorageControlUnit({
    sim,
    name: 'lcu0',
    facilities: '2107',
    facilityOverrides: {},
    ports: shape.paths,
    hosts: 1,
    maxConcurrentPerPort: 256,
    cache: { kind: 'hit-ratio', hitRatio: 1 },
    backend: 'flash',
    times: TIMES,
    mechanics: MECHANICS,
    subsystemId: 0x0120,
    logicalSubsystem: 1,
    devices: units.map((at) => volume(at)),
  });
  machine.addControlUnit(unit, channels);
  const image = machine.addImage();
  machine.addSubchannels(
    image,
    unit,
    units.map((at) => ({ deviceNumber: 0x1000 + at, unitAddress: at, ssid: 0 })),
    [0, 0, 0, 0],
  );
  return { sim, machine, image };
}

interface StoredProgram {
  readonly ccws: readonly CcwFields[];
  readonly course: Course;
  readonly orb?: Partial<Orb>;
}

const AREA = 0x8000;
const LONG = 100;
/** More CCWs than any of these stories has time for. */
const ENDLESS = 1_000_000;

/** Where a device's program and its data stand. */
const baseOf = (device: number): number => 0x10000 * (device + 1);

function programs(base: number): StoredProgram[] {
  const ccw = (command: number, flags = 0, count = 1): CcwFields => ({
    command,
    flags: flags | FLAG.SLI,
    count,
    address: base + AREA,
  });
  const course = (ending: Course['ending'], more: Partial<Course> = {}): Course => ({
    suspends: 'no',
    suppressSuspended: false,
    resumable: false,
    intermediate: false,
    ending,
    ...more,
  });
  const suspending = (more: Partial<Course> = {}): Course =>
    course('normal', { suspends: 'yes', resumable: true, ...more });
  const back: CcwFields = { command: TIC, flags: 0, count: 0, address: base };
  const { CC, PCI, S } = FLAG;
  return [
    { ccws: [ccw(NOP)], course: course('normal') },
    { ccws: [ccw(SENSE_ID, 0, 12)], course: course('normal') },
    { ccws: [ccw(NOP)], course: course('no-path'), orb: { lpm: 0x01 } },
    { ccws: [ccw(UNKNOWN)], course: course('unit-check') },
    { ccws: [ccw(NOP, CC), ccw(0)], course: course('program-check') },
    { ccws: [ccw(NOP, S)], course: course('program-check') },
    { ccws: [ccw(NOP, S)], course: suspending(), orb: { suspendControl: 1 } },
    { ccws: [ccw(NOP, CC), ccw(NOP, CC | S), ccw(NOP)], course: suspending(), orb: { suspendControl: 1 } },
    {
      ccws: [ccw(NOP, CC), ccw(NOP, CC | S), ccw(NOP)],
      course: suspending({ suppressSuspended: true }),
      orb: { suspendControl: 1, suppressSuspended: 1 },
    },
    {
      ccws: Array.from({ length: LONG }, (_, at) => ccw(NOP, at < LONG - 1 ? CC : 0)),
      course: course('normal'),
    },
    {
      ccws: [ccw(NOP, CC), ccw(SENSE_ID, CC | PCI, 12), ccw(NOP)],
      course: course('normal', { intermediate: true }),
    },
    {
      ccws: [ccw(SENSE_ID, CC, 12), ccw(NOP)],
      course: course('normal', { intermediate: true }),
      orb: { initialStatus: 1 },
    },
    { ccws: [ccw(NOP, CC), back], course: course('never') },
  ];
}

export const DASD_PROGRAMS = programs(0).length * 2;

export function dasdBench(shape: { devices: number; paths: number }): Bench {
  const { sim, image } = dasdMachine({ ...shape, ccwLimit: ENDLESS });
  const { storage } = image;
  const last = Array.from({ length: shape.devices }, () => ({ orb: new Orb(), program: programs(0)[0] }));
  return {
    sim,
    image,
    devices: shape.devices,
    restNs: 50_000_000,
    start(device, choice) {
      if (choice < 0) return { orb: last[device].orb, course: last[device].program.course };
      const base = baseOf(device);
      const program = programs(base)[choice >> 1];
      for (const [at, ccw] of program.ccws.entries()) storeCcw(storage, base + 8 * at, ccw);
      const orb = Object.assign(new Orb(), { lpm: 0xff, programAddress: base, ...program.orb });
      orb.prefetch = choice & 1;
      last[device] = { orb, program };
      return { orb, course: program.course };
    },
    rewrite(device) {
      for (const [at, ccw] of last[device].program.ccws.entries()) {
        if ((ccw.flags & FLAG.S) === 0) continue;
        storeCcw(storage, baseOf(device) + 8 * at, { ...ccw, flags: ccw.flags & ~FLAG.S });
      }
    },
  };
}
