import { z } from 'zod';
import { REPORT_PROFILES } from '../channel/machine-model.ts';
import { PATH_GENERATIONS } from '../channel/path-generations.ts';
import { SUBCHANNEL_KINDS } from '../channel/subchannel-kinds.ts';
import { FACILITY_SETS } from '../dasd/facilities.ts';
import { DASD_MODELS, MAX_CYLINDERS } from '../dasd/geometry.ts';
import {
  aliasOf,
  bandwidth,
  chpids,
  distance,
  distribution,
  hexByte,
  keysOf,
  oneOf,
  positiveTime,
  ratio,
  size,
  text,
  time,
  truth,
  whole,
} from './fields.ts';
import type { ResolvedDistribution } from './resolved.ts';
import { dcmSchema } from './schema-maintenance.ts';
import { machinePciSchema } from './schema-pci.ts';

/** The part of the schema that describes the hardware. Sources: sections of the architecture reference. */

const reports = z
  .strictObject({
    arrive: truth().optional().describe('A CHPID that arrives gives a channel-path report INIT (C.3).'),
    gone: truth().optional().describe('A CHPID that goes gives a channel-path report PERRN (C.3).'),
    eventInformation: truth()
      .optional()
      .describe('Link and control-unit faults give event information: CSS report and SEI (C.3).'),
    configurationAsEvent: truth()
      .optional()
      .describe('Configuring a CHPID gives event information in place of channel-path reports (C.3).'),
  })
  .prefault({});

const costs = z
  .strictObject({
    ssch: time().prefault('2us').describe('START SUBCHANNEL, ns on the issuing CPU (H host.ssch_us).'),
    hsch: time().prefault('2us').describe('HALT SUBCHANNEL, ns (as START SUBCHANNEL).'),
    csch: time().prefault('2us').describe('CLEAR SUBCHANNEL, ns (as START SUBCHANNEL).'),
    xsch: time().prefault('2us').describe('CANCEL SUBCHANNEL, ns (as START SUBCHANNEL).'),
    rsch: time().prefault('2us').describe('RESUME SUBCHANNEL, ns (as START SUBCHANNEL).'),
    stsch: time().prefault('1us').describe('STORE SUBCHANNEL, ns (H host.stsch_us).'),
    msch: time().prefault('1us').describe('MODIFY SUBCHANNEL, ns (E.7).'),
    tsch: time().prefault('1us').describe('TEST SUBCHANNEL, ns (H host.tsch_us).'),
    stcrw: time().prefault('2us').describe('STORE CHANNEL REPORT WORD, ns (H machineCheck.stcrw_us).'),
    rchp: time().prefault('2us').describe('RESET CHANNEL PATH, ns (as START SUBCHANNEL).'),
    chsc: time().prefault('100us').describe('CHANNEL SUBSYSTEM CALL, ns (H machineCheck.sei_us).'),
    tpi: time().prefault('1us').describe('TEST PENDING INTERRUPTION, ns (as TEST SUBCHANNEL).'),
    schm: time().prefault('1us').describe('SET CHANNEL MONITOR, ns (as MODIFY SUBCHANNEL).'),
    sal: time().prefault('1us').describe('SET ADDRESS LIMIT, ns (as MODIFY SUBCHANNEL).'),
    stcps: time().prefault('1us').describe('STORE CHANNEL PATH STATUS, ns (as STORE SUBCHANNEL).'),
  })
  .prefault({});

const detect = z
  .strictObject({
    configure: time()
      .prefault('5ms')
      .describe('Configuration of a CHPID changes → masks and report, ns (H machineCheck.csDetectToCrw_ms).'),
    link: time()
      .prefault('100ms')
      .describe(
        'A link fails or returns → the channel notices, ns (H machineCheck.linkFailDetect_ms: R_T_TOV).',
      ),
    response: positiveTime()
      .prefault('1500ms')
      .describe('A frame gets no answer → the channel gives up, ns (H timeouts.iuResponse_ms).'),
    noPath: time()
      .prefault('100us')
      .describe('A start has no path to try → deferred cc 3, ns (H pathing.retryFloorDelay_us).'),
  })
  .prefault({});

