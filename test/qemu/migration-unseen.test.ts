import fc from 'fast-check';
import { expect, test } from 'vitest';
import { busId, type DeviceSpecification } from '../../src/qemu/hot-plug.ts';
import { transfer } from '../../src/qemu/migration/stream.ts';
import type { VirtualCssOptions } from '../../src/qemu/options.ts';
import type { VirtioKind } from '../../src/qemu/virtio-device.ts';
import { B, ORB, P, QemuRig, TD } from './rig.ts';

/**
 * A program cannot find out that it was migrated: two guests do the same at random, one of them is moved to another QEMU, and
 * whatever both do after that gives the same condition codes and the same bytes. Nothing here looks at what is sent.
 */

/** One thing that a program does with a subchannel; what it sees of it. */
type Step = readonly [verb: string, run: (rig: QemuRig, sid: number) => string];

const REVISION_AT = B;
const INDICATORS_AT = B + 0x100;
const DATA_AT = B + 0x200;
/** A list of addresses that is another one as words than as doublewords. */
const LIST_AT = B + 0x300;
const ADAPTER_AT = B + 0x340;
/** Where programs are that are suspended, so that no other one comes into their place. */
const SUSPENDED_AT = P + 0x800;

/** Programs of CCWs, as pairs of words: command, flags and count; address. */
const PROGRAMS: Record<string, readonly number[]> = {
  noop: [0x03200001, DATA_AT],
  'sense-id': [0xe4200008, DATA_AT],
  sense: [0x04200020, DATA_AT],
  rejected: [0xdd200001, DATA_AT],
  'program-check': [0x00200001, DATA_AT],
  suspended: [0x03620001, DATA_AT, 0xe4200008, DATA_AT],
  'suspended, indirect': [0x03620001, DATA_AT, 0xe4240008, LIST_AT],
  adapter: [0x73200019, ADAPTER_AT],
  revision: [0x83200004, REVISION_AT],
  indicators: [0x43200008, INDICATORS_AT],
  'write-status': [0x31200001, REVISION_AT + 1],
  'read-status': [0x72200001, DATA_AT],
  'read-features': [0x12200005, DATA_AT],
  'vq-reset': [0x33200000, 0],
};

const start = (name: string): Step => [
  name,
  (rig, sid) => {
    const suspends = name.startsWith('suspended');
    const at = suspends ? SUSPENDED_AT : P;
    rig.store(at, ...PROGRAMS[name]);
    return rig.ssch(suspends ? ORB.SUSPEND : ORB.PLAIN, at, sid);
  },
];

const STEPS: readonly Step[] = [
  ...Object.keys(PROGRAMS).map(start),
  ['enable', (rig, sid) => rig.msch(enabledWithSense, sid)],
  ['disable', (rig, sid) => rig.msch((schib) => schib.fill(0, 5, 6), sid)],
  ['stsch', (rig, sid) => `${rig.stsch(sid)} ${rig.pmcw} ${rig.schibScsw}`],
  ['tsch', (rig, sid) => `${rig.tsch(sid)} ${rig.scsw} ${rig.esw} ${rig.ecw}`],
  ['halt', (rig, sid) => rig.signal('hsch', sid)],
  ['clear', (rig, sid) => rig.signal('csch', sid)],
  ['cancel', (rig, sid) => rig.signal('xsch', sid)],
  ['resume', (rig, sid) => rig.signal('rsch', sid)],
  ['resume past it', resumePast],
  ['reset path', (rig) => rig.rchp(0)],
  ['stcrw', (rig) => `${rig.stcrw()} ${rig.report}`],
  ['machine check', (rig) => String(rig.css.interrupts.takeMachineCheck())],
  ['tpi', (rig) => rig.tpi()],
  ['sets', (rig) => rig.enableFacility(2)],
  ['images', (rig) => rig.enableFacility(0)],
  ['paths', (rig) => rig.chsc(0x10, 0x0002, [0, 0xff, 0], 8)],
  ['monitor', (rig) => rig.run({ do: 'schm', register1: 2, register2: B + 0x800 })],
  ['no monitor', (rig) => rig.run({ do: 'schm', register1: 0, register2: 0 })],
  ['measured', (rig) => rig.words(B + 0x800, 8)],
];

