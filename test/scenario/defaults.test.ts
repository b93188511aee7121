import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { devicesOf } from '../../src/scenario/devices.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';
import { resolve } from './load.ts';

test('the defaults are what they were', async () => {
  const text = `${JSON.stringify(resolve('workload: { requests: {} }'), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../golden/scenario-defaults.json');
});

describe('the scenarios that come with the program', () => {
  const files = readdirSync('scenarios').filter((file) => file.endsWith('.yaml'));
  const load = (file: string): ResolvedScenario => {
    const result = loadScenario(`scenarios/${file}`);
    if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('\n'));
    return result.scenario.runs[0];
  };

  test.each(files)('%s is valid and called after its file', (file) => {
    expect(`${load(file).name}.yaml`).toBe(file);
  });

  test('forty-two has 42 volumes on 4 channel paths', () => {
    const { machine } = load('forty-two.yaml');
    expect(devicesOf(machine)).toHaveLength(42);
    expect(machine.controlUnits[0].paths).toEqual([0x40, 0x41, 0x42, 0x43]);
  });

  test('two-subchannel-sets has 65,536 devices on eight of 256 paths each, 2,048 of them on 0.40', () => {
    const { machine } = load('two-subchannel-sets.yaml');
    const devices = devicesOf(machine);
    expect(devices).toHaveLength(65_536);
    expect(machine.channelPaths).toHaveLength(256);
    const pathsOf = (unit: number) => machine.controlUnits[unit].paths;
    expect(machine.controlUnits.every(({ paths }) => paths.length === 8)).toBe(true);
    expect(devices.filter(({ range }) => pathsOf(range.controlUnit).includes(0x40))).toHaveLength(2048);
    expect(devices.every(({ unitAddress }) => unitAddress < 256)).toBe(true);
  });
});
