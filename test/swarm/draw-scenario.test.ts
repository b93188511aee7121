import { expect, test } from 'vitest';
import { loadScenarioText } from '../../src/index.ts';
import { Coverage } from './coverage.ts';
import { Draws } from './draw.ts';
import { drawScenario } from './draw-scenario.ts';
import { fileText } from './judge.ts';

const drawn = Array.from({ length: 150 }, (_, index) => drawScenario('drawn', index));

test('every drawn scenario is valid', () => {
  for (const [index, { scenario }] of drawn.entries()) {
    const loaded = loadScenarioText('drawn.yaml', fileText(scenario));
    expect(loaded.ok ? [] : loaded.errors.map(({ message }) => message), `scenario ${index}`).toEqual([]);
  }
});

test('a scenario depends on the seed and its number only', () => {
  expect(drawScenario('drawn', 149)).toEqual(drawn[149]);
  expect(drawScenario('other', 149)).not.toEqual(drawn[149]);
  expect(new Set(drawn.map(({ scenario }) => fileText(scenario))).size).toBe(drawn.length);
});

test('a choice does not depend on what else is drawn', () => {
  const alone = new Draws('seed', 1);
  const beside = new Draws('seed', 1);
  beside.about('another').whole(1, 100);
  expect(beside.about('this').whole(1, 1_000_000)).toBe(alone.about('this').whole(1, 1_000_000));
});

test('native, KVM and z/VM are drawn, and all kinds of faults and actions', () => {
  const coverage = new Coverage();
  for (const { taken } of drawn) coverage.add(taken);
  const text = coverage.lines().join('\n');
  const names =
    'partition kvm-host zvm-host detach kill breakdown service flap-link plug-dasd unbind steal rescan ism pci-error pci-plug';
  for (const name of names.split(' ')) expect(text).toContain(` ${name} `);
});
