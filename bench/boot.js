import { chpsim } from './lib/contenders.js';

/** Boot: subchannels found, devices sensed, path groups set up on eight paths each, every volume set online. */
export const boot = {
  name: 'boot',
  unit: 'devices',
  contenders: ({ quick, full }) =>
    (full && !quick ? [4_096, 65_536] : [4_096]).map((devices) =>
      chpsim(`${devices.toLocaleString('en-US')} devices`, 'boot', [devices]),
    ),
};
