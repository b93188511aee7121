import { expect, test } from 'vitest';
import { errorsOf } from './load.ts';

test('every mistake is told in one go, in the order of the text, and consequences are not', () => {
  const text = `name: many-mistakes
duration: 20
sed: 4
machine:
  chpids: { "0.40-0.43": { type: ficon-expres8s }, "0.43": {}, 4G: {} }
  controlUnits:
    lcu0: { paths: [0.40, 0.44], cache: { hitRatio: 1.2 } }
  dasd:
    "0.0.1000-0.0.1029": { model: 3390-9, ctrlUnit: lcu0 }
    0.0.1010: {}
systems:
  lpar: { kernel: 6.1, cpus: -1, features: { x: true } }
faults:
  - { at: -2s, chpid: 0.40, do: configure-off }
  - { at: 2s, name: loss, do: configure-on }
  - { at: 2s, do: reset, controlUnit: lcu0, power: 1 }
expect:
  - { event: crw.channel-pat }
  - { phase: loss, counts: { machine.crw: 1 } }
thresholds:
  - io.respons.p99 < 12ms
  - { expr: io.lost == 0, wher: 3 }
  - io.response.p99 < 12
`;
  expect(errorsOf(text)).toEqual([
    's.yaml:2:11: duration: "20" has no unit; write 20s, 20ms or 20us',
    's.yaml:3:1: sed: unknown key; did you mean "seed"?',
    's.yaml:5:34: machine.chpids["0.40-0.43"].type: "ficon-expres8s" is unknown; did you mean "ficon-express8s"?',
    's.yaml:5:52: machine.chpids["0.43"]: chpid 0.43 is defined twice, first as "0.40-0.43" at 5:13; make the ranges disjoint',
    's.yaml:5:64: machine.chpids.4G: chpid "4G" is not two hex digits; write cssid and two hex digits, such as 0.40',
    's.yaml:7:27: machine.controlUnits.lcu0.paths[1]: chpid 0.44 is not in the machine; machine.chpids has 0.40-0.43',
    's.yaml:7:53: machine.controlUnits.lcu0.cache.hitRatio: 1.2 is more than 1; a share lies between 0 and 1, or 0% and 100%',
    's.yaml:9:43: machine.dasd["0.0.1000-0.0.1029"].ctrlUnit: unknown key; did you mean "controlUnit"?',
    's.yaml:10:5: machine.dasd["0.0.1010"]: device 0.0.1010 is defined twice, first as "0.0.1000-0.0.1029" at 9:5; make the ranges disjoint',
    's.yaml:12:30: systems.lpar.cpus: -1 is less than 1; the least is 1',
    's.yaml:14:11: faults[0].at: -2s is negative; a time is zero or more',
    's.yaml:15:5: faults[1].chpid: is missing; write a value like 0.40 or a list',
    's.yaml:16:45: faults[2].power: unknown key; known: do, at, name, controlUnit',
    's.yaml:18:14: expect[0].event: unknown event "crw.channel-pat"; did you mean "crw.channel-path"?',
    's.yaml:21:5: thresholds[0]: unknown metric "io.respons.p99"; did you mean "io.response.p99"?',
    's.yaml:22:27: thresholds[1].wher: unknown key; did you mean "where"?',
    's.yaml:23:5: thresholds[2]: "12" has no unit; write 12s, 12ms or 12us',
  ]);
});

test('a list keeps its positions when an entry before is refused', () => {
  const text = `faults:
  - { at: 2, chpid: 0.40, do: configure-off }
  - { at: 3s, chpid: 0.4x, do: configure-off }
  - { at: 4s, chpid: 0.50, do: configure-off }
`;
  expect(errorsOf(text)).toEqual([
    's.yaml:2:11: faults[0].at: "2" has no unit; write 2s, 2ms or 2us',
    's.yaml:3:22: faults[1].chpid: chpid "0.4x" is not two hex digits; write cssid and two hex digits, such as 0.40',
    's.yaml:4:22: faults[2].chpid: chpid 0.50 is not in the machine; machine.chpids has 0.40-0.43',
  ]);
});

test('a variant with a mistake is told once, with its own place', () => {
  expect(errorsOf('variants:\n  other:\n    systems: { b: { dasd: 0.0.2000 } }')).toEqual([
    's.yaml:3:27: variants.other.systems.b.dasd: device 0.0.2000 is not in the machine; there are 0.0.1000-0.0.1029',
  ]);
});