const functions = z
  .strictObject({
    signal: time()
      .prefault('2us')
      .describe(
        'Halt or clear signal, without its way to the control unit and back, ns (as START SUBCHANNEL).',
      ),
    pathReset: time()
      .prefault('1ms')
      .describe('RCHP accepted → path reset and report made, ns (not published).'),
    fetch: time()
      .prefault('1us')
      .describe('A program in storage is started or resumed → its first CCW is fetched, ns (not published).'),
    fetchAhead: whole(0, 1024)
      .prefault('16')
      .describe(
        'CCWs of a program in storage that are fetched ahead when its ORB allows prefetch (not published).',
      ),
    ccwLimit: whole(1, 1_000_000_000)
      .prefault('1000000')
      .describe(
        'CCWs of a program in storage that one start may execute; the next is a program check (a limit of chpsim).',
      ),
  })
  .prefault({});

const channelPath = z.strictObject({
  type: oneOf(keysOf(PATH_GENERATIONS))
    .prefault('ficon-express16s+')
    .describe(
      'Generation of the channel; gives the defaults of the other fields (E.3, H channel.generations).',
    ),
  maxOpen: whole(1, 4096).optional().describe('Exchanges that may be open at one time (E.2).'),
  base: time().optional().describe('Occupancy of the channel processor per start without CCWs, ns (E.3).'),
  perCcw: time().optional().describe('Further occupancy per CCW, ns (E.3).'),
  transport: time()
    .optional()
    .describe('Occupancy per start in transport mode, ns; 0s: the channel knows none (E.3).'),
  transportMaxOpen: whole(1, 4096)
    .optional()
    .describe('Exchanges in transport mode that may be open at one time, besides those of maxOpen (E.2).'),
  bandwidth: bandwidth()
    .optional()
    .describe('Payload rate of the wire each way, bytes per second (E.2, E.3).'),
  halfDuplex: truth().optional().describe('Reading and writing share the wire, as on ESCON (E.2).'),
  occupancy: distribution()
    .optional()
    .describe(
      'Occupancy of the channel processor per start in place of base and perCcw, ns: for queueing theory.',
    ),
  distance: distance()
    .prefault('100m')
    .describe('Length of the fibre, metres; 5 ns each (H link.distance_km).'),
  switch: time().prefault('700ns').describe('Delay of the director, one way, ns (H link.switch_local_us).'),
  configured: truth()
    .prefault('true')
    .describe('In the configuration from the beginning; else it stands by until configure-on (C.3).'),
  managed: truth()
    .prefault('false')
    .describe('Leads to one of its control units at a time, the first in the beginning (B.15).'),
});

/** Service of a read miss by backend (H missFlash_us, missDisk_us). */
const FLASH_MISS = { kind: 'deterministic', meanNs: 400_000 } as const satisfies ResolvedDistribution;
const DISK_MISS = { kind: 'deterministic', meanNs: 6_500_000 } as const satisfies ResolvedDistribution;
export const DEFAULT_MISS = { flash: FLASH_MISS, disk: DISK_MISS, mechanics: DISK_MISS };

