import { define, row } from './event-definition.ts';

/**
 * A guest goes from one QEMU to another. Devices are told by the bus id in the name of their section: the image in which
 * they are and their device number, which the guest may know by another image number.
 */
export const MIGRATION_EVENTS = define({
  'migration.refused': row(
    'vmm',
    'migration.refused',
    'events',
    ['cssid', 'dev', ''],
    'QEMU does not let its guest go, because of a device whose state it cannot send.',
  ),
  'migration.stopped': row(
    'vmm',
    'migration.stopped',
    'events',
    ['', '', ''],
    'The guest stands still, and the state of its devices is sent.',
  ),
  'migration.section': row(
    'vmm',
    'migration.section',
    'events',
    ['position', 'cssid', 'dev'],
    'The destination has loaded a section; for one of a device its bus id, else the default image and device number 0.',
  ),
  'migration.lost': row(
    'vmm',
    'migration.lost',
    'events',
    ['reports', 'machine_check', 'interruptions'],
    'What was pending at the source and is not at the destination: channel reports, the machine check for them, I/O interruptions.',
  ),
  'migration.completed': row(
    'vmm',
    'migration.completed',
    'events',
    ['reports', 'machine_check', 'interruptions'],
    'The guest runs at the destination; what is pending there.',
  ),
  'migration.failed': row(
    'vmm',
    'migration.failed',
    'events',
    ['what', 'cssid', 'dev'],
    'The guest runs on at the source: 0 the destination did not start, 1 it has nothing for a section, 2 an image is on one side only, 3 an operation of a carried device did not end.',
  ),
});
