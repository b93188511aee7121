import type { BusyListener, ControlUnit, Exchange } from '../../src/channel/control-unit.ts';
import { NOT_OPERATIONAL } from '../../src/channel/control-unit.ts';
import { DSTAT } from '../../src/zarch/scsw.ts';

/** A control unit that does what the test says: fixed times, chosen initial status per port, normal ending. */
export class TestUnit implements ControlUnit {
  readonly name = 'test-unit';
  busyOver: BusyListener = { deviceEnd() {}, controlUnitEnd() {} };
  /** Initial status by port; missing means accepted. */
  readonly initialStatus = new Map<number, number>();
  readonly executed: { unitAddress: number; port: number }[] = [];
  readonly cancelled: number[] = [];
  connectNs = 100_000;
  disconnectNs = 0;
  /** Systems and devices whose program was accepted and neither carried out nor cancelled. */
  private readonly open = new Set<string>();
  private readonly down = new Set<string>();

  initialSelection(exchange: Exchange): number {
    if (this.down.has(`${exchange.host}/${exchange.port}`)) return NOT_OPERATIONAL;
    const status = this.initialStatus.get(exchange.port) ?? 0;
    if (status !== 0) return status;
    exchange.connectNs = this.connectNs;
    exchange.disconnectNs = this.disconnectNs;
    exchange.readBytes = 4096;
    exchange.writeBytes = 0;
    this.open.add(`${exchange.host}/${exchange.unitAddress}`);
    return 0;
  }

  execute(exchange: Exchange): void {
    this.close(exchange);
    this.executed.push({ unitAddress: exchange.unitAddress, port: exchange.port });
    exchange.dstat = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
    exchange.cstat = 0;
    exchange.residual = 0;
    exchange.senseCount = 0;
  }

  /** Programs in main storage are not for this unit: it never sees a frame. */
  nextCommand(): void {
    throw new Error('there is no command after the program');
  }

  executeCommand(): void {
    throw new Error('programs come as a whole');
  }

  cancel(exchange: Exchange): void {
    this.close(exchange);
    this.cancelled.push(exchange.unitAddress);
  }

  private close({ host, unitAddress }: Exchange): void {
    if (!this.open.delete(`${host}/${unitAddress}`)) throw new Error('ended a program that was not accepted');
  }

  setLogicalPath(host: number, port: number, established: boolean): void {
    if (established) this.down.delete(`${host}/${port}`);
    else this.down.add(`${host}/${port}`);
  }

  systemReset(): void {}

  selectiveReset(): void {}
}
