import type { ManagedPaths } from '../channel/managed-paths.ts';
import { PortService } from '../dasd/port-service.ts';
import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { Observer } from '../observe/observer.ts';
import { DcmManager } from '../pathing/dcm-manager.ts';
import { DSTAT } from '../zarch/scsw.ts';
import type { BuiltMachine } from './build-machine.ts';
import type { ResolvedMaintenance } from './resolve-maintenance.ts';
import type { ResolvedScenario } from './resolved.ts';

/**
 * Service on control units, and channel paths that move. Built last, and only where a scenario has it: kinds of events that
 * no run needs would give those of others different numbers.
 */
export function buildMaintenance(
  scenario: ResolvedScenario,
  built: BuiltMachine,
  sim: Simulation,
  observer: Observer,
): void {
  const managed = buildDcm(scenario, built, sim);
  const { maintenance = [] } = scenario;
  if (maintenance.length === 0) return;
  const services = new PortServices(built, sim, observer);
  const step = sim.defineEvent('maintenance', (index) => {
    const task = maintenance[index];
    if (task.kind === 'service') services.serve(task);
    else
      for (const chpid of task.chpids) managed?.move(built.path(chpid), built.controlUnits[task.controlUnit]);
  });
  maintenance.forEach(({ atNs }, index) => {
    sim.at(atNs, PRIORITY.FAULT, step, index, 0);
  });
  // Only a control unit that is going to ask has kinds of events for it.
  for (const task of maintenance) if (task.kind === 'service') services.prepare(task);
}

function buildDcm(scenario: ResolvedScenario, built: BuiltMachine, sim: Simulation): ManagedPaths | null {
  const { dcm } = scenario.machine;
  if (dcm === undefined) return null;
  const { machine, controlUnits } = built;
  const managed = machine.managePaths(dcm.gapNs);
  const channels = dcm.channels.map((chpid) => built.path(chpid));
  for (const path of channels) managed.manage(path);
  if (dcm.mode !== 'off')
    new DcmManager(sim, machine, managed, { channels, units: controlUnits }, dcm).start();
  return managed;
}

type ServiceTask = Extract<ResolvedMaintenance, { kind: 'service' }>;

/** One for each control unit that is served. */
class PortServices {
  private readonly built: BuiltMachine;
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly services = new Map<number, PortService>();

  constructor(built: BuiltMachine, sim: Simulation, observer: Observer) {
    this.built = built;
    this.sim = sim;
    this.observer = observer;
    built.machine.takeUnsolicitedStatus();
  }

  /** The first task of a control unit says how long its hosts have to answer. */
  prepare({ controlUnit, answerNs, settleNs }: ServiceTask): void {
    if (this.services.has(controlUnit)) return;
    const { machine, controlUnits } = this.built;
    const unit = controlUnits[controlUnit];
    const service = new PortService({
      sim: this.sim,
      observer: this.observer,
      name: unit.name,
      position: controlUnit,
      ports: unit.ports,
      hosts: unit.hosts,
      devices: unit.attached,
      answerNs,
      settleNs,
      attention: (host, port, unitAddress) =>
        machine.presentStatus(unit, host, port, unitAddress, DSTAT.ATTENTION),
      operationsOn: (port) => unit.operationsOn(port),
      setPort: (port, up) => machine.configuration.setLink(machine.pathsTo(unit)[port], unit, up),
    });
    unit.takeMessages(service.cuir);
    this.services.set(controlUnit, service);
  }

  serve({ controlUnit, ports, lengthNs, cuir }: ServiceTask): void {
    const service = this.services.get(controlUnit);
    assert(service !== undefined, 'a control unit is prepared for its service');
    for (const port of ports) service.serve(port, lengthNs, cuir);
  }
}
