import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import { NONE } from '../zarch/ids.ts';
import { CUIR, type CuirCode } from './cuir.ts';
import { CuirRequests, type CuirSurroundings } from './cuir-requests.ts';

export interface PortServiceSurroundings extends Omit<CuirSurroundings, 'decided'> {
  /** Position of the control unit in the scenario. */
  readonly position: number;
  /** Last answer → the port goes away; port is back → the hosts are told: what is on its way has arrived, ns. */
  readonly settleNs: SimTime;
  /** Operations that a port has accepted and not ended. */
  operationsOn(port: number): number;
  /** The port goes out of service, or comes back: what the channels see is a link. */
  setPort(port: number, inService: boolean): void;
}

/**
 * Service on a port of a control unit. Planned service asks first, and takes the port away when everybody has agreed and
 * nothing is in progress on it; else it takes the port away at once:
 *
 *   quiesce ─► agreed ─► settled, idle ─► port away ─► time over ─► port back ─► settled ─► resume
 *      └─► refused ─► settled ─► resume
 */
export class PortService {
  readonly cuir: CuirRequests;
  private readonly around: PortServiceSurroundings;
  private readonly beginKind: EventKind;
  private readonly endKind: EventKind;
  private readonly resumeKind: EventKind;
  /** How long each port will be away. */
  private readonly lengthNs: SimTime[] = [];

  constructor(around: PortServiceSurroundings) {
    const { sim, name } = around;
    this.around = around;
    this.cuir = new CuirRequests({ ...around, decided: (...decision) => this.decided(...decision) });
    this.beginKind = sim.defineEvent(`${name}.service-begins`, (port) => this.beginWhenIdle(port));
    this.endKind = sim.defineEvent(`${name}.service-ends`, (port, asked) => this.end(port, asked === 1));
    this.resumeKind = sim.defineEvent(`${name}.service-over`, (port) => this.cuir.resume(port));
  }

  /** Takes a port out of service for a time, with or without asking the hosts. */
  serve(port: number, lengthNs: SimTime, asks: boolean): void {
    this.lengthNs[port] = lengthNs;
    if (asks) this.cuir.quiesce(port);
    else this.begin(port, false);
  }

  private decided(port: number, code: CuirCode, agreed: boolean): void {
    if (code !== CUIR.QUIESCE) return;
    if (agreed) {
      this.after(this.around.settleNs, this.beginKind, port);
      return;
    }
    this.tell(EVENT['service.refused'], port, 0);
    this.after(this.around.settleNs, this.resumeKind, port);
  }

  private beginWhenIdle(port: number): void {
    if (this.around.operationsOn(port) === 0) this.begin(port, true);
    else this.after(this.around.settleNs, this.beginKind, port);
  }

  private begin(port: number, asked: boolean): void {
    this.tell(EVENT['service.began'], port, asked ? 1 : 0);
    this.around.setPort(port, false);
    this.after(this.lengthNs[port], this.endKind, port, asked ? 1 : 0);
  }

  private end(port: number, asked: boolean): void {
    this.tell(EVENT['service.ended'], port, 0);
    this.around.setPort(port, true);
    if (asked) this.after(this.around.settleNs, this.resumeKind, port);
  }

  private after(delayNs: SimTime, kind: EventKind, port: number, arg = 0): void {
    this.around.sim.after(delayNs, PRIORITY.MACHINE, kind, port, arg);
  }

  private tell(event: number, port: number, asked: number): void {
    const { observer, position } = this.around;
    observer.emit(event, NONE, NONE, NONE, NONE, NONE, port, position, asked);
  }
}
