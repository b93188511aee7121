// Holds both channel subsystems against the recorded instruction cases.
//
//   qemu     every facet of every case of each QEMU engine
//   channel  every facet on which engines of both families agree; of the others, the side that channel-sides.json takes
//
// Cases that only one family ran are evidence for the other implementation: counted, not judged.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { channelBench, virtualBench } from './engine-bench.js';
import { agreement, disagreement, facetsOf, missing } from './instruction-facets.js';
import { readStimuli, runStimuli } from './stimuli.js';

const SIDES = fileURLToPath(new URL('channel-sides.json', import.meta.url));

const layoutOf = (engine) => ({ P: Number.parseInt(engine.P, 16), B: Number.parseInt(engine.B, 16) });

/** Adds what it finds to the report; false when something that counts differs. */
export function checkInstructions(folder, report) {
  if (!existsSync(join(folder, 'stimuli.json'))) return true;
  const { stimuli, results } = readStimuli(folder);
  const engines = Object.entries(stimuli.conventions.engines);
  let good = true;
  for (const [name, engine] of engines) {
    if (engine.family === 'QEMU') good = checkVirtual(stimuli, results, name, engine, report) && good;
  }
  const machine = engines.find(([, { family }]) => family !== 'QEMU');
  if (machine !== undefined) good = checkMachine(stimuli, results, engines, machine, report) && good;
  return good;
}

function checkVirtual(stimuli, results, name, engine, report) {
  const found = runStimuli(stimuli, engine, virtualBench(engine));
  const layout = layoutOf(engine);
  const tally = new Tally(`instructions, qemu, ${name}`);
  for (const [key, columns] of Object.entries(results)) {
    const recorded = columns[name];
    if (recorded === undefined) continue;
    const expected = facetsOf(recorded, layout, true);
    tally.judge(key, expected, foundFacets(found, key, layout, true));
  }
  return tally.close(report);
}

function checkMachine(stimuli, results, engines, [machineName, machine], report) {
  const rules = JSON.parse(readFileSync(SIDES, 'utf8'));
  const found = runStimuli(stimuli, machine, channelBench(machine));
  const agreed = new Tally('instructions, channel, both families agree');
  const sides = new Tally('instructions, channel, the side taken');
  const evidence = new Tally('instructions, channel, one family only (not judged)');
  for (const [key, columns] of Object.entries(results)) {
    const other = engines.find(([name, { family }]) => family === 'QEMU' && columns[name] !== undefined);
    const own = columns[machineName];
    const ownFacets = own === undefined ? null : facetsOf(own, layoutOf(machine));
    const mine = foundFacets(found, key, layoutOf(machine), false);
    if (other === undefined || ownFacets === null) {
      if (ownFacets !== null) evidence.judge(key, ownFacets, mine);
      continue;
    }
    const otherFacets = facetsOf(columns[other[0]], layoutOf(other[1]));
    const alike = agreement(otherFacets, ownFacets);
    const taken = new Map();
    for (const facet of alike.keys()) {
      const rule = rules.find((candidate) => candidate.overrules && appliesTo(candidate, key, facet));
      if (rule === undefined) continue;
      alike.delete(facet);
      taken.set(facet, rule.value);
      sides.notes.push(
        `${key}: ${facet} ${rule.value} although both recorded ${otherFacets.get(facet)}: ${rule.why}`,
      );
    }
    agreed.judge(key, alike, mine);
    for (const facet of disagreement(otherFacets, ownFacets)) {
      const rule = ruleFor(rules, key, facet);
      if (rule === undefined) sides.open.push(`${key}: ${facet}`);
      else if (rule.side === 'Q' && otherFacets.has(facet)) taken.set(facet, otherFacets.get(facet));
      else if (rule.side === 'H' && ownFacets.has(facet)) taken.set(facet, ownFacets.get(facet));
      else if (rule.side === 'own') taken.set(facet, rule.value);
    }
    sides.judge(key, taken, mine);
  }
  evidence.judged = false;
  const closed = [agreed, sides, evidence].map((tally) => tally.close(report));
  return closed.every((good) => good);
}

const foundFacets = (found, key, layout, whole) =>
  found.has(key) ? facetsOf(found.get(key), layout, whole) : null;

const appliesTo = ({ cases, facets }, key, facet) =>
  new RegExp(cases).test(key) && new RegExp(`^(${facets})$`).test(facet);
const ruleFor = (rules, key, facet) => rules.find((rule) => !rule.overrules && appliesTo(rule, key, facet));

/** How many cases and facets came out alike, and which did not. */
class Tally {
  cases = 0;
  casesAlike = 0;
  facets = 0;
  facetsAlike = 0;
  judged = true;
  differences = [];
  /** Differences between the recordings for which no side is taken. */
  open = [];
  notes = [];

  constructor(title) {
    this.title = title;
  }

  judge(key, expected, found) {
    if (expected.size === 0) return;
    this.cases++;
    this.facets += expected.size;
    const different = found === null ? [...expected.keys()] : missing(expected, found);
    this.facetsAlike += expected.size - different.length;
    if (different.length === 0) this.casesAlike++;
    for (const facet of different) {
      const now = found === null ? 'not executed' : (found.get(facet) ?? 'nothing');
      this.differences.push(`${key}: ${facet} recorded ${expected.get(facet) ?? 'nothing'}, found ${now}`);
    }
  }

  close(report) {
    const more = `${this.facetsAlike} of ${this.facets} fields`;
    report.share(this.title, this.casesAlike, this.cases, 'cases', { more, judged: this.judged });
    if (!this.judged) return true;
    for (const line of [...this.differences, ...this.notes]) report.detail(line);
    if (this.open.length > 0)
      report.detail(`no side taken: ${this.open.length} fields, first ${this.open[0]}`);
    return this.differences.length === 0;
  }
}
