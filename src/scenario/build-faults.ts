import type { Impairment } from '../channel/path-impairment.ts';
import { drawServiceTime } from '../dasd/service-time.ts';
import type { ErrorRateFault, FaultLink, SlowFault } from '../faults/fault.ts';
import { faultKey } from '../faults/fault-key.ts';
import type { FaultTarget } from '../faults/fault-schedule.ts';
import { assert } from '../kernel/assert.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { ReportStorage } from '../linux/vfio/report-storage.ts';
import { ssidOf } from '../zarch/ids.ts';
import type { BuiltMachine } from './build-machine.ts';
import type { BuiltLinux, BuiltSystem } from './build-systems.ts';

/** Faults act on the machine, or on one of the systems; `systemGone` is told when a guest is killed. */
export function faultTarget(
  built: BuiltMachine,
  systems: readonly BuiltSystem[],
  streams: RandomStreams,
  systemGone: (system: number) => void,
): FaultTarget {
  const { machine, controlUnits, path } = built;
  const { configuration } = machine;
  return {
    configureChpid: (chpid, on, reported) => configuration.configureChpid(path(chpid), on, reported),
    setLink({ chpid, controlUnit }, up) {
      configuration.setLink(path(chpid), controlUnits[controlUnit], up);
    },
    setGray: grayLinks(built, streams),
    resetControlUnit: (controlUnit) => configuration.resetControlUnit(controlUnits[controlUnit]),
    varyChpid(system, chpid, on) {
      const { linux } = linuxOf(systems[system]);
      linux.spawn(`vary-${chpid.toString(16)}`, function* (self) {
        yield* linux.varyChpid(self, chpid, on);
      });
    },
    loseReports(system, probability, limit) {
      const { name } = linuxOf(systems[system]).linux;
      const draw = (): number => streams.stream(`faults/lose-reports/${name}`).uniform();
      reportStorageOf(systems[system]).runShort({ probability, limit }, draw);
    },
    configureDevice({ ssid, deviceNumber }, attached) {
      for (const sch of machine.subchannels) {
        // A vacant subchannel has no device number, which looks like zero.
        if (sch.paths.length === 0) continue;
        if (ssidOf(sch.id) !== ssid || sch.schib.pmcw.deviceNumber !== deviceNumber) continue;
        const image = machine.images[sch.host];
        if (attached) machine.devices.attach(image, sch);
        else machine.devices.detach(image, sch);
      }
    },
    killGuest(system) {
      const guest = systems[system];
      assert(guest.kind === 'guest' && guest.machine !== null, 'only a guest on a host can be killed');
      guest.machine.vm.kill();
      systemGone(system);
    },
  };
}

/** Faults that concern a Linux are refused for CP when the scenario is read. */
function linuxOf(system: BuiltSystem): BuiltLinux {
  assert(system.kind !== 'zvm-host', 'CP is no Linux');
  return system;
}

/** Storage for the reports that a system keeps for another: a host for QEMU, QEMU for its guest. */
function reportStorageOf(system: BuiltSystem): ReportStorage {
  if (system.kind === 'guest') return system.css.reports.storage;
  assert(system.kind === 'partition' && system.host !== null, 'a partition keeps no reports for others');
  return system.host.vfio.reportStorage;
}

type Gray = ErrorRateFault | SlowFault;

/** Keeps what each gray fault has brought over each link, until the fault takes it away again. */
function grayLinks(
  { machine, controlUnits, path }: BuiltMachine,
  streams: RandomStreams,
): FaultTarget['setGray'] {
  const { configuration } = machine;
  const inForce = new Map<Gray, Map<FaultLink, Impairment>>();
  return (link, gray, begins) => {
    const impairments = inForce.get(gray) ?? new Map<FaultLink, Impairment>();
    inForce.set(gray, impairments);
    const channel = path(link.chpid);
    const before = impairments.get(link);
    if (before !== undefined) configuration.relieve(channel, before);
    impairments.delete(link);
    if (!begins) return;
    const { atNs: fromNs, rampNs, steps } = gray;
    const impairment: Impairment = {
      unit: controlUnits[link.controlUnit],
      errorRate: gray.kind === 'error-rate' ? [gray.initial, gray.probability] : [0, 0],
      delay: gray.kind === 'slow' ? delaySource(gray, link, streams) : null,
      bandwidth: gray.kind === 'slow' ? (gray.bandwidth ?? 1) : 1,
      fromNs,
      rampNs,
      steps,
    };
    impairments.set(link, impairment);
    configuration.impair(channel, impairment);
  };
}

/** Delays of one link come from a stream of their own. */
function delaySource(slow: SlowFault, link: FaultLink, streams: RandomStreams): Impairment['delay'] {
  const { delay } = slow;
  if (delay === undefined) return null;
  if (delay.kind === 'deterministic') return () => delay.meanNs;
  const stream = streams.stream(`faults/${faultKey(slow)}/delay/${link.chpid}/${link.controlUnit}`);
  return () => drawServiceTime(delay, stream.uniform());
}
