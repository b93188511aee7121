import type { Process, Steps } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import { IO_SUBCHANNEL_DRIVER } from '../linux/io-subchannel.ts';
import { EVENT } from '../observe/event-table.ts';
import { NONE, type SubchannelId } from '../zarch/ids.ts';
import type { BuiltHost } from './build-host.ts';
import type { Numbered } from './build-volumes.ts';
import type { SetUpAction } from './resolved.ts';

/**
 * What an administrator writes into sysfs so that QEMU can have a device of the host, and on the way back:
 *
 *   /sys/bus/ccw/devices/<device>/driver/unbind
 *   /sys/bus/css/devices/<subchannel>/driver/unbind
 *   /sys/bus/css/drivers/<driver>/bind
 *   /sys/bus/css/devices/<subchannel>/mdev_supported_types/vfio_ccw-io/create
 *   /sys/bus/mdev/devices/<uuid>/remove
 *
 * A file that is not there answers −ENOENT, before anybody is asked.
 */
export function* setUp(
  self: Process,
  host: BuiltHost,
  action: SetUpAction,
  device: Numbered,
): Steps<{ readonly rc: Errno; readonly subchannel: SubchannelId }> {
  const subchannel = host.subchannelOf(device) ?? NONE;
  const rc = yield* perform(self, host, action, device, subchannel);
  const driver = action.kind === 'bind-subchannel' && action.driver === 'vfio_ccw' ? 1 : 0;
  if (rc === E.OK) host.linux.emit(DONE[action.kind], subchannel, NONE, driver, 0, 0);
  else host.linux.emit(refusedEvent(rc), subchannel, NONE, STEP[action.kind], rc, 0);
  yield* self.settle();
  return { rc, subchannel };
}

function* perform(
  self: Process,
  host: BuiltHost,
  action: SetUpAction,
  { ssid, deviceNumber }: Numbered,
  schid: SubchannelId,
): Steps<Errno> {
  const { linux, vfio } = host;
  const { css, ccw } = linux;
  const sch = css.lookup(schid);
  const mediated = vfio.device(schid);
  switch (action.kind) {
    case 'unbind-device': {
      const device = linux.device(deviceNumber, ssid);
      if (device === undefined || device.driver === null) return E.NOENT;
      yield* ccw.unbind(self, device);
      return E.OK;
    }
    case 'unbind-subchannel':
      return sch === undefined || sch.driver === null ? E.NOENT : yield* css.unbind(self, sch);
    case 'bind-subchannel':
      if (action.driver === 'vfio_ccw') return yield* vfio.bind(self, schid);
      return sch === undefined ? E.NODEV : yield* css.bind(self, sch, IO_SUBCHANNEL_DRIVER);
    case 'create-mdev':
      if (mediated === undefined) return E.NOENT;
      return vfio.createMediated(schid, host.newRelay(), action.uuid);
    case 'remove-mdev':
      if (mediated === undefined || mediated.relay === null) return E.NOENT;
      return yield* vfio.removeMediated(self, schid);
  }
}

const STEP = {
  'unbind-device': 0,
  'unbind-subchannel': 1,
  'bind-subchannel': 2,
  'create-mdev': 3,
  'remove-mdev': 4,
} as const satisfies Record<SetUpAction['kind'], number>;

const DONE = {
  'unbind-device': EVENT['set-up.device-unbound'],
  'unbind-subchannel': EVENT['set-up.subchannel-unbound'],
  'bind-subchannel': EVENT['set-up.subchannel-bound'],
  'create-mdev': EVENT['set-up.mdev-created'],
  'remove-mdev': EVENT['set-up.mdev-removed'],
} as const satisfies Record<SetUpAction['kind'], number>;

const REFUSED: Readonly<Record<Errno, number>> = {
  [E.NOENT]: EVENT['set-up.refused.no-entry'],
  [E.BUSY]: EVENT['set-up.refused.busy'],
  [E.EXIST]: EVENT['set-up.refused.exists'],
  [E.INVAL]: EVENT['set-up.refused.invalid'],
  [E.USERS]: EVENT['set-up.refused.users'],
  [E.PERM]: EVENT['set-up.refused.users'],
};

/** All other errors are those of a driver that does not take the subchannel. */
const refusedEvent = (rc: Errno): number => REFUSED[rc] ?? EVENT['set-up.refused.no-device'];
