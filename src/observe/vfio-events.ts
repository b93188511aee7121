import { define, row } from './event-definition.ts';

/**
 * What the vfio-ccw driver in a host's kernel does. Those with underscores are its tracepoints, under their own names
 * (drivers/s390/cio/vfio_ccw_trace.h); states and events of its state machine are numbered as in the kernel.
 */
export const VFIO_EVENTS = define({
  'vfio_ccw.chp_event': row(
    'kernel',
    'chp_event',
    'events',
    ['mask', 'event', ''],
    'A channel-path event reached a subchannel that is passed through.',
  ),
  'vfio_ccw.fsm_event': row(
    'kernel',
    '',
    'all',
    ['state', 'event', ''],
    'The state machine of a subchannel that is passed through got an event in this state.',
  ),
  'vfio_ccw.fsm_io_request': row(
    'kernel',
    'refused',
    'all',
    ['fctl', 'errno', 'info'],
    'A request in the I/O region failed; info tells where: 0 request, 1 transport mode, 2 cp init, 3 cp prefetch, 4 cp fsm_io_helper.',
  ),
  'vfio_ccw.fsm_async_request': row(
    'kernel',
    '',
    'all',
    ['command', 'errno', ''],
    'HALT (1) or CLEAR SUBCHANNEL (2) was requested in the command region.',
  ),
  'vfio_ccw.freed-in-translation': row(
    'kernel',
    'freed_in_translation',
    'events',
    ['', '', ''],
    'Status of something else had a channel program freed that is still being translated.',
  ),
  'vfio_ccw.freed-in-execution': row(
    'kernel',
    'freed_in_execution',
    'events',
    ['', '', ''],
    'Status of something else, or that is not the last, had a channel program freed that the subchannel executes.',
  ),
  'region.command': row(
    'kernel',
    'region.command',
    'events',
    ['', '', ''],
    'A device was opened that has a region for HALT and CLEAR SUBCHANNEL.',
  ),
  'region.schib': row(
    'kernel',
    'region.schib',
    'events',
    ['', '', ''],
    "A device was opened that has a region for the host's SCHIB.",
  ),
  'region.crw': row(
    'kernel',
    'region.crw',
    'events',
    ['', '', ''],
    'A device was opened that has a region for channel reports.',
  ),
  'io-overwritten.start': row(
    'kernel',
    'io_overwritten.start',
    'events',
    ['fctl', 'stctl', ''],
    'A start was written into the I/O region over status that user space had not read: that of these functions.',
  ),
  'io-overwritten.halt': row(
    'kernel',
    'io_overwritten.halt',
    'events',
    ['fctl', 'stctl', ''],
    'A halt was written into the I/O region over status that user space had not read: that of these functions.',
  ),
  'io-overwritten.clear': row(
    'kernel',
    'io_overwritten.clear',
    'events',
    ['fctl', 'stctl', ''],
    'A clear was written into the I/O region over status that user space had not read: that of these functions.',
  ),
  'status-overwritten': row(
    'kernel',
    'status_overwritten',
    'events',
    ['fctl', '', ''],
    'Status of an interruption took the place of status in the I/O region that user space had not read.',
  ),
  'vfio_ccw.crw': row(
    'kernel',
    'crw',
    'events',
    ['word', '', ''],
    'A channel report was queued for user space.',
  ),
  'vfio_ccw.crw-read': row(
    'kernel',
    'crw_read',
    'events',
    ['word', '', ''],
    'User space took a channel report; zero: there was none.',
  ),
  'vfio_ccw.crw-lost': row(
    'kernel',
    'crw_lost',
    'events',
    ['word', '', ''],
    'A channel report for user space found no storage in the kernel.',
  ),
  'vfio_ccw.work': row(
    'kernel',
    'work',
    'all',
    ['kind', '', ''],
    'A work item of the queue vfio-ccw began: 0 the status of an interruption, 1 a channel path.',
  ),
  'eventfd.io': row(
    'kernel',
    'eventfd.io',
    'all',
    ['', '', ''],
    'User space is told of an I/O interruption.',
  ),
  'eventfd.path': row(
    'kernel',
    'eventfd.path',
    'events',
    ['', '', ''],
    'User space is told of a channel-path event.',
  ),
  'eventfd.request': row(
    'kernel',
    'eventfd.request',
    'events',
    ['', '', ''],
    'User space is asked to let go of a device.',
  ),
  'eventfd.oper': row(
    'kernel',
    'eventfd.oper',
    'events',
    ['', '', ''],
    'User space is told that the subchannel of a device that it keeps is gone, or is operational again.',
  ),
});

/** The texts of `info` of a failed request, as the tracepoint prints them. */
export const IO_REQUEST_INFO = [
  'request',
  'transport mode',
  'cp init',
  'cp prefetch',
  'cp fsm_io_helper',
] as const;
