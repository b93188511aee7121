import { importMachine, readTools, type ToolOutput } from './machine-import.ts';
import { ImportError, type InputText } from './printed-lines.ts';

/**
 * A scenario with the machine that lscss, lschp and lsdasd have shown, as YAML with comments: what no tool tells is said to
 * be assumed, what is no part of the model is counted. The same texts give the same bytes. Throws an ImportError.
 */
export function machineScenario(name: string, tools: ToolOutput): string {
  const facts = readTools(tools);
  const { machine, online, varied, keptOut, volumes } = importMachine(facts);
  const inputs = [...tools.lscss, ...tools.lschp, ...tools.lsdasd];
  if (volumes.length === 0 && facts.chpids.size === 0) throw noVolumes(inputs, keptOut);
  return `${[
    `# Machine of ${inputs.map(({ file }) => (file === '-' ? 'standard input' : file)).join(', ')}.`,
    '# What could not be known is marked "assumed".',
    ...keptOut.map((line) => `# Kept out: ${line}.`),
    `name: ${name}`,
    `about: ${aboutText(volumes.length)}`,
    '',
    ...machine,
    '',
    'systems:',
    `  linux: { online: ${online} }`,
    '',
    'workload: none # not known: give it one, for instance { oltp: { ratePerVolume: 40/s } }',
    ...(varied.length === 0
      ? []
      : ['', 'faults:', `  - { at: 0s, do: vary-off, chpid: [${varied.join(', ')}] } # as lschp shows them`]),
  ].join('\n')}\n`;
}

function aboutText(volumes: number): string {
  if (volumes === 0) return 'Channel paths of a real machine.';
  return `A real machine with ${volumes} ${volumes === 1 ? 'volume' : 'volumes'}.`;
}

function noVolumes(inputs: readonly InputText[], keptOut: readonly string[]): ImportError {
  const found = keptOut.length === 0 ? 'nothing' : keptOut.join('; ');
  const hint = 'volumes are 3390, and lschp shows channel paths';
  return ImportError.of(inputs[0].file, `has no volume that a scenario could have, but ${found}`, hint);
}
