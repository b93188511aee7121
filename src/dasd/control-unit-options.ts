import { assert } from '../kernel/assert.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { Observer } from '../observe/observer.ts';
import { HitRatioCache, LruTrackCache, type TrackCache } from './cache.ts';
import { deviceCharacteristics } from './characteristics.ts';
import { configurationData, type NodeElement, type PathAccess, senseIdData } from './configuration-data.ts';
import type { ControlUnitIdentity, Facilities } from './facilities.ts';
import { type DasdModel, dasdModel } from './geometry.ts';
import { DiskArm, type MechanicsOptions } from './mechanics.ts';
import { ServicePlanner, type ServiceTimes } from './service-plan.ts';
import { type DeviceData, StorageDevice } from './storage-device.ts';
import { Volume, type VolumeFormat } from './volume.ts';

/** Everything that makes one storage control unit, already resolved: there are no defaults here. */
export interface ControlUnitOptions {
  readonly sim: Simulation;
  readonly name: string;
  /** Told of reservations that end by a reset; absent: nobody is. */
  readonly observer?: Observer;
  /** Name of a facility set, and single facilities switched. */
  readonly facilities: string;
  readonly facilityOverrides: Readonly<Record<string, boolean>>;
  /** Model of SENSE ID; absent: that of the facility set. */
  readonly modelByte?: number;
  readonly ports: number;
  /** Systems that may have logical paths: hosts are numbered from zero. */
  readonly hosts: number;
  /** Operations that a port accepts at one time before it answers control-unit busy. */
  readonly maxConcurrentPerPort: number;
  readonly cache:
    | { readonly kind: 'hit-ratio'; readonly hitRatio: number }
    | { readonly kind: 'lru'; readonly bytes: number };
  /** `mechanics`: a spinning 3390 with seek, rotation and transfer; else a miss takes `times.miss`. */
  readonly backend: 'flash' | 'disk' | 'mechanics';
  readonly times: ServiceTimes;
  readonly mechanics: MechanicsOptions;
  /** Subsystem identifier, and number of the logical subsystem: they make volumes of different control units differ. */
  readonly subsystemId: number;
  readonly logicalSubsystem: number;
  /** How each port prefers its devices to be reached; absent: all alike. */
  readonly pathAccess?: readonly PathAccess[];
  readonly devices: readonly DeviceOptions[];
}

export interface DeviceOptions extends NodeElement {
  /** `3390-9`, … */
  readonly model: string;
  /** Cylinders of a volume that has not as many as its model; absent: those of the model. */
  readonly cylinders?: number;
  /** Model byte of SENSE ID; absent: that of the model. */
  readonly modelByte?: number;
  readonly format: VolumeFormat;
  /** Volume serial number of the label, up to six digits or capital letters. */
  readonly volumeSerial: string;
}

export function buildPlanner(options: ControlUnitOptions, facilities: Facilities): ServicePlanner {
  return new ServicePlanner(options.times, buildCache(options.cache), facilities.fastWrite);
}

function buildCache(cache: ControlUnitOptions['cache']): TrackCache {
  return cache.kind === 'lru' ? new LruTrackCache(cache.bytes) : new HitRatioCache(cache.hitRatio);
}

/** The devices of a control unit, in the order of the options. */
export function buildDevices(
  options: ControlUnitOptions,
  identity: ControlUnitIdentity,
  facilities: Facilities,
): StorageDevice[] {
  const shared = new Map<string, DeviceData>();
  const rules = { states: facilities.pathGroupStates, multipath: facilities.multipathMode };
  const sharing = { paths: options.hosts * options.ports, hosts: options.hosts, rules };
  return options.devices.map((device, index) => {
    const named = dasdModel(device.model);
    assert(named !== undefined, `${options.name} has a device of an unknown model ${device.model}`);
    const model = { ...named, model: device.modelByte ?? named.model };
    const cylinders = device.cylinders ?? model.cylinders;
    const volume = volumeOf(device, model, cylinders);
    const kind = `${device.model} ${model.model} ${cylinders}`;
    const data = shared.get(kind) ?? {
      identification: senseIdData(identity, model.model),
      characteristics: deviceCharacteristics(identity, model, cylinders),
      configuration: configurationData(identity, facilities, {
        model: model.model,
        logicalSubsystem: options.logicalSubsystem,
        subsystemId: options.subsystemId,
      }),
    };
    shared.set(kind, data);
    const arm = options.backend === 'mechanics' ? new DiskArm(options.mechanics, cylinders) : null;
    return new StorageDevice(index, device, volume, data, arm, sharing);
  });
}

/** An alias has no tracks of its own: a program that does not say which base it means finds nothing there. */
function volumeOf(device: DeviceOptions, model: DasdModel, cylinders: number): Volume {
  if (device.aliasOf !== undefined) return new Volume(model, 0, 'unformatted', '');
  return new Volume(model, cylinders, device.format, device.volumeSerial);
}
