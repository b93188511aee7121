import { PRIORITY } from '../kernel/priority.ts';
import { type EventHandle, type EventKind, NO_EVENT, type Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { NONE } from '../zarch/ids.ts';
import {
  CUIR,
  CUIR_RESPONSE,
  type CuirCode,
  cuirMessage,
  decodeCuirResponse,
  NO_MESSAGE,
  SAME_INTERFACE,
} from './cuir.ts';
import type { StorageDevice } from './storage-device.ts';
import type { AttentionMessages } from './subsystem-data.ts';

/** What a control unit that asks its hosts is made of. */
export interface CuirSurroundings {
  readonly sim: Simulation;
  readonly observer: Observer;
  readonly name: string;
  readonly ports: number;
  readonly hosts: number;
  readonly devices: readonly StorageDevice[];
  /** Attention → answer: whoever takes longer is taken to need the path, ns. */
  readonly answerNs: SimTime;
  /** Presents attention to a host on the path at a port. */
  attention(host: number, port: number, unitAddress: number): void;
  /** All have answered, or the time is over. */
  decided(port: number, code: CuirCode, agreed: boolean): void;
}

/** A host as the control unit knows it: the devices on which one path-group id was established. */
interface Party {
  readonly host: number;
  readonly units: readonly number[];
  /** The device that gets attention, and whose program reads the message: the first of them. */
  readonly unitAddress: number;
}

interface Question {
  readonly id: number;
  readonly port: number;
  readonly code: CuirCode;
  readonly parties: readonly Party[];
  /** Messages that have not been read, and answers, in the order of the parties; −1 while there is none. */
  readonly unread: boolean[];
  readonly answers: number[];
  timeout: EventHandle;
}

/**
 * The hosts' consent to a change of paths (architecture reference B.12). Everybody who has grouped the path is asked on one
 * of his devices, and speaks for all that he has on the control unit:
 *
 *   ask ─► message kept, attention ─► host reads it ─► host changes its paths ─► answer ─► all have answered: decided
 *                                        └───────────────── time over: not agreed ◄──────────┘
 */
export class CuirRequests implements AttentionMessages {
  private readonly around: CuirSurroundings;
  private readonly timeoutKind: EventKind;
  private readonly open: Question[] = [];
  /** Who has given up the path at a port, and is asked to take it back. */
  private readonly quiesced = new Map<number, readonly Party[]>();
  private lastId = 0;

  constructor(around: CuirSurroundings) {
    this.around = around;
    this.timeoutKind = around.sim.defineEvent(`${around.name}.cuir-timeout`, (id) => this.timedOut(id));
  }

  /** Asks all who have the path at a port in their path group to do without it. Nobody there: agreed at once. */
  quiesce(port: number): void {
    this.ask(port, CUIR.QUIESCE, this.partiesOn(port));
  }

  /** Tells those who were asked to do without the path that it may be used again. */
  resume(port: number): void {
    const parties = this.quiesced.get(port) ?? [];
    this.quiesced.delete(port);
    this.ask(port, CUIR.RESUME, parties);
  }

  next(path: number, unitAddress: number): Readonly<Uint8Array> {
    for (const question of this.open) {
      const at = this.partyOf(question, path, unitAddress);
      if (at < 0 || !question.unread[at]) continue;
      question.unread[at] = false;
      return cuirMessage(question.code, question.id, SAME_INTERFACE);
    }
    return NO_MESSAGE;
  }

  answered(path: number, unitAddress: number, order: Uint8Array): boolean {
    const answer = decodeCuirResponse(order);
    const question = this.open.find(({ id }) => id === answer?.id);
    if (answer === null || question === undefined) return false;
    const at = this.partyOf(question, path, unitAddress);
    if (at < 0 || question.answers[at] >= 0) return false;
    question.answers[at] = answer.response;
    this.tell(EVENT['cuir.answer'], question, at, answer.response);
    this.decideIfComplete(question);
    return true;
  }

  private ask(port: number, code: CuirCode, parties: readonly Party[]): void {
    const { sim, answerNs } = this.around;
    const question: Question = {
      id: ++this.lastId,
      port,
      code,
      parties,
      unread: parties.map(() => true),
      answers: parties.map(() => -1),
      timeout: NO_EVENT,
    };
    if (code === CUIR.QUIESCE) this.quiesced.set(port, parties);
    this.open.push(question);
    for (const [at, { host, unitAddress }] of parties.entries()) {
      this.tell(EVENT['cuir.request'], question, at, code);
      this.around.attention(host, port, unitAddress);
    }
    question.timeout = sim.after(answerNs, PRIORITY.MACHINE, this.timeoutKind, question.id, 0);
    this.decideIfComplete(question);
  }

  private timedOut(id: number): void {
    const question = this.open.find((candidate) => candidate.id === id);
    if (question === undefined) return;
    question.timeout = NO_EVENT;
    for (const [at, answer] of question.answers.entries()) {
      if (answer >= 0) continue;
      question.answers[at] = CUIR_RESPONSE.NONE;
      this.tell(EVENT['cuir.answer'], question, at, CUIR_RESPONSE.NONE);
    }
    this.decideIfComplete(question);
  }

  private decideIfComplete(question: Question): void {
    if (question.answers.some((answer) => answer < 0)) return;
    this.around.sim.cancel(question.timeout);
    this.open.splice(this.open.indexOf(question), 1);
    const agreed = question.answers.every((answer) => answer === CUIR_RESPONSE.COMPLETED);
    this.around.decided(question.port, question.code, agreed);
  }

  private partiesOn(port: number): Party[] {
    const { devices, hosts, ports } = this.around;
    const parties: Party[] = [];
    for (let host = 0; host < hosts; host++) {
      const path = host * ports + port;
      const grouped = devices.filter(({ groups }) => groups.isGrouped(path));
      for (const ids of new Set(grouped.map(({ groups }) => groups.pgidOf(path)))) {
        const units = grouped
          .filter(({ groups }) => groups.pgidOf(path) === ids)
          .map(({ unitAddress }) => unitAddress);
        parties.push({ host, units, unitAddress: units[0] });
      }
    }
    return parties;
  }

  /** Whoever reads or answers, on whatever path, is known by its host and its device. */
  private partyOf({ parties }: Question, path: number, unitAddress: number): number {
    const host = Math.floor(path / this.around.ports);
    return parties.findIndex((party) => party.host === host && party.units.includes(unitAddress));
  }

  private tell(event: number, { id, parties, port }: Question, at: number, what: number): void {
    const { host, unitAddress } = parties[at];
    this.around.observer.emit(event, host, NONE, NONE, 0x80 >> port, NONE, id, what, unitAddress);
  }
}
