import { describe, expect, it } from 'vitest';
import { E } from '../../../src/linux/errno.ts';
import { VIRTIO_ID } from '../../../src/linux/virtio/commands.ts';
import { VIRTIO_COMMAND } from '../../../src/zarch/commands.ts';
import type { Answer, VirtioRigOptions } from './fake-virtio.ts';
import { VirtioRig } from './fake-virtio.ts';

interface Behaviour {
  readonly highestRevision?: number;
  /** Feature bits that are offered; version 1 is 32. */
  readonly features?: readonly number[];
  readonly queueLength?: number;
  readonly rejects?: readonly number[];
  /** The device does not let the driver have the features that it chose. */
  readonly refusesFeatures?: boolean;
}

/** A device that keeps its status and answers as the specification asks. */
function deviceOf(behaviour: Behaviour = {}): (command: number, data: Uint8Array) => Answer {
  const { highestRevision = 2, features = [32], queueLength = 8, rejects = [], refusesFeatures } = behaviour;
  let status = 0;
  return (command, data) => {
    if (rejects.includes(command)) return 'reject';
    switch (command) {
      case VIRTIO_COMMAND.SET_REVISION:
        return data[1] > highestRevision ? 'reject' : 'end';
      case VIRTIO_COMMAND.RESET:
        status = 0;
        return 'end';
      case VIRTIO_COMMAND.READ_STATUS:
        data[0] = status;
        return 'end';
      case VIRTIO_COMMAND.WRITE_STATUS:
        status = refusesFeatures === true ? data[0] & ~0x08 : data[0];
        return 'end';
      case VIRTIO_COMMAND.READ_FEATURES:
        for (const bit of features) if (bit >> 5 === data[4]) data[(bit & 31) >> 3] |= 1 << (bit & 7);
        return 'end';
      case VIRTIO_COMMAND.READ_QUEUE_CONFIG:
        data[2] = queueLength >> 8;
        data[3] = queueLength & 0xff;
        return 'end';
      default:
        return 'end';
    }
  };
}

const rigOf = (kind: number, behaviour?: Behaviour, options?: VirtioRigOptions): VirtioRig =>
  new VirtioRig(kind, deviceOf(behaviour), options);

/** Reset, acknowledge; driver; features read and written, confirmed. */
const UP_TO_FEATURES = '83 33 72 31 72 31 12 12 11 11 72 31 72';

describe('virtio devices over the channel', () => {
  it('without a driver a device is only acknowledged', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY, {}, { drivers: [] });
    expect(rig.online()).toBe('83 33 72 31');
    expect(rig.device.data.at(-1)).toEqual([0x01]);
    expect(rig.rc).toBe(E.OK);
    expect(rig.offline()).toBe('');
  });

  it('random numbers: one queue, adapter interruptions, ready before the core looks', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY);
    expect(rig.online()).toBe(`${UP_TO_FEATURES} 32 13 73 53 72 31 72`);
    expect(rig.device.data.at(-2)).toEqual([0x0f]);
    expect(rig.offline()).toBe('33 73 13 72 72 31');
  });

  it('blocks: fields with their features, capacity last; as many queues as processors', () => {
    const features = [1, 2, 6, 10, 32];
    expect(rigOf(VIRTIO_ID.BLOCK, { features }).online()).toBe(
      `${UP_TO_FEATURES} 22 32 13 73 53 22 22 22 22 22 22 22 72 31 72`,
    );
    const twoQueues = rigOf(VIRTIO_ID.BLOCK, { features: [12, 32] }, { processors: 2 });
    const { answer } = twoQueues.device;
    twoQueues.device.answer = (command, data) => {
      if (command === VIRTIO_COMMAND.READ_CONFIG && data.length === 36) data[34] = 4;
      return answer(command, data);
    };
    expect(twoQueues.online()).toContain('22 32 13 32 13 73 53');
  });

  it('network: the address byte by byte, a pair of queues and one for control', () => {
    const rig = rigOf(VIRTIO_ID.NET, { features: [5, 16, 17, 32] });
    expect(rig.online()).toBe(`${UP_TO_FEATURES} 22 22 22 22 22 22 32 13 32 13 32 13 73 53 72 31 72 22`);
    expect(rig.offline()).toBe('33 73 13 13 13 72 72 31');
  });

  it.each([
    [1, '83 83 33 31'],
    [0, '83 83 83 33 31'],
  ])('a device of revision %i cannot be asked for its status', (highestRevision, commands) => {
    expect(rigOf(VIRTIO_ID.ENTROPY, { highestRevision }, { drivers: [] }).online()).toBe(commands);
  });

  it('a device that knows no revisions is a legacy device: half the features, short queue blocks', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY, { rejects: [VIRTIO_COMMAND.SET_REVISION] });
    expect(rig.online()).toBe('83 83 83 33 31 31 12 11 32 13 73 53 31');
    expect(rig.device.data[9]).toHaveLength(16);
  });

  it('kernels before 5.10.17 ask for revision 1, and take it for the one with a status to read', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY, {}, { kernel: '5.7', drivers: [] });
    expect(rig.online()).toBe('83 33 72 31');
    expect(rig.device.data[0]).toEqual([0, 1, 0, 0]);
  });

  it('a host without adapter interruptions gets indicators of the device', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY, { rejects: [VIRTIO_COMMAND.SET_ADAPTER_INDICATORS] });
    expect(rig.online()).toContain('32 13 73 43 53');
    expect(rig.offline()).toBe('33 43 13 72 72 31');
  });

  it('features that the device refuses leave it failed', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY, { refusesFeatures: true });
    expect(rig.online()).toBe(`${UP_TO_FEATURES} 72 31`);
    expect(rig.device.data.at(-1)).toEqual([0x83]);
    expect(rig.rc).toBe(E.OK);
    expect(rig.offline()).toBe('');
  });

  it('a queue that is not there ends the probe, and what was set up is taken back', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY, { queueLength: 0 });
    expect(rig.online()).toBe(`${UP_TO_FEATURES} 32 73 72 31`);
  });

  it('a start that finds the device busy is tried again', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY, {}, { drivers: [] });
    rig.device.refusals.push(E.BUSY, E.BUSY);
    expect(rig.online()).toBe('83 33 72 31');
  });

  it('a device that is gone gets no commands any more, and its driver lets go of it', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY);
    rig.online();
    rig.device.refusals.push(...Array.from({ length: 20 }, () => E.NODEV));
    expect(rig.offline()).toBe('');
    expect(rig.rc).toBe(E.OK);
  });

  it('an error of the channel while the revision is set keeps the device offline', () => {
    const rig = new VirtioRig(VIRTIO_ID.ENTROPY, () => 'program-check');
    expect(rig.online()).toBe('83');
    expect(rig.rc).toBe(E.IO);
  });

  it('it keeps no device, and wants no path group', () => {
    const rig = rigOf(VIRTIO_ID.ENTROPY);
    rig.driver.probe(rig.device);
    expect(rig.device.options).toEqual({ pathGroup: false, multipath: false });
    expect([1, 2, 0x10].map((event) => rig.driver.notify(rig.device, event))).toEqual([false, false, false]);
    expect(rig.driver.notify(rig.device, 4)).toBe(true);
    expect([rig.driver.matches(0x3832), rig.driver.matches(0x3990)]).toEqual([true, false]);
  });
});
