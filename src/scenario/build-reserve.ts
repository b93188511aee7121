import { drawServiceTime } from '../dasd/service-time.ts';
import { assert } from '../kernel/assert.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { STATE } from '../linux/dasd/definitions.ts';
import { E } from '../linux/errno.ts';
import { streamPrefix } from '../workload/request-source.ts';
import { formatBusId } from '../zarch/ids.ts';
import type { BuiltSystem } from './build-systems.ts';
import { expandRanges } from './devices.ts';
import type { ResolvedWorkload } from './resolved.ts';

/**
 * Systems that share volumes and keep each other out: for each volume of the workload a thread of its system reserves it
 * from time to time, keeps it for a while, in which the system's requests go on and those of others find the device busy,
 * and releases it. The first reserve is one such time behind the workload's beginning; none begins after its end.
 */
export function scheduleReserves(
  workload: ResolvedWorkload,
  systems: readonly BuiltSystem[],
  { sim, streams }: { readonly sim: Simulation; readonly streams: RandomStreams },
): void {
  const { reserve, name, fromNs, untilNs } = workload;
  if (reserve === undefined) return;
  const system = systems[workload.system];
  assert(system.kind !== 'zvm-host' && system.volumes !== null, 'applications run in a system with volumes');
  const { dasd, numbers } = system.volumes;
  for (const device of expandRanges(workload.volumes)) {
    const { ssid, deviceNumber } = device;
    const busId = formatBusId(0, ssid, deviceNumber);
    const draws = streams.stream(`${streamPrefix(name, busId)}/reserve`);
    system.linux.spawn(`reserve-${busId}`, function* (self: Process): Steps {
      yield* self.sleep(fromNs);
      for (;;) {
        yield* self.sleep(Math.max(1, drawServiceTime(reserve.every, draws.uniform())));
        const held = drawServiceTime(reserve.hold, draws.uniform());
        if (sim.now >= untilNs) return;
        const own = numbers.ownOf(device);
        const volume = dasd.dasd(own.deviceNumber, own.ssid);
        if (volume === undefined || volume.state !== STATE.ONLINE) continue;
        if ((yield* dasd.reserve(self, volume)) !== E.OK) continue;
        yield* self.sleep(held);
        // A release that fails has lost its paths; the reservation stays, and with it what others wait for.
        yield* dasd.release(self, volume);
      }
    });
  }
}
