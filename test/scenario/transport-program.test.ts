import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { resolve } from './load.ts';

/** What was not met, of a script on the machine. */
async function failures(text: string): Promise<string[]> {
  const { verdicts } = await simulate(resolve(text), buildSimulation);
  return verdicts.filter(({ outcome }) => outcome !== 'met').map((it) => `${it.text}: ${it.reason}`);
}

const senseId = (zhpf: boolean, expectation: string): string => `
machine:
  chpids: { 0.40: { type: ficon-express16s+ } }
  controlUnits: { lcu0: { type: 2107, zhpf: ${zhpf} } }
  dasd: { 0.0.1000: { model: 3390-9 } }
program:
  steps:
    - { stsch: TD }
    - { msch: TD, set: { ena: 1, isc: 3 } }
    - { tccb: [[e4, 10]] }
    - { change: P, block: tcw, set: { tccbl: 3, r: 1, input: B, icount: 10, tsb: TSB, tccb: TCCB } }
    - { ssch: TD, orb: { b: 1 }, expect: ${expectation} }
`;

describe('programs in transport mode in main storage', () => {
  test('are an operand exception where nobody knows transport mode', async () => {
    expect(await failures(senseId(false, '{ pgm: 15 }'))).toEqual([]);
    expect(await failures(senseId(true, '{ cc: 0 }'))).toEqual([]);
  });

  test('refuse control data that are no bytes', () => {
    expect(() => resolve(`program: { steps: [{ tccb: [[e7, 0, "0g"]] }] }`)).toThrow('are no control data');
    const many = Array.from({ length: 31 }, () => '["03", 0]').join(', ');
    expect(() => resolve(`program: { steps: [{ tccb: [${many}] }] }`)).toThrow('the commands take 248 bytes');
    expect(() => resolve('program: { steps: [{ tccb: [[e4, ffffffff], [e4, ffffffff]] }] }')).not.toThrow();
  });
});
