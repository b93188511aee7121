import { describe, expect, test } from 'vitest';
import { errorsOf } from './load.ts';

describe('managed channel paths', () => {
  test('are needed by whoever moves them', () => {
    expect(errorsOf('machine: { dcm: { mode: balance } }')).toEqual([
      's.yaml:1:25: machine.dcm.mode: has nothing to move; write managed: true in machine.chpids',
    ]);
  });

  test('need somewhere to go', () => {
    expect(errorsOf('machine: { chpids: { 0.40: { managed: true } }, controlUnits: { a: {} } }')).toEqual([
      's.yaml:1:39: machine.chpids["0.40"].managed: chpid 0.40 has nowhere to move to; name it among the paths of several control units',
    ]);
  });
});
