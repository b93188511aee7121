// Reads the stimuli of a bare-metal program and carries them out, case by case, on a bench: an engine with one test device,
// its storage, and instructions that are given operands by address.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the areas stand that the stimuli name; their addresses never show up in results. */
const AREA_BYTES = 0x80;
const MILLISECOND = 1_000_000;
const DELAY_NS = 20 * MILLISECOND;
/** The recorded program printed every result over the service-call interface before it went on. */
const PRINT_NS = 2 * MILLISECOND;
const STATUS_PENDING = 1;

const SCHIB_FIELDS = {
  'pmcw.intparm': [0, 4],
  'pmcw.devno': [6, 2],
  'pmcw.lpm': [8, 1],
  'pmcw.pnom': [9, 1],
  'pmcw.lpum': [10, 1],
  'pmcw.pim': [11, 1],
  'pmcw.mbi': [12, 2],
  'pmcw.pom': [14, 1],
  'pmcw.pam': [15, 1],
  'scsw.word0': [28, 4],
};
const CHPID = /^pmcw\.chpid(\d)$/;

const hexBytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const joinWords = (bytes) => {
  const words = [];
  for (let at = 0; at < bytes.length; at += 4) {
    words.push([...bytes.subarray(at, at + 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  return words.join('.');
};

export function readStimuli(folder) {
  const stimuli = JSON.parse(readFileSync(join(folder, 'stimuli.json'), 'utf8'));
  const results = JSON.parse(readFileSync(join(folder, 'condition-codes.json'), 'utf8'));
  return { stimuli, results };
}

/** Carries out all cases that apply to the engine, in order; returns the results by case. */
export function runStimuli(stimuli, engine, bench) {
  const run = new Run(stimuli.conventions, engine, bench);
  for (const section of stimuli.sections) {
    if (!run.applies(section)) continue;
    run.steps(section.setup ?? []);
    for (const entry of section.cases) if (run.applies(entry) && run.isWanted(entry)) run.case(entry);
    run.steps(section.teardown ?? []);
  }
  return run.results;
}

class Run {
  results = new Map();
  observed = {};

  constructor(conventions, engine, bench) {
    this.procedures = conventions.procedures;
    this.engine = engine;
    this.bench = bench;
    this.symbols = new Map([
      ['P', Number.parseInt(engine.P, 16)],
      ['B', Number.parseInt(engine.B, 16)],
    ]);
    const first = Number.parseInt(engine.B, 16) + 0x2000;
    for (const [index, name] of ['S', 'X', 'IRB', 'Q', 'CRW', 'ORB', 'POLL'].entries()) {
      this.symbols.set(name, first + index * AREA_BYTES);
    }
  }

  applies({ dasd }) {
    return dasd === undefined || dasd === this.engine.dasd;
  }

  isWanted({ only_if: condition }) {
    if (condition === undefined) return true;
    if (condition.chpid !== undefined) return condition.chpid === this.engine.chpid;
    return this.results.get(condition.case)?.cc === condition.cc;
  }

  case(entry) {
    this.observed = {};
    const preparation = entry.steps.slice(0, -1);
    this.steps(preparation);
    this.observed = {};
    const outcome = this.step(entry.steps.at(-1));
    const result = {};
    if (outcome?.pgm !== undefined) result.pgm = outcome.pgm.toString(16).padStart(4, '0');
    else if (entry.observe.includes('cc')) result.cc = outcome?.cc;
    this.results.set(entry.case, result);
    this.lastCc = outcome?.cc;
    this.observeNow(entry, result);
    this.steps(entry.after ?? []);
    if (this.observed.pend !== undefined) result.pend = this.observed.pend;
    this.observeLater(entry, result);
    this.bench.pass(PRINT_NS);
  }

  /** Fields that the instruction itself has stored. */
  observeNow(entry, result) {
    const { bench } = this;
    const irb = this.symbols.get('IRB');
    const stored = result.cc === 0 || result.cc === 1;
    if (entry.observe.includes('scsw') && entry.observe.includes('esw') && stored) {
      result.scsw = joinWords(bench.fetch(irb, 12));
      result.esw = joinWords(bench.fetch(irb + 12, 20));
      const ecw = bench.fetch(irb + 32, 32);
      const extended = (bench.fetch(irb + 12, 1)[0] & 2) !== 0;
      if (extended || ecw.subarray(0, 4).some((byte) => byte !== 0)) result.ecw = joinWords(ecw);
    }
    if (entry.observe.includes('crw')) result.crw = joinWords(bench.fetch(this.symbols.get('CRW'), 4));
    for (const field of entry.observe) {
      if (field.store !== undefined) result.store = this.fetchAll(field.store);
      if (field.lc_b8 !== undefined) result.lc_b8 = joinWords(bench.fetch(0xb8, 12));
    }
    if (entry.observe.includes('schib')) result.schib = this.schib(entry, 'X', result);
  }

  /** Fields that are looked at when the steps after the case have been carried out. */
  observeLater(entry, result) {
    const x = this.symbols.get('X');
    const { bench } = this;
    if (entry.observe.includes('pmcw')) result.pmcw = joinWords(bench.fetch(x, 28));
    if (entry.observe.includes('lpm')) result.lpm = joinWords(bench.fetch(x + 8, 1));
    if (entry.observe.includes('pmcw') && entry.observe.includes('scsw'))
      result.scsw = joinWords(bench.fetch(x + 28, 12));
    for (const field of entry.observe) if (field.data !== undefined) result.data = this.data(field.data);
  }

  data(areas) {
    const parts = areas.map(([at, length]) => joinWords(this.bench.fetch(this.address(at), length)));
    return parts.join(' =');
  }

  fetchAll(areas) {
    return areas.map(([at, length]) => joinWords(this.bench.fetch(this.address(at), length))).join('.');
  }

  schib(entry, area, result) {
    if (result.cc !== undefined && result.cc !== 0) return undefined;
    const bytes = this.bench.fetch(this.symbols.get(area), 52);
    if (!entry.case.startsWith('states ')) return joinWords(bytes);
    return `pmcw=${joinWords(bytes.subarray(0, 28))} scsw=${joinWords(bytes.subarray(28, 40))}`;
  }

  steps(steps) {
    for (const step of steps) this.step(step);
  }

  step(step) {
    if (step.if_cc !== undefined) {
      if (this.lastCc === step.if_cc) this.steps(step.then);
      return undefined;
    }
    if (step.if !== undefined) {
      if ((step.if === 'dasd') === this.engine.dasd) this.steps(step.then);
      return undefined;
    }
    const [kind] = Object.keys(step);
    const perform = this[`do_${kind}`];
    if (perform === undefined) throw new Error(`stimuli: unknown step ${kind}`);
    return perform.call(this, step[kind]);
  }

  do_do(name) {
    this.steps(this.procedures[name]);
  }
  do_repeat({ max, until, steps }) {
    if (until !== 'cc is not 0') throw new Error(`stimuli: unknown condition ${until}`);
    for (let turn = 0; turn < max; turn++) {
      let outcome;
      for (const step of steps) outcome = this.step(step);
      if (outcome?.cc !== 0) return;
    }
  }
  do_delay() {
    this.bench.pass(DELAY_NS);
  }
  /** Time runs until status is pending, at most `ms`. */
  do_poll({ sid, ms, as }) {
    const area = this.symbols.get('POLL');
    const end = this.bench.now() + ms * MILLISECOND;
    let pending = false;
    for (;;) {
      const { cc } = this.bench.execute('stsch', this.word(sid), area);
      pending = cc === 0 && (this.bench.fetch(area + 31, 1)[0] & STATUS_PENDING) !== 0;
      if (pending || this.bench.now() >= end) break;
      this.bench.passUntilEvent(end);
    }
    if (as !== undefined) this.observed[as] = pending ? 1 : 0;
  }
  do_store({ at, fill, len, hex, words }) {
    const bytes =
      fill !== undefined
        ? new Uint8Array(len).fill(Number.parseInt(fill, 16))
        : hex !== undefined
          ? hexBytes(hex)
          : this.wordBytes(words);
    this.bench.store(this.address(at), bytes);
  }
  do_area({ name, words }) {
    this.bench.store(this.symbols.get(name), this.wordBytes(words));
  }
  do_set({ area, fields }) {
    const at = this.symbols.get(area);
    for (const [name, value] of Object.entries(fields)) this.setField(at, name, value);
  }
  do_ccw({ at, words }) {
    this.bench.store(this.address(at), this.wordBytes(words));
  }
  do_ccw_run({ at, count, each }) {
    const bytes = this.wordBytes(each);
    for (let index = 0; index < count; index++) this.bench.store(this.address(at) + index * 8, bytes);
  }
  do_ssch({ sid, orb, orb_at, orb_words }) {
    const at = orb_at === undefined ? this.symbols.get('ORB') : this.address(orb_at);
    if (orb !== undefined) {
      this.bench.store(at, this.wordBytes(['deadbeef', orb.word1, orb.cpa, '0', '0', '0', '0', '0']));
    } else if (orb_words !== undefined) {
      this.bench.store(at, this.wordBytes(orb_words));
    }
    return this.bench.execute('ssch', this.word(sid), at);
  }
  do_stsch({ sid, to }) {
    return this.bench.execute('stsch', this.word(sid), this.address(to));
  }
  do_msch({ sid, from }) {
    return this.bench.execute('msch', this.word(sid), this.address(from));
  }
  do_tsch({ sid, to, irb_zeroed_before: zeroed }) {
    if (zeroed) this.bench.store(this.address(to), new Uint8Array(96));
    return this.bench.execute('tsch', this.word(sid), this.address(to));
  }
  do_hsch({ sid }) {
    return this.bench.execute('hsch', this.word(sid), 0);
  }
  do_csch({ sid }) {
    return this.bench.execute('csch', this.word(sid), 0);
  }
  do_xsch({ sid }) {
    return this.bench.execute('xsch', this.word(sid), 0);
  }
  do_rsch({ sid }) {
    return this.bench.execute('rsch', this.word(sid), 0);
  }
  do_rchp({ gr1 }) {
    const word = gr1 === 'chpid' ? Number.parseInt(this.engine.chpid, 16) : this.word(gr1);
    return this.bench.execute('rchp', word, 0);
  }
  do_stcrw({ operand }) {
    return this.bench.execute('stcrw', 0, this.address(operand));
  }
  do_stcps({ operand }) {
    return this.bench.execute('stcps', 0, this.address(operand));
  }
  do_tpi({ operand }) {
    return this.bench.execute('tpi', 0, operand === 0 ? 0 : this.address(operand));
  }

  setField(at, name, value) {
    const chpid = CHPID.exec(name);
    const number = Number.parseInt(value, 16);
    if (name === 'pmcw.E') {
      const [flags] = this.bench.fetch(at + 5, 1);
      this.bench.store(at + 5, Uint8Array.of(number === 1 ? flags | 0x80 : flags & ~0x80));
    } else if (name === 'pmcw.ISC') {
      const [flags] = this.bench.fetch(at + 4, 1);
      this.bench.store(at + 4, Uint8Array.of(flags | (number << 3)));
    } else if (chpid !== null) {
      this.bench.store(at + 16 + Number(chpid[1]), Uint8Array.of(number));
    } else {
      const field = SCHIB_FIELDS[name] ?? RAW_WORD.exec(name);
      if (field === null) throw new Error(`stimuli: unknown field ${name}`);
      const [offset, length] = Array.isArray(SCHIB_FIELDS[name]) ? field : [Number(field[1]) * 4, 4];
      this.bench.store(at + offset, hexBytes(value.padStart(length * 2, '0')));
    }
  }

  word(text) {
    if (text === 'TD') return Number.parseInt(this.engine.TD, 16);
    return text.split('|').reduce((word, part) => (word | this.term(part.trim())) >>> 0, 0);
  }
  address(text) {
    return this.word(String(text));
  }
  term(part) {
    const found = /^([A-Z]+)(?:\+0x([0-9a-f]+))?$/.exec(part);
    if (found === null || !this.symbols.has(found[1])) return Number.parseInt(part, 16);
    return this.symbols.get(found[1]) + Number.parseInt(found[2] ?? '0', 16);
  }
  wordBytes(words) {
    const bytes = new Uint8Array(words.length * 4);
    const view = new DataView(bytes.buffer);
    for (const [index, text] of words.entries()) view.setUint32(index * 4, this.word(text));
    return bytes;
  }
}

const RAW_WORD = /^word(\d+)$/;