const controlUnit = z.strictObject({
  type: oneOf(['2107', '2105', '1750', '3990-6', '3990-3'])
    .meta({ accepts: 'text-or-number' })
    .prefault('2107')
    .describe('Control-unit type and model as SENSE ID gives it (D.1).'),
  paths: z
    .union([z.literal('all'), chpids()])
    .prefault('all')
    .describe('CHPIDs in the order of the ports, at most 8 per control unit (A.0).'),
  modelByte: hexByte()
    .optional()
    .describe('Model as SENSE ID gives it, where it is not that of the type: two hex digits (D.1).'),
  pathsEach: whole(1, 8)
    .optional()
    .describe(
      'For a range of control units: each takes so many of the paths, the next one the next so many.',
    ),
  pim: hexByte()
    .optional()
    .describe(
      'Path-installed mask: which paths of its subchannels these are, two hex digits; default: the leftmost (PoP, PMCW).',
    ),
  nonPreferred: chpids()
    .optional()
    .describe(
      'Those of the paths that it would rather not be reached on; its configuration data prefer the others (D.4).',
    ),
  cache: z
    .strictObject({
      hitRatio: ratio()
        .optional()
        .describe('Share of reads found in the cache, 0 to 1 (H controlUnit.hitRatio).'),
      lru: size()
        .optional()
        .describe('Size of a real track cache with least-recently-used replacement, bytes.'),
    })
    .prefault({ hitRatio: '0.88' })
    .describe('Read cache: a hit ratio or a real cache. Writes always hit (E.5).'),
  backend: oneOf(['flash', 'disk', 'mechanics'])
    .prefault('flash')
    .describe('What a read miss waits for: flash, a disk array, or one spinning 3390 (E.1, E.5).'),
  hitRead: distribution()
    .prefault('120us')
    .describe('Service of a read hit without channel and link, ns (H controlUnit.hitRead_us).'),
  hitWrite: distribution()
    .prefault('200us')
    .describe('Service of a write into non-volatile storage, ns (H controlUnit.hitWriteNvs_us).'),
  miss: distribution()
    .optional()
    .describe(
      'What a read miss takes besides a hit, ns; default: 400 µs for flash, else 6.5 ms (H missFlash_us, missDisk_us).',
    ),
  control: distribution()
    .prefault('120us')
    .describe('Service of a control command such as SENSE ID or SNID, ns (E.7: as a cache hit).'),
  mechanics: z
    .strictObject({
      revolution: positiveTime()
        .prefault('14.2ms')
        .describe('One revolution, ns (H disk3390.revolution_us).'),
      seekMin: time().prefault('1.5ms').describe('Seek to the next cylinder, ns (E.1).'),
      seekAverage: time().prefault('15ms').describe('Average seek, ns (H disk3390.seekAvg_ms).'),
      rate: bandwidth()
        .prefault('4.14MB/s')
        .describe('Transfer rate of a track, bytes per second (H disk3390).'),
    })
    .prefault({})
    .describe('The spinning 3390 behind a control unit with backend mechanics.'),
  zhpf: truth()
    .prefault('false')
    .describe('The control unit knows transport mode: High Performance FICON (E.3).'),
  facilities: oneOf(keysOf(FACILITY_SETS))
    .meta({ accepts: 'text-or-number' })
    .optional()
    .describe(
      'Set of commands the control unit knows; default: that of its type. hercules: as the emulator answers.',
    ),
  features: z
    .record(z.string(), truth())
    .prefault({})
    .describe('Single facilities switched on or off, by name.'),
  maxConcurrentPerPort: whole(1, 100_000)
    .prefault('256')
    .describe('Operations a port accepts before control-unit busy (H controlUnit.maxConcurrentPerPort).'),
});

const dasd = z.strictObject({
  aliasOf: aliasOf()
    .optional()
    .describe(
      'No volumes but aliases: of any volume of the control unit (HyperPAV), or of the one that is named (PAV) (D.7).',
    ),
  model: oneOf(DASD_MODELS.map((model) => model.name) as [string, ...string[]])
    .prefault('3390-9')
    .describe('Model, which gives the number of cylinders (D.1).'),
  cylinders: whole(1, MAX_CYLINDERS)
    .optional()
    .describe('Cylinders, where they are not those of the model, as of a minidisk (D.1).'),
  modelByte: hexByte()
    .optional()
    .describe('Device model as SENSE ID gives it, where it is not that of the model: two hex digits (D.1).'),
  controlUnit: z
    .string()
    .optional()
    .describe('Control unit, or a range of them that shares the devices evenly; default: the only one.'),
  unitAddress: whole(0, 255)
    .optional()
    .describe('Unit address of the first device; default: the next free one.'),
  subchannel: text()
    .optional()
    .describe(
      'Subchannel of the first device (0.0.24ac), the others follow; default: the lowest that is free. Numbers below that no device has are subchannels without a device (A.0).',
    ),
  pam: hexByte()
    .optional()
    .describe(
      'Path-available mask in the beginning, two hex digits; default: all paths whose CHPIDs are configured (PoP, PMCW).',
    ),
  pom: hexByte()
    .optional()
    .describe('Path-operational mask in the beginning, two hex digits; default: ff (PoP, PMCW).'),
  format: oneOf(['cdl', 'ldl', 'unformatted']).prefault('cdl').describe('Layout of the volume (D.2).'),
  missingInterrupt: time()
    .prefault('30s')
    .describe(
      'Primary missing-interrupt interval in the configuration data, ns; 0s: none (H timeouts.linuxExpire_s).',
    ),
});

