import { describe, expect, test } from 'vitest';
import { errorsOf } from './load.ts';

describe('names that lead nowhere, and contradictions', () => {
  test.each([
    [
      'a CHPID that the machine has not',
      'machine:\n  controlUnits:\n    lcu0: { paths: [0.40, 0.44] }',
      '3:27: machine.controlUnits.lcu0.paths[1]: chpid 0.44 is not in the machine; machine.chpids has 0.40-0.43',
    ],
    [
      'a CHPID that stands twice',
      'machine: { controlUnits: { lcu0: { paths: [0.40, 0.40] } } }',
      '1:50: machine.controlUnits.lcu0.paths[1]: chpid 0.40 stands twice; name each path once',
    ],
    [
      'a device on more than eight paths',
      'machine:\n  chpids: { "0.40-0.48": {} }\n  controlUnits: { lcu0: { paths: "0.40-0.48" } }',
      '3:34: machine.controlUnits.lcu0.paths: 9 paths, but a device has at most 8; name 8 of them, or write pathsEach: 8',
    ],
    [
      'a ninth path in a list',
      'machine:\n  chpids: { "0.40-0.48": {} }\n  controlUnits: { lcu0: { paths: [0.40-0.47, 0.48] } }',
      '3:46: machine.controlUnits.lcu0.paths[1]: 9 paths, but a device has at most 8; name 8 of them, or write pathsEach: 8',
    ],
    [
      'channel paths defined twice',
      'machine:\n  chpids:\n    "0.40-0.43": {}\n    0.42: { type: escon }',
      '4:5: machine.chpids["0.42"]: chpid 0.42 is defined twice, first as "0.40-0.43" at 3:5; make the ranges disjoint',
    ],
    [
      'devices defined twice',
      'machine:\n  dasd:\n    0.0.1000-0.0.1029: {}\n    0.0.1020-0.0.1040: {}',
      '4:5: machine.dasd["0.0.1020-0.0.1040"]: device 0.0.1020 is defined twice, first as "0.0.1000-0.0.1029" at 3:5; make the ranges disjoint',
    ],
    [
      'devices defined twice in one key',
      'machine: { dasd: { "0.0.1000-0.0.1002,0.0.1002": {} } }',
      '1:20: machine.dasd["0.0.1000-0.0.1002,0.0.1002"]: device 0.0.1002 is defined twice; make the ranges disjoint',
    ],
    [
      'a key that is no CHPID',
      'machine: { chpids: { 4G: {} } }',
      '1:22: machine.chpids.4G: chpid "4G" is not two hex digits; write cssid and two hex digits, such as 0.40',
    ],
    [
      'an unknown control unit',
      'machine: { dasd: { 0.0.1000: { controlUnit: lcu1 } } }',
      '1:45: machine.dasd["0.0.1000"].controlUnit: unknown control unit "lcu1"; did you mean "lcu0"?',
    ],
    [
      'no control unit where there are several',
      'machine: { controlUnits: { a: {}, b: {} } }',
      '1:10: machine.dasd["0.0.1000-0.0.1029"].controlUnit: is missing; known: a, b',
    ],
    [
      'more devices than a control unit has unit addresses',
      'machine: { dasd: { 0.0.1000-0.0.1100: {} } }',
      '1:20: machine.dasd["0.0.1000-0.0.1100"]: control unit lcu0 has more than 256 devices; share them among several control units, such as lcu00-lcu0f',
    ],
    [
      'a subchannel set that the machine has not',
      'machine: { subchannelSets: 2, dasd: { 0.2.1000: {} } }',
      '1:39: machine.dasd["0.2.1000"]: subchannel set 2 is not in the machine; machine.subchannelSets is 2',
    ],
    [
      'devices of another image',
      'machine: { dasd: { 1.0.1000: {} } }',
      '1:20: machine.dasd["1.0.1000"]: channel-subsystem image 1 is not modelled; use image 0, such as 0.40 and 0.0.1000',
    ],
    [
      'channel paths of another image',
      'machine: { chpids: { 1.40: {} } }',
      '1:22: machine.chpids["1.40"]: channel-subsystem image 1 is not modelled; use image 0, such as 0.40 and 0.0.1000',
    ],
    [
      'an interval that configuration data cannot state',
      'machine: { dasd: { 0.0.1000: { missingInterrupt: 64s } } }',
      '1:50: machine.dasd["0.0.1000"].missingInterrupt: cannot be stated in configuration data; use 0 to 63 times 1s, 10s, 100s or 1000s',
    ],
    [
      'an order that leaves a step out',
      'machine: { order: [io, io, mask] }',
      '1:19: machine.order: is no order of mask, io and report; name each of the three once',
    ],
    [
      'storage that ends inside of a block',
      'machine: { storage: 1000KB }',
      '1:21: machine.storage: is no whole number of 4 KiB blocks; write it like 512MiB',
    ],
    [
      'two kinds of cache',
      'machine: { controlUnits: { a: { cache: { hitRatio: 0.9, lru: 1MiB } } } }',
      '1:40: machine.controlUnits.a.cache: is either a hit ratio or a real cache; write { hitRatio: 0.88 } or { lru: 64MiB }',
    ],
    [
      'an unknown facility',
      'machine: { controlUnits: { a: { features: { prefx: true } } } }',
      '1:45: machine.controlUnits.a.features.prefx: unknown facility "prefx"; did you mean "prefix"?',
    ],
    [
      'an unknown kernel feature',
      'systems: { a: { features: { reprobePathles: true } } }',
      '1:29: systems.a.features.reprobePathles: unknown kernel feature "reprobePathles"; did you mean "reprobePathless"?',
    ],
    [
      'a device that the machine has not',
      'systems: { a: { dasd: [0.0.1000, 0.0.1029-0.0.1030] } }',
      '1:34: systems.a.dasd[1]: device 0.0.102a-0.0.1030 is not in the machine; there are 0.0.1000-0.0.1029',
    ],
    [
      'a device online that the system has not',
      'systems: { a: { dasd: 0.0.1000, online: 0.0.1001 } }',
      '1:41: systems.a.online: device 0.0.1001 is not in system a; there are 0.0.1000',
    ],
    [
      'no system at all',
      'systems: {}',
      '1:10: systems: there is no system; leave it out for one partition, or define one',
    ],
    [
      'none, and nothing in their place',
      'systems: none',
      '1:10: systems: leaves no run where there are no variants; add variants, or define a system',
    ],
    [
      'an unknown system',
      'workload: { a: { on: lpar2 } }',
      '1:22: workload.a.on: unknown system "lpar2"; did you mean "lpar1"?',
    ],
    [
      'a field of other arrivals',
      'workload: { a: { arrivals: closed, ratePerVolume: 3/s } }',
      '1:36: workload.a.ratePerVolume: has no meaning with closed arrivals; it belongs to poisson, mmpp and trains',
    ],
    [
      'bursts without their rate',
      'workload: { a: { arrivals: mmpp } }',
      '1:16: workload.a.burst: is missing; write { ratePerVolume: 400/s, length: 100ms, every: 1s }',
    ],
    [
      'a request larger than the driver takes',
      'workload: { a: { block: 1MiB } }',
      '1:25: workload.a.block: is more than a request can hold; the most is 760KiB',
    ],
    [
      'a skew out of range',
      'workload: { a: { addresses: { zipf: 2 } } }',
      '1:37: workload.a.addresses.zipf: 2 is out of range; the skew lies between 0 and 2',
    ],
    [
      'requests that end before they begin',
      'workload: { a: { from: 5s, until: 4s } }',
      '1:35: workload.a.until: is not after "from"; make it later',
    ],
    [
      'a fault on a missing CHPID',
      'faults: [{ at: 2s, chpid: [0.40, 0.50], do: configure-off }]',
      '1:34: faults[0].chpid[1]: chpid 0.50 is not in the machine; machine.chpids has 0.40-0.43',
    ],
    [
      'a fault after the end',
      'faults: [{ at: 20s, chpid: 0.40, do: configure-off }]',
      '1:16: faults[0].at: is not before the end of the run; lengthen the duration',
    ],
    [
      'a fault of an unknown control unit',
      'faults: [{ at: 2s, controlUnit: lcu, do: reset }]',
      '1:33: faults[0].controlUnit: unknown control unit "lcu"; did you mean "lcu0"?',
    ],
    [
      'a span that ends before it begins',
      'faults: [{ at: 2s, chpid: 0.40, do: error-rate, probability: 1%, until: 1s }]',
      '1:73: faults[0].until: is not after "at"; make it later',
    ],
    [
      'an action on a missing device',
      'actions: [{ at: 2s, do: reserve, device: 0.0.2000 }]',
      '1:42: actions[0].device: device 0.0.2000 is not in system lpar1; there are 0.0.1000-0.0.1029',
    ],
    [
      'a phase that ends after the run',
      'phases: { late: [1s, 30s] }',
      '1:17: phases.late: ends after the run; lengthen the duration',
    ],
    [
      'a phase without length',
      'phases: { none: [2s, 2s] }',
      '1:17: phases.none: ends before it begins; write [from, to]',
    ],
    [
      'a warm-up without end',
      'warmup: 20s',
      '1:9: warmup: is not before the end of the run; lengthen the duration',
    ],
  ])('%s', (_, text, message) => {
    expect(errorsOf(text)).toEqual([`s.yaml:${message}`]);
  });
});

