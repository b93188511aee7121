import { readFileSync } from 'node:fs';

/** A cio tracepoint recording in the words of `Recorder.trace`. Lines that the console cut in the middle are left out. */
export function readTrace(name: string): string[] {
  const text = readFileSync(new URL(`../fixtures/recordings/${name}`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .map(traceLine)
    .filter((line) => line !== null);
}

function traceLine(line: string): string | null {
  const found = /[ _]cio_(\w+):? (.*)$/.exec(line);
  if (found === null) return null;
  const [, event, rest] = found;
  const fields = new Map([...rest.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  const schid = fields.get('schid');
  const cc = fields.get('cc');
  switch (event) {
    case 'chsc':
      return `chsc ${fields.get('code')!.slice(2)} cc=${cc}`;
    case 'stcrw':
      return `stcrw cc=${cc}`;
    case 'stsch':
    case 'msch':
      return `${event} ${schid} cc=${cc} ena=${fields.get('ena')}`;
    case 'tsch':
      return `tsch ${schid} cc=${cc} dstat=${fields.get('dstat')!.slice(2)}`;
    case 'interrupt':
      return `interrupt ${schid}`;
    default:
      return `${event} ${schid} cc=${cc}`;
  }
}
