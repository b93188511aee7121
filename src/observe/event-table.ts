import { define, row } from './event-definition.ts';
import { MIGRATION_EVENTS } from './migration-events.ts';
import { PCI_EVENTS } from './pci-events.ts';
import { QEMU_EVENTS } from './qemu-events.ts';
import { REFUSAL_EVENTS } from './refusal-events.ts';
import { SERVICE_EVENTS } from './service-events.ts';
import { SET_UP_EVENTS } from './set-up-events.ts';
import { VFIO_EVENTS } from './vfio-events.ts';
import { VMM_EVENTS } from './vmm-events.ts';

export type { EventDefinition } from './event-definition.ts';

/** Masks of a PMCW as packed by `packPathMasks`: lpm, pnom, lpum, pim in one word, pam and pom in another. */
const SCHIB_FIELDS: [string, string, string] = ['ena_st_dnv_dev', 'lpm_pnom_lpum_pim', 'pam_pom'];

/**
 * Every event that a run can record, in one table: it drives counts, CSV rows, `chpsim explain`, expectations and the
 * documentation. `a`, `b` and `c` name the event's own numbers (empty: unused); `count` is the name under which the
 * event is counted, per system and condition code, as `<layer>.<count>` (empty: not counted).
 */
export const EVENT_TABLE = define({
  // What happens at the machine.
  fault: row(
    'machine',
    'fault',
    'events',
    ['index', 'what', 'on'],
    'A step of a fault: 0 configure, 1 vary, 2 link, 3 gray, 4 reset, 5 reports, 6 device, 7 kill; on: it works again.',
  ),
  'chpid.available': row(
    'machine',
    '',
    'events',
    ['', '', ''],
    'A channel path entered the configuration of a system.',
  ),
  'chpid.unavailable': row(
    'machine',
    '',
    'events',
    ['', '', ''],
    'A channel path left the configuration of a system.',
  ),
  'device.detached': row(
    'machine',
    'device_detached',
    'events',
    ['', '', ''],
    'A device left the configuration of a system.',
  ),
  'device.attached': row(
    'machine',
    'device_attached',
    'events',
    ['', '', ''],
    'A device entered the configuration of a system again.',
  ),
  'link.up': row(
    'machine',
    '',
    'events',
    ['port', 'control_unit', ''],
    'A link between channel path and control unit works; the control unit by its position in the scenario.',
  ),
  'link.down': row(
    'machine',
    '',
    'events',
    ['port', 'control_unit', ''],
    'A link between channel path and control unit failed; the control unit by its position in the scenario.',
  ),
  'crw.channel-path': row(
    'machine',
    'crw',
    'events',
    ['erc', 'solicited', 'word'],
    'A channel-path report was queued.',
  ),
  'crw.subchannel': row(
    'machine',
    'crw',
    'events',
    ['erc', 'chained', 'word'],
    'A subchannel report was queued.',
  ),
  'crw.channel-subsystem': row(
    'machine',
    'crw',
    'events',
    ['erc', '', 'word'],
    'A channel-subsystem report (event information) was queued.',
  ),
  'crw.lost': row(
    'machine',
    'crw_lost',
    'events',
    ['', '', 'word'],
    'A report was lost because the queue was full.',
  ),
  'machine-check.pending': row(
    'machine',
    '',
    'events',
    ['', '', ''],
    'The channel-report machine check was made pending.',
  ),
  'reservation.lost': row(
    'machine',
    'reserve_lost',
    'events',
    ['unit_address', '', ''],
    'A reset took away the last path on which a system had a device reserved.',
  ),
  'path.tried': row(
    'machine',
    '',
    'all',
    ['result', 'pom', 'pnom'],
    'Initial selection on a path: 0 operational, 1 channel busy, 2 not operational, 3 control-unit busy, 4 device busy.',
  ),
  'io.connect': row('machine', '', 'all', ['port', '', ''], 'The control unit accepted the first command.'),
  'io.disconnect': row('machine', '', 'all', ['port', '', ''], 'The device works without the channel.'),
  'io.reconnect': row('machine', '', 'all', ['port', '', ''], 'The device has reconnected.'),
  'io.status': row(
    'machine',
    '',
    'all',
    ['dstat', 'cstat', 'deferred_cc'],
    'Ending status was made pending.',
  ),
  'ccw.executed': row(
    'machine',
    '',
    'all',
    ['address', 'stores', 'command'],
    'A CCW in main storage took effect as it was when it had been stored into that often.',
  ),
  'tcw.executed': row(
    'machine',
    '',
    'all',
    ['address', 'offset', 'residual'],
    'A program in transport mode in main storage was carried out: the last command and what it has not moved.',
  ),
  'io.path-lost': row(
    'machine',
    'io_path_lost',
    'events',
    ['', '', ''],
    'An operation in progress lost its path.',
  ),
  // Instructions and interruptions of a control program.
  ssch: row('system', 'ssch', 'all', ['ccws', 'command', ''], 'START SUBCHANNEL.'),
  hsch: row('system', 'hsch', 'all', ['', '', ''], 'HALT SUBCHANNEL.'),
  csch: row('system', 'csch', 'all', ['', '', ''], 'CLEAR SUBCHANNEL.'),
  xsch: row('system', 'xsch', 'all', ['', '', ''], 'CANCEL SUBCHANNEL.'),
  rsch: row('system', 'rsch', 'all', ['', '', ''], 'RESUME SUBCHANNEL.'),
  stsch: row('system', 'stsch', 'all', SCHIB_FIELDS, 'STORE SUBCHANNEL.'),
  msch: row('system', 'msch', 'all', SCHIB_FIELDS, 'MODIFY SUBCHANNEL.'),
  'subchannel.chpids': row(
    'system',
    '',
    'all',
    ['chpids_0_3', 'chpids_4_7', ''],
    'The CHPIDs in the SCHIB of the next STSCH or MSCH are others than before, or are seen for the first time.',
  ),
  tsch: row('system', 'tsch', 'all', ['dcc_pno_fctl_actl_stctl', 'dstat', 'cstat'], 'TEST SUBCHANNEL.'),
  stcrw: row('system', 'stcrw', 'all', ['word', '', ''], 'STORE CHANNEL REPORT WORD.'),
  rchp: row('system', 'rchp', 'all', ['', '', ''], 'RESET CHANNEL PATH.'),
  schm: row(
    'system',
    'schm',
    'all',
    ['update', 'connect_time', 'origin'],
    'SET CHANNEL MONITOR: what is measured from now on.',
  ),
  chsc: row('system', 'chsc', 'all', ['command', 'response', ''], 'CHANNEL SUBSYSTEM CALL.'),
  interrupt: row('system', 'interrupt', 'all', ['isc', '', ''], 'An I/O interruption was taken.'),
  'machine-check': row(
    'system',
    'machine_check',
    'events',
    ['', '', ''],
    'A channel-report machine check was taken.',
  ),
  command: row(
    'system',
    '',
    'all',
    ['command', 'flags', 'count'],
    'One CCW of a channel program that was started; counted by command name.',
  ),
  // What Linux does.
  'chp.online': row(
    'system',
    'chp_online',
    'events',
    ['', '', ''],
    'Channel-path event CHP_ONLINE is delivered to the subchannels.',
  ),
  'chp.offline': row(
    'system',
    'chp_offline',
    'events',
    ['', '', ''],
    'Channel-path event CHP_OFFLINE is delivered to the subchannels.',
  ),
  'chp.vary-on': row(
    'system',
    'chp_vary_on',
    'events',
    ['', '', ''],
    'The administrator varied a channel path on.',
  ),
  'chp.vary-off': row(
    'system',
    'chp_vary_off',
    'events',
    ['', '', ''],
    'The administrator varied a channel path off.',
  ),
  'subchannel.event': row(
    'system',
    '',
    'events',
    ['process', 'action', ''],
    'A subchannel was evaluated; action as in sch_get_action.',
  ),
  'device.state': row('system', '', 'events', ['from', 'to', ''], 'The ccw device state machine moved.'),
  'device.recognized': row(
    'system',
    'recognized',
    'events',
    ['dev_type', 'cu_type', ''],
    'SENSE ID identified a device.',
  ),
  'device.online': row('system', 'online', 'events', ['', '', ''], 'A device was set online by its driver.'),
  'device.offline': row('system', 'offline', 'events', ['', '', ''], 'A device was set offline.'),
  'device.boxed': row('system', 'boxed', 'events', ['', '', ''], 'A device became boxed.'),
  'device.disconnected': row(
    'system',
    'disconnected',
    'events',
    ['', '', ''],
    'A device lost its last path and is kept.',
  ),
  'device.gone': row('system', 'gone', 'events', ['', '', ''], 'A device was found gone.'),
  'verify.start': row('system', 'verify', 'events', ['pam', 'opm', ''], 'Path verification began.'),
  'verify.done': row('system', '', 'events', ['rc', 'vpm', 'mpath'], 'Path verification ended.'),
  'path.gone': row('system', 'path_gone', 'events', ['', '', ''], 'PE_PATH_GONE was reported to the driver.'),
  'path.available': row(
    'system',
    'path_available',
    'events',
    ['', '', ''],
    'PE_PATH_AVAILABLE was reported to the driver.',
  ),
  'path.group-established': row(
    'system',
    'path_group_established',
    'events',
    ['', '', ''],
    'PE_PATHGROUP_ESTABLISHED was reported to the driver.',
  ),
  'path-group.several': row(
    'system',
    'pgid_mismatch',
    'events',
    ['', '', ''],
    'Verification found the paths of a device with different path-group ids.',
  ),
  'path-group.single-path': row(
    'system',
    'single_path_mode',
    'events',
    ['', '', ''],
    'A path group in multipath mode was refused: the device is used in single-path mode.',
  ),
  'path-group.none': row(
    'system',
    'path_group_none',
    'events',
    ['', '', ''],
    'A path group was given up: each path of the device is used for itself.',
  ),
  'path-group.offline': row(
    'system',
    'path_mismatch',
    'events',
    ['', '', ''],
    'CP took a path offline because its guest wanted it to have another path-group id (message HCP1281I).',
  ),
  'path.given-up': row(
    'system',
    'path_given_up',
    'events',
    ['reason', 'failures', 'since_ms'],
    'A path is out of use: 1 too many errors, 2 it failed a test after an error, 3 its channel path went too often. How many errors or losses there were, and the time since the first.',
  ),
  'path.taken-back': row(
    'system',
    'path_taken_back',
    'events',
    ['reason', '', ''],
    'A path that was given up is used again: 1 it was verified, 2 an operator said so, 3 its time is over, 4 a device had no other.',
  ),
  'path.masks': row(
    'system',
    '',
    'events',
    ['lpm', 'vpm', 'opm'],
    "The control program's masks of a subchannel changed.",
  ),
  'dasd.paths': row(
    'system',
    '',
    'events',
    ['opm', 'tbvpm', 'notoperpm'],
    "The DASD driver's path masks changed.",
  ),
  'dasd.message': row('system', '', 'events', ['message', '', ''], 'The DASD driver printed a message.'),
  'dasd.stopped': row('system', '', 'events', ['stopped', '', ''], 'Stop bits of a DASD changed.'),
  timeout: row('system', 'timeout', 'events', ['', '', ''], 'A request got no interruption within its time.'),
  action: row(
    'system',
    'action',
    'events',
    ['index', 'rc', ''],
    'An operator action ended, with its return code.',
  ),
  // Application I/O.
  'io.started': row(
    'io',
    'started',
    'all',
    ['request', '', ''],
    'An application request was accepted by the driver.',
  ),
  'io.completed': row(
    'io',
    'completed',
    'all',
    ['request', 'response_ns', ''],
    'An application request was completed.',
  ),
  'io.failed': row(
    'io',
    'failed',
    'events',
    ['request', '', ''],
    'An application request was given back with an error.',
  ),
  'io.retried': row(
    'io',
    'retried',
    'events',
    ['request', 'reason', ''],
    'An application request is started again.',
  ),
  'io.killed': row(
    'io',
    'killed',
    'events',
    ['request', '', ''],
    'An application request in progress was terminated.',
  ),
  ...QEMU_EVENTS,
  ...SET_UP_EVENTS,
  ...VFIO_EVENTS,
  ...VMM_EVENTS,
  ...MIGRATION_EVENTS,
  ...REFUSAL_EVENTS,
  ...SERVICE_EVENTS,
  ...PCI_EVENTS,
});

export type EventName = keyof typeof EVENT_TABLE;
export const EVENT_NAMES = Object.keys(EVENT_TABLE) as EventName[];
/** Event numbers by name, in table order: `EVENT.ssch`, `EVENT['crw.lost']`. */
export const EVENT = Object.fromEntries(EVENT_NAMES.map((name, index) => [name, index])) as Record<
  EventName,
  number
>;
