import { describe, expect, it } from 'vitest';
import { CUIR, cuirMessage, decodeCuirResponse, SAME_INTERFACE } from '../../src/dasd/cuir.ts';
import { CuirRequests } from '../../src/dasd/cuir-requests.ts';
import { PortService } from '../../src/dasd/port-service.ts';
import { BLIND } from '../../src/observe/observer.ts';
import { answer, ccw, fromHex, hex, message, PGID_A, PGID_B, Rig, SLI, spid, volume } from './rig.ts';

const SECOND = 1e9;
const PREPARE = () => ccw('psf', 12, fromHex('180000000000030000000000'));
/** order, flags, code, CHPID, device number, zeros, message id, system id, image numbers. */
const reply = (id: number, response: number) =>
  ccw('psf', 22, fromHex(`1a00${digits(response, 2)}4000000000${digits(id, 8)}${'00'.repeat(10)}`), SLI);
const digits = (value: number, length: number): string => value.toString(16).padStart(length, '0');

/** A control unit of two ports and two hosts that asks; what it signals and decides, in order. */
class Asking extends Rig {
  readonly story: string[] = [];
  readonly cuir: CuirRequests;

  constructor() {
    super({ devices: [volume(0), volume(1), volume(2)] });
    this.cuir = new CuirRequests({
      sim: this.sim,
      observer: BLIND,
      name: 'lcu0',
      ports: 2,
      hosts: 2,
      devices: this.unit.attached,
      answerNs: 30 * SECOND,
      attention: (host, port, unitAddress) => this.story.push(`attention ${host}.${port} ${unitAddress}`),
      decided: (port, code, agreed) => this.story.push(`port ${port} code ${code} ${agreed ? 'yes' : 'no'}`),
    });
    this.unit.takeMessages(this.cuir);
  }

  group(host: number, unitAddress: number, pgid: string): void {
    for (const port of [0, 1]) this.start({ host, port, unitAddress }, spid(0x80, pgid));
  }

  /** Message buffer as a host reads it; 14 bytes and what lies behind. */
  read(host: number, unitAddress: number, port = 0): string {
    const buffer = answer('rssd', 20, SLI);
    this.start({ host, port, unitAddress }, PREPARE(), buffer);
    return hex(buffer.data!);
  }
}

describe('the bytes of a CUIR message', () => {
  it('stand where struct dasd_cuir_message has them', () => {
    // length, format, code, message id, flags, general-qualifier map, descriptor map, record selector
    expect(hex(cuirMessage(CUIR.QUIESCE, 0x01020304, SAME_INTERFACE))).toBe(
      '000e' + '01' + '01' + '01020304' + '00' + '020000' + '10' + '00',
    );
    expect(hex(cuirMessage(CUIR.RESUME, 5, { nedMap: 0x80, neqMap: 0xabcdef }))).toBe(
      '000e' + '01' + '02' + '00000005' + '00' + 'abcdef' + '80' + '00',
    );
  });

  it('are answered by 22 bytes as in struct dasd_psf_cuir_response', () => {
    const order = '1a' + '00' + '05' + '41' + '1000' + '0000' + '0a0b0c0d' + '0000000000000000' + '00' + '00';
    expect(decodeCuirResponse(fromHex(order))).toEqual({ id: 0x0a0b0c0d, response: 5 });
    expect(decodeCuirResponse(fromHex(order.slice(2)))).toBeNull();
  });
});

describe('a control unit that asks its hosts', () => {
  it('asks each path group on one of its devices, and takes their word for all of them', () => {
    const unit = new Asking();
    unit.group(0, 0, PGID_A);
    unit.group(0, 1, PGID_A);
    unit.group(0, 2, PGID_B);
    unit.group(1, 1, PGID_B);
    unit.cuir.quiesce(1);
    expect(unit.story).toEqual(['attention 0.1 0', 'attention 0.1 2', 'attention 1.1 1']);
    unit.story.length = 0;
    // Any of its devices may read, on any path, and only once.
    expect(unit.read(0, 1)).toMatch(/^000e0101000000010002000010/);
    expect(unit.read(0, 0)).toMatch(/^0{40}$/);
    expect(unit.read(0, 2)).toMatch(/^000e/);
    unit.start({ host: 0, unitAddress: 0 }, reply(1, 1));
    unit.start({ host: 0, unitAddress: 2 }, reply(1, 1));
    expect(unit.story).toEqual([]);
    unit.start({ host: 1, unitAddress: 1 }, reply(1, 1));
    expect(unit.story).toEqual(['port 1 code 1 yes']);
  });

  it('does without a path that somebody cannot spare', () => {
    const unit = new Asking();
    unit.group(0, 0, PGID_A);
    unit.group(1, 0, PGID_B);
    unit.cuir.quiesce(0);
    unit.story.length = 0;
    unit.start({ host: 0 }, reply(1, 1));
    unit.start({ host: 1 }, reply(1, 5));
    expect(unit.story).toEqual(['port 0 code 1 no']);
  });

  it('takes silence for a refusal, and nobody for consent', () => {
    const unit = new Asking();
    unit.cuir.quiesce(0);
    expect(unit.story).toEqual(['port 0 code 1 yes']);
    unit.group(0, 0, PGID_A);
    unit.cuir.quiesce(0);
    unit.sim.run(29 * SECOND);
    expect(unit.story.slice(1)).toEqual(['attention 0.0 0']);
    unit.sim.run(31 * SECOND);
    expect(unit.story.slice(2)).toEqual(['port 0 code 1 no']);
  });

  it('refuses an answer to what it has not asked, and messages where it never asks', () => {
    const unit = new Asking();
    unit.group(0, 0, PGID_A);
    expect(message(unit.start({}, reply(7, 1)))).toBeGreaterThan(0);
    expect(message(new Rig().start({}, PREPARE(), answer('rssd', 20, SLI)))).toBeGreaterThan(0);
  });
});

describe('service on a port', () => {
  it('waits for operations that are still on it, and tells when it is over', () => {
    const rig = new Rig();
    const story: string[] = [];
    let operations = 1;
    const at = (): string => `${rig.sim.now / SECOND}s`;
    const service = new PortService({
      sim: rig.sim,
      observer: BLIND,
      name: 'lcu0',
      position: 0,
      ports: 2,
      hosts: 2,
      devices: rig.unit.attached,
      answerNs: 30 * SECOND,
      settleNs: SECOND,
      attention: () => story.push(`${at()} attention`),
      operationsOn: () => operations,
      setPort: (port, up) => story.push(`${at()} port ${port} ${up ? 'back' : 'away'}`),
    });
    rig.unit.takeMessages(service.cuir);
    rig.start({}, spid(0x80, PGID_A));
    service.serve(0, 10 * SECOND, true);
    rig.start({}, reply(1, 1));
    rig.sim.run(1.5 * SECOND);
    operations = 0;
    rig.sim.run(60 * SECOND);
    expect(story).toEqual(['0s attention', '2s port 0 away', '12s port 0 back', '13s attention']);
    service.serve(1, SECOND, false);
    rig.sim.run(62 * SECOND);
    expect(story.slice(4)).toEqual(['60s port 1 away', '61s port 1 back']);
  });
});
