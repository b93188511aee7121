import { chpsim } from './lib/contenders.js';

/** The same requests natively and through vfio-ccw, QEMU and the host's Linux. */
export const passthrough = {
  name: 'passthrough',
  unit: 'simulated I/Os',
  contenders: ({ quick }) => {
    const seconds = quick ? 12 : 32;
    return [
      chpsim('native', 'passthrough', ['native', seconds]),
      chpsim('guest', 'passthrough', ['guest', seconds]),
    ];
  },
};

/** A storm of notifications: STSCH of the guest grow with the devices once a path is told, or with their square. */
export const storm = {
  name: 'storm',
  unit: 'guest STSCH for one lost path',
  contenders: ({ quick }) =>
    (quick ? [16, 64] : [16, 64, 128]).flatMap((devices) =>
      ['report-per-chpid', 'upstream'].map((relay) =>
        chpsim(`${relay}, ${devices}`, 'storm', [relay, devices]),
      ),
    ),
};