describe('expectations and thresholds', () => {
  test.each([
    [
      'expect: [{ event: crw.chanel-path }]',
      '1:19: expect[0].event: unknown event "crw.chanel-path"; did you mean "crw.channel-path"?',
    ],
    [
      'expect: [{ never: device.box }]',
      '1:19: expect[0].never: unknown event "device.box"; did you mean "device.boxed"?',
    ],
    [
      'expect: [{ event: ssch, never: ssch }]',
      '1:10: expect[0]: expects not exactly one thing; write one of event, never, message, verdict, count, counts',
    ],
    [
      'expect: [{ event: ssch, within: [3s, 2s] }]',
      '1:33: expect[0].within: ends before it begins; write [from, to]',
    ],
    [
      'expect: [{ event: ssch, where: { chp: 0.40 } }]',
      '1:34: expect[0].where.chp: events have no label "chp"; did you mean "chpid"?',
    ],
    [
      'expect: [{ count: host.stch, equals: 1 }]',
      '1:12: expect[0].count: unknown metric "host.stch"; did you mean "host.stsch"?',
    ],
    [
      'expect: [{ count: host.stsch }]',
      '1:10: expect[0]: a count without value; write equals, or least and most',
    ],
    [
      'expect: [{ count: io.response.p99, equals: 1 }]',
      '1:12: expect[0].count: io.response.p99 is not a count; counts are machine.fault, machine.device_detached, machine.device_attached, machine.crw, machine.crw_lost, …',
    ],
    [
      'expect: [{ counts: { "host.stsch{cc=4}": 1 } }]',
      '1:22: expect[0].counts["host.stsch{cc=4}"]: condition code "4"; it is 0, 1, 2 or 3',
    ],
    [
      'expect: [{ phase: los, counts: { machine.crw: 1 } }]\nfaults: [{ at: 2s, name: loss, chpid: 40, do: configure-off }]',
      '1:19: expect[0].phase: unknown phase "los"; did you mean "loss"?',
    ],
    [
      'thresholds: [io.respons.p99 < 12ms]',
      '1:14: thresholds[0]: unknown metric "io.respons.p99"; did you mean "io.response.p99"?',
    ],
    ['thresholds: [io.response.p99 < 12]', '1:14: thresholds[0]: "12" has no unit; write 12s, 12ms or 12us'],
    [
      'thresholds: [io.response.p99]',
      '1:14: thresholds[0]: "io.response.p99" is no threshold; write metric, operator and value: io.response.p99 < 12ms',
    ],
    [
      'thresholds: [{ expr: io.lost == none }]',
      '1:22: thresholds[0].expr: "none" is not a whole number; write digits only, 0 or more',
    ],
    [
      'thresholds: [{ expr: io.lost == 0, where: { chpid: 40 } }]',
      '1:22: thresholds[0].expr: metric io.lost has no label "chpid"; it has none',
    ],
    [
      'thresholds: ["path.detect.max{chip=0.40} < 1s"]',
      '1:14: thresholds[0]: metric path.detect.max has no label "chip"; did you mean "chpid"?',
    ],
  ])('%s', (text, message) => {
    expect(errorsOf(text)).toEqual([`s.yaml:${message}`]);
  });
});