/** Something that links go through, and that fails with all of them. */
const onTheWay = z.strictObject({
  chpids: z
    .union([z.literal('all'), chpids()])
    .prefault('all')
    .describe('Channel paths whose links go through it.'),
  controlUnits: z
    .union([text(), z.array(text()).min(1)])
    .prefault('all')
    .describe('Control units, or ranges of them, at the end of these links.'),
});

const pathlessSubchannel = z.strictObject({
  type: oneOf(keysOf(SUBCHANNEL_KINDS)).describe(
    'CHSC, message or EADM subchannel, or I/O subchannel with queues (A.3).',
  ),
});

export const machineSchema = z
  .strictObject({
    model: oneOf(keysOf(REPORT_PROFILES))
      .prefault('verbose-lpar')
      .describe('Which path events produce channel reports (C.3).'),
    reports: reports.describe('Single report choices that differ from the model.'),
    noPath: oneOf(['cc3', 'deferred-cc3'])
      .prefault('deferred-cc3')
      .describe('START SUBCHANNEL without an available path: cc 3 at once, or cc 0 and deferred cc 3 (B.4).'),
    order: z
      .tuple([z.string(), z.string(), z.string()])
      .prefault(['mask', 'io', 'report'])
      .describe('Order of mask change, ended I/O and report when a path goes: mask, io, report (trap 33).'),
    pathGroupReturn: oneOf(['ungrouped', 'reset'])
      .prefault('ungrouped')
      .describe('Path-group state in which the logical paths of a CHPID return (B.9, B.11).'),
    lostIo: oneOf(['ifcc', 'silent', 'deferred-cc3'])
      .prefault('ifcc')
      .describe('How an operation in progress ends when its path goes (C.5).'),
    crwQueueDepth: whole(1, 100_000)
      .prefault('64')
      .describe('Channel reports the machine keeps (H crwQueueDepth).'),
    eventQueueDepth: whole(1, 100_000)
      .prefault('64')
      .describe('Event information the machine keeps (as crwQueueDepth).'),
    subchannelSets: whole(1, 4).prefault('4').describe('Subchannel sets that an image may enable (A.0).'),
    storage: size()
      .prefault('2GiB')
      .describe('Main storage of each partition, in whole blocks of 4 KiB: what its programs can address.'),
    pathDescriptionFormats: z
      .array(whole(0, 3))
      .prefault(['0', '1'])
      .describe('Formats in which the machine describes a channel path: CHSC 0002 (A.13).'),
    costs: costs.describe('What each instruction costs.'),
    detect: detect.describe('How long the machine takes to notice.'),
    functions: functions.describe('What the channel subsystem itself takes for its functions.'),
    chpids: z
      .record(z.string(), channelPath)
      .prefault({ '0.40-0.43': {} })
      .describe('Channel paths, by CHPID, list or range.'),
    controlUnits: z
      .record(z.string(), controlUnit)
      .prefault({ lcu0: {} })
      .describe('Control units, by name or by a range of names (lcu00-lcu0f).'),
    directors: z
      .record(z.string(), onTheWay)
      .prefault({})
      .describe('Directors by name: which links go through them (E.4).'),
    cables: z
      .record(z.string(), onTheWay)
      .prefault({})
      .describe('Trunks, patch panels, ports of an enclosure by name: which links go through them.'),
    dcm: dcmSchema.describe('Dynamic channel-path management: what moves managed channel paths (C1).'),
    dasd: z
      .record(z.string(), dasd)
      .prefault({ '0.0.1000-0.0.1029': {} })
      .describe('DASD volumes, by device, list or range.'),
    pci: machinePciSchema.describe('PCI functions, and what the machine does for them.'),
    subchannels: z
      .record(z.string(), pathlessSubchannel)
      .prefault({})
      .describe('Subchannels without I/O, by a number that no DASD has, list or range.'),
  })
  .prefault({});

export type ParsedMachine = z.output<typeof machineSchema>;
