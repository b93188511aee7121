import { describe, expect, test } from 'vitest';
import { BLIND } from '../../src/observe/observer.ts';
import { CLP_OPERATION, CLP_RESPONSE } from '../../src/zarch/clp.ts';
import { DataStores } from '../../src/zpci/access.ts';
import { PlainDevice } from '../../src/zpci/device.ts';
import { MachinePci } from '../../src/zpci/machine-pci.ts';
import { functionIn } from './rig.ts';

const COSTS = { loadNs: 0, storeNs: 0, blockNs: 0, bandwidth: 1, clpNs: 0, sclpNs: 0 };
const RULES = { mio: false, relaxedAlignment: true, longestStore: null };

class CountingDevice extends PlainDevice {
  resets = 0;

  override reset(): void {
    this.resets++;
  }
}

describe('SET PCI FN on the machine', () => {
  const { ENABLE, DISABLE } = CLP_OPERATION;

  test.each([
    ['disabled', ENABLE, CLP_RESPONSE.OK, 1],
    ['enabled', DISABLE, CLP_RESPONSE.OK, 1],
    ['error', DISABLE, CLP_RESPONSE.OK, 1],
    ['enabled', ENABLE, CLP_RESPONSE.HANDLE_NOT_VALID, 0],
    ['disabled', DISABLE, CLP_RESPONSE.HANDLE_NOT_VALID, 0],
    ['standby', ENABLE, CLP_RESPONSE.HANDLE_NOT_VALID, 0],
    ['reserved', ENABLE, CLP_RESPONSE.INVALID_HANDLE, 0],
  ] as const)(
    '%s, operation %i: response %i, and the device is reset %i times',
    (state, operation, response, resets) => {
      const fn = functionIn(state);
      const device = new CountingDevice();
      const counts = { stores: new DataStores(), taken: new DataStores(), answers: [0, 0, 0, 0, 0] };
      const firmware = new MachinePci([{ fn, device, ...counts }], COSTS, RULES, BLIND);
      expect(firmware.changeFunction(fn.handle, operation).response).toBe(response);
      expect(device.resets).toBe(resets);
    },
  );
});
