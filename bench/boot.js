import { chpsim } from './lib/contenders.js';

/** Boot: subchannels found, devices sensed, path groups set up on eight paths each, every volume set online. */
export const boot = {
  name: 'boot',
  unit: 'devices',
  contenders: ({ quick, full }) =>
    [256, 4_096, 65_536]
      .filter((devices) => devices < 65_536 || (full && !quick))
      .map((devices) => chpsim(`${devices.toLocaleString('en-US')} devices`, 'boot', [devices])),
};
