// What of an instruction's result can be compared: a result becomes facets, each a name and a text, that agree or differ on
// their own. Addresses are told as P+… and B+…, so that engines with other storage layouts can be compared.

const CONTROL = 0x0000ffff;
const DEVICE_NUMBER = 0x0000ffff;

const hex = (word) => (word >>> 0).toString(16).padStart(8, '0');
const wordsOf = (text) => text.split('.').map((word) => Number.parseInt(word, 16));

/** An address in SCSW word 1, relative to the two pages that the stimuli use. */
function place(word, layout) {
  for (const [name, at] of [
    ['P', layout.P],
    ['B', layout.B],
  ]) {
    if (word >= at && word < at + 0x1000) return `${name}+${(word - at).toString(16)}`;
  }
  return hex(word);
}

function scswFacets(prefix, [control, address, status], layout, facets) {
  facets.set(`${prefix}.upper`, hex(control >>> 16).slice(4));
  facets.set(`${prefix}.control`, hex(control & CONTROL).slice(4));
  facets.set(`${prefix}.address`, place(address, layout));
  facets.set(`${prefix}.dstat`, hex(status >>> 24).slice(6));
  facets.set(`${prefix}.cstat`, hex((status >>> 16) & 0xff).slice(6));
  facets.set(`${prefix}.count`, hex(status & 0xffff).slice(4));
}

function pmcwFacets(words, facets) {
  for (const [index, word] of words.entries()) {
    if (index === 1) facets.set('pmcw.flags', hex(word & ~DEVICE_NUMBER));
    // The CHPIDs and the device number are configuration.
    if (index === 1) facets.set('pmcw.devno', hex(word & DEVICE_NUMBER).slice(4));
    else if (index === 4 || index === 5) facets.set(`pmcw.chpids${index - 4}`, hex(word));
    else facets.set(`pmcw.word${index}`, hex(word));
  }
}

function schibFacets(text, layout, facets) {
  const named = /^pmcw=(\S+) scsw=(\S+)$/.exec(text);
  const words =
    named === null ? wordsOf(text.replace(/^=/, '')) : [...wordsOf(named[1]), ...wordsOf(named[2])];
  pmcwFacets(words.slice(0, 7), facets);
  scswFacets('schib.scsw', words.slice(7, 10), layout, facets);
  if (words.length > 10) facets.set('schib.rest', words.slice(10).map(hex).join('.'));
}

/**
 * The facets of one result; `layout` holds the addresses P and B of the engine. After a TSCH with cc 1 only the condition
 * code and the control bits mean something, because engines leave old words in the rest; `whole` compares them all the same.
 */
export function facetsOf(result, layout, whole = false) {
  const facets = new Map();
  if (result.cc !== undefined) facets.set('cc', String(result.cc));
  if (result.pgm !== undefined) facets.set('pgm', hex(Number.parseInt(result.pgm, 16)).slice(4));
  if (result.pend !== undefined) facets.set('pend', String(result.pend));
  if (result.scsw !== undefined) {
    scswFacets('scsw', wordsOf(result.scsw), layout, facets);
    if (result.cc === 1 && !whole) {
      for (const name of ['upper', 'address', 'dstat', 'cstat', 'count']) facets.delete(`scsw.${name}`);
    }
  }
  const hasStatus = result.cc !== 1 || whole;
  if (result.esw !== undefined && hasStatus) facets.set('esw', result.esw);
  if (result.ecw !== undefined && hasStatus) facets.set('ecw', result.ecw);
  if (result.schib !== undefined) schibFacets(result.schib, layout, facets);
  if (result.pmcw !== undefined) pmcwFacets(wordsOf(result.pmcw), facets);
  for (const name of ['data', 'lpm', 'store', 'lc_b8', 'crw']) {
    if (result[name] !== undefined) facets.set(name, result[name]);
  }
  return facets;
}

/** Facets of both that are equal in both. */
export function agreement(left, right) {
  const equal = new Map();
  for (const [name, value] of left) if (right.get(name) === value) equal.set(name, value);
  return equal;
}

/** Facets on which the families disagree, or that only one of them has. */
export function disagreement(left, right) {
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => left.get(name) !== right.get(name));
}

/** Names of facets of `expected` that `found` does not have alike. */
export function missing(expected, found) {
  return [...expected.keys()].filter((name) => found.get(name) !== expected.get(name));
}
