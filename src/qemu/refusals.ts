import type { EventName } from '../observe/event-table.ts';
import type { PlugError } from './device-configuration.ts';
import type { RegionError } from './vfio-regions.ts';

/** Why a device is not realized, or QEMU does not start, in the words of its messages without the numbers in them. */
export type Refusal =
  | PlugError
  | RegionError
  | 'Host device not found'
  | 'Failed to get device information'
  | 'Failed to open'
  | "Property '.s390-squash-mcss' not found";

/** The event of each refusal. */
export const REFUSAL_EVENT = {
  'cssid not valid for virtual devices': 'vmm.refused.virtual-cssid',
  'cssid not valid for non-virtual devices': 'vmm.refused.host-cssid',
  'Invalid cssid or ssid': 'vmm.refused.bus-id',
  'Device already exists': 'vmm.refused.exists',
  'Virtual channel subsystem is full!': 'vmm.refused.full',
  'Multiple 3270 terminals are not supported.': 'vmm.refused.terminal',
  'No available chpid to use.': 'vmm.refused.chpid',
  Aborted: 'vmm.aborted',
  'Host device not found': 'vmm.refused.host-device',
  'Failed to get device information': 'vmm.refused.host-device',
  'Failed to open': 'vmm.refused.open',
  'vfio: device is not a vfio-ccw device': 'vmm.refused.region',
  'vfio: Unexpected size of the I/O region': 'vmm.refused.region',
  'vfio: Unexpected size of a region': 'vmm.refused.region',
  'vfio: unexpected number of irqs': 'vmm.refused.region',
  "Property '.s390-squash-mcss' not found": 'vmm.refused.option',
} as const satisfies Record<Refusal, EventName>;