const STARTS = Object.keys(PROGRAMS).length;
const TSCH = STEPS.find(([verb]) => verb === 'tsch')!;
const RESUME_PAST = STEPS.find(([verb]) => verb === 'resume past it')!;

/** In subclass 3, with concurrent sense and measurement. */
function enabledWithSense(schib: Uint8Array): void {
  schib[4] = 3 << 3;
  schib[5] |= 0x90;
  schib[27] |= 1;
}

/** The CCW at which programs are suspended does so no more; what the next one brings. */
function resumePast(rig: QemuRig, sid: number): string {
  rig.store(SUSPENDED_AT, 0x03600001);
  rig.store(DATA_AT, 0, 0);
  return `${rig.signal('rsch', sid)} ${rig.words(DATA_AT, 2)}`;
}

const KINDS: readonly VirtioKind[] = ['rng', 'net', 'blk', 'console', 'balloon'];

const device = fc.record({
  model: fc.constantFrom(...KINDS),
  ssid: fc.integer({ min: 0, max: 1 }),
  deviceNumber: fc.integer({ min: 0, max: 0xffff }),
});
const devices = fc.uniqueArray(device, {
  minLength: 1,
  maxLength: 3,
  selector: ({ ssid, deviceNumber }) => ssid * 0x10000 + deviceNumber,
});
/** Much of what there is to see comes of a start whose end nobody has looked at. */
const verb = fc.oneof(
  fc.constantFrom(...STEPS),
  fc.constantFrom(...STEPS.slice(0, STARTS), TSCH, RESUME_PAST),
);
const step = fc.tuple(verb, fc.nat({ max: 4 }));
const steps = fc.array(step, { minLength: 5, maxLength: 40 });

function rigOf(options: Partial<VirtualCssOptions>, plugged: readonly DeviceSpecification[]): QemuRig {
  const rig = new QemuRig(options, ...plugged);
  rig.store(REVISION_AT, 0x00010000);
  rig.store(INDICATORS_AT, 0, B + 0x900);
  rig.store(LIST_AT, 0, DATA_AT);
  rig.store(ADAPTER_AT, 0, B + 0x900, 0, B + 0x908, 0, 0, 3 << 24);
  rig.enableFacility(2);
  return rig;
}

function perform(rig: QemuRig, all: readonly (readonly [Step, number])[], sids: readonly number[]): string[] {
  return all.map(([[verb, run], at]) => `${verb} ${run(rig, sids[at % sids.length])}`);
}

/** Each set is numbered from zero in the order in which its devices come. */
const sidsOf = (set: readonly { readonly ssid: number }[]): number[] =>
  set.map(({ ssid }, at) => {
    const number = set.slice(0, at).filter((other) => other.ssid === ssid).length;
    return TD + ssid * 0x20000 + number;
  });

test.each([
  { accelerator: 'kvm', release: '7.2' },
  { accelerator: 'tcg', release: '10.2' },
] as const)('a program does not notice: $accelerator, $release', (options) => {
  fc.assert(
    fc.property(devices, fc.array(fc.nat()), steps, steps, (set, order, before, after) => {
      const plugged = set.map(
        ({ model, ssid, deviceNumber }): DeviceSpecification => ({
          kind: 'virtio',
          model,
          busId: busId(ssid, deviceNumber),
        }),
      );
      // The destination has the same devices, but got them in another order.
      const shuffled = plugged.toSorted((a, b) => rank(plugged.indexOf(a)) - rank(plugged.indexOf(b)));
      function rank(at: number): number {
        return order[at] ?? at;
      }
      const sids = sidsOf(set);
      const stays = rigOf(options, plugged);
      const moves = rigOf(options, plugged);
      for (const sid of sids) {
        stays.msch(enabledWithSense, sid);
        moves.msch(enabledWithSense, sid);
      }
      const here = perform(stays, before, sids);
      expect(perform(moves, before, sids)).toEqual(here);

      const elsewhere = new QemuRig(options, ...shuffled);
      elsewhere.css.interrupts.enable(0, false);
      elsewhere.css.storage.store(0, moves.bytes(0, 0x50000));
      expect(transfer(moves.css, elsewhere.css)).toBeNull();
      elsewhere.css.interrupts.enable(0, true);
      expect(perform(elsewhere, after, sids)).toEqual(perform(stays, after, sids));
    }),
    { numRuns: 200 },
  );
});
