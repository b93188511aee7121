import { PRIORITY } from '../../src/kernel/priority.ts';
import type { EventKind, Simulation } from '../../src/kernel/simulation.ts';
import type { SimTime } from '../../src/kernel/time.ts';
import { type BlockDevice, type BlockRequest, OUTCOME } from '../../src/observe/block-request.ts';

/** What a request looked like when it was issued. */
export interface SeenRequest {
  readonly id: number;
  readonly application: number;
  readonly arrivalNs: SimTime;
  readonly firstBlock: number;
  readonly blockCount: number;
  readonly write: boolean;
  readonly hitDraw: number;
  readonly serviceDraw: number;
}

/** Answers every request after a fixed time, any number of them at once, and remembers what it was asked. */
export class FakeDevice implements BlockDevice {
  readonly seen: SeenRequest[] = [];
  /** The request objects themselves, which are used again and again. */
  readonly objects = new Set<BlockRequest>();
  inFlight = 0;
  mostInFlight = 0;
  private readonly sim: Simulation;
  private readonly serviceNs: SimTime;
  private readonly answer: EventKind;
  private readonly waiting: BlockRequest[] = [];

  constructor(sim: Simulation, serviceNs: SimTime) {
    this.sim = sim;
    this.serviceNs = serviceNs;
    this.answer = sim.defineEvent('answer', () => {
      const request = this.waiting.shift()!;
      this.inFlight--;
      request.outcome = OUTCOME.COMPLETED;
      request.endNs = this.sim.now;
      request.owner.completed(request);
    });
  }

  submit(request: BlockRequest): void {
    const { id, application, arrivalNs, firstBlock, blockCount, write, hitDraw, serviceDraw } = request;
    this.seen.push({ id, application, arrivalNs, firstBlock, blockCount, write, hitDraw, serviceDraw });
    this.objects.add(request);
    this.waiting.push(request);
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    this.sim.after(this.serviceNs, PRIORITY.MACHINE, this.answer, 0, 0);
  }
}
