import type { RelayMachine } from '../qemu/event-relay.ts';

/** The machine as the relay inside a modifier sees it: what it reports goes through the modifier. */
export const modifiedMachine = (machine: RelayMachine, report: (word: number) => void): RelayMachine => ({
  css: machine.css,
  get devices() {
    return machine.devices;
  },
  report,
  timer: (expired) => machine.timer(expired),
});
