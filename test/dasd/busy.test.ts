import { describe, expect, it } from 'vitest';
import { BenchExchange, nop, program, Rig, snid, status, volume } from './rig.ts';

const BUSY = 0x10;
const CONTROL_UNIT_BUSY = 0x50;

const offer = (rig: Rig, host: number, port: number, unitAddress: number): [BenchExchange, number] => {
  const exchange = new BenchExchange(host, unitAddress, port, program(nop()));
  return [exchange, rig.unit.initialSelection(exchange)];
};

describe('a port with all its places taken', () => {
  const rig = (): Rig => new Rig({ maxConcurrentPerPort: 2, devices: [0, 1, 2, 3].map((at) => volume(at)) });

  it('is busy, and says so when it is no longer', () => {
    const bench = rig();
    const [first] = offer(bench, 0, 0, 0);
    offer(bench, 0, 0, 1);
    expect(offer(bench, 0, 0, 2)[1]).toBe(CONTROL_UNIT_BUSY);
    expect(offer(bench, 0, 1, 2)[1]).toBe(0);
    expect(bench.settle()).toEqual([]);
    bench.unit.execute(first);
    expect(bench.settle()).toEqual(['control-unit-end 0']);
    expect(offer(bench, 0, 0, 3)[1]).toBe(0);
  });

  it('is freed by an operation that is cancelled', () => {
    const bench = rig();
    const [first] = offer(bench, 0, 0, 0);
    offer(bench, 0, 0, 1);
    offer(bench, 0, 0, 2);
    bench.unit.cancel(first);
    expect(bench.settle()).toEqual(['control-unit-end 0']);
  });

  it('is freed where the operation began, even if it ends at another port', () => {
    const bench = rig();
    const [first] = offer(bench, 0, 0, 0);
    offer(bench, 0, 0, 1);
    offer(bench, 0, 0, 2);
    first.port = 1;
    bench.unit.execute(first);
    expect(bench.settle()).toEqual(['control-unit-end 0']);
  });
});

describe('a device in use', () => {
  it('is busy for other hosts where hosts cannot use it at the same time', () => {
    const bench = new Rig({ facilities: '3990-6' });
    const [first] = offer(bench, 0, 0, 0);
    expect(offer(bench, 1, 0, 0)[1]).toBe(BUSY);
    bench.unit.execute(first);
    expect(bench.settle()).toEqual(['device-end 1/00']);
    expect(offer(bench, 1, 0, 0)[1]).toBe(0);
  });

  it('is shared by hosts on a control unit with multiple allegiance', () => {
    const bench = new Rig({ facilities: '2107' });
    offer(bench, 0, 0, 0);
    expect(offer(bench, 1, 0, 0)[1]).toBe(0);
  });
});

describe('a device or path that is not there', () => {
  it('does not answer', () => {
    const bench = new Rig();
    expect(offer(bench, 0, 0, 9)[1]).toBe(0x100);
    bench.unit.setLogicalPath(1, 1, false, 'reset');
    expect(offer(bench, 1, 1, 0)[1]).toBe(0x100);
    expect(offer(bench, 0, 1, 0)[1]).toBe(0);
  });
});

describe('a reset of the control unit', () => {
  it('is notified on each path to each device, one time each', () => {
    const bench = new Rig({ devices: [volume(0), volume(1)] });
    for (const port of [0, 1]) bench.start({ port }, nop());
    for (const port of [0, 1]) bench.unit.systemReset(0, port);
    for (const unitAddress of [0, 1]) {
      for (const port of [0, 1]) {
        expect(status(bench.start({ port, unitAddress }, snid())).slice(0, 4)).toBe('0e00');
        expect(status(bench.start({ port, unitAddress }, snid())).slice(0, 4)).toBe('0c00');
      }
    }
  });

  it('takes the time of a control command to notify, whatever was asked', () => {
    const bench = new Rig();
    bench.start({}, nop());
    bench.unit.systemReset(0, 0);
    const exchange = new BenchExchange(0, 0, 0, program(snid()));
    bench.unit.initialSelection(exchange);
    expect([exchange.connectNs, exchange.disconnectNs, exchange.readBytes]).toEqual([100_000, 0, 0]);
  });
});
