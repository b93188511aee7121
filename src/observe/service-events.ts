import { define, row } from './event-definition.ts';

/** What happens at the machine by design: service on control units, and channel paths that move between them. */
export const SERVICE_EVENTS = define({
  'io.unsolicited': row(
    'machine',
    'unsolicited',
    'events',
    ['dstat', '', ''],
    'A device presented status that no program had asked for.',
  ),
  'cuir.request': row(
    'machine',
    'cuir_request',
    'events',
    ['message', 'code', 'unit_address'],
    'A control unit asks a path group: 1 to quiesce a path, 2 to use it again; attention goes with it.',
  ),
  'cuir.answer': row(
    'machine',
    'cuir_answer',
    'events',
    ['message', 'response', 'unit_address'],
    'A path group has answered: 1 completed, 2 not supported, 4 denied, 5 last path; 0: nothing came in time.',
  ),
  'service.began': row(
    'machine',
    'service_began',
    'events',
    ['port', 'control_unit', 'asked'],
    'A port of a control unit went out of service; the control unit by its position in the scenario.',
  ),
  'service.refused': row(
    'machine',
    'service_refused',
    'events',
    ['port', 'control_unit', ''],
    'A port of a control unit stays in service, because somebody needs it or has not answered.',
  ),
  'service.ended': row(
    'machine',
    'service_ended',
    'events',
    ['port', 'control_unit', ''],
    'A port of a control unit came back from service.',
  ),
  'channel-path.moved': row(
    'machine',
    'channel_path_moved',
    'events',
    ['from', 'to', ''],
    'A managed channel path leaves one control unit for another, which are given by their positions in the scenario.',
  ),
});
