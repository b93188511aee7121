import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imported, shown } from './tools.ts';

/** A machine as a scenario describes it, of which chance has decided what a listing can show. */
interface Drawn {
  readonly standBy: boolean;
  readonly gap: boolean;
  readonly types: readonly string[];
  readonly runs: readonly {
    readonly count: number;
    readonly jump: number;
    readonly pam: number | null;
    readonly pom: number | null;
    readonly online: boolean;
    readonly model: string;
    readonly set: number;
  }[];
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  standBy: fc.boolean(),
  gap: fc.boolean(),
  types: fc.array(fc.constantFrom('2107', '2105', '1750', '3990-6', '3990-3'), {
    minLength: 2,
    maxLength: 2,
  }),
  runs: fc.array(
    fc.record({
      count: fc.integer({ min: 1, max: 3 }),
      jump: fc.integer({ min: 0, max: 5 }),
      // A device without any path would not be recognized, and have no type.
      pam: fc.option(fc.constantFrom(0x80, 0x90)),
      pom: fc.option(fc.integer({ min: 0, max: 0xff })),
      online: fc.boolean(),
      model: fc.constantFrom(
        'model: 3390-3',
        'model: 3390-9, cylinders: 200',
        'model: 3390-9, modelByte: 0e',
        'model: 3390-27',
      ),
      set: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * Both control units have paths 0x80 and 0x10; the first of them may have a gap between. Each has the volumes of one
 * subchannel set, which is what an import takes for a control unit where no UIDs tell.
 */
function scenarioOf({ standBy, gap, types, runs }: Drawn): string {
  const next = [0, 0];
  const online: string[] = [];
  const dasd = runs.map(({ count, jump, pam, pom, model, set, online: isOnline }, at) => {
    const first = 0x1000 + 0x10 * at;
    const range = `0.${set}.${hex(first, 4)}-0.${set}.${hex(first + count - 1, 4)}`;
    const subchannel = next[set] + jump;
    next[set] = subchannel + count;
    if (isOnline) online.push(`"${range}"`);
    const masks = [
      pam === null ? [] : [`pam: ${hex(pam, 2)}`],
      pom === null ? [] : [`pom: ${hex(pom, 2)}`],
    ].flat();
    const keys = [`controlUnit: lcu${set}`, `subchannel: 0.${set}.${hex(subchannel, 4)}`, model, ...masks];
    return `    "${range}": { ${keys.join(', ')} }\n`;
  });
  return `machine:
  chpids: { 0.40: {}, 0.41: {}, 0.42: {}, 0.43: { configured: ${!standBy} } }
  controlUnits:
    lcu0: { type: ${types[0]}, paths: ${gap ? '[0.40, 0.43], pim: 90' : '[0.40, 0.41, 0.42, 0.43]'} }
    lcu1: { type: ${types[1]}, paths: [0.41, 0.40, 0.43, 0.42], modelByte: c2 }
  dasd:
${dasd.join('')}systems: { linux: { online: ${online.length === 0 ? 'none' : `[${online.join(', ')}]`} } }
`;
}

test('a machine, shown, imported and shown again is the same machine', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (machine) => {
      const first = await shown(scenarioOf(machine));
      const input = (file: string, text: string) => [{ file, text }];
      const scenario = imported({
        lscss: input('css', first.lscss),
        lschp: input('chp', first.lschp),
        lsdasd: input('dasd', first.lsdasd),
      });
      expect(await shown(scenario)).toEqual(first);
    }),
    { numRuns: 40 },
  );
});
