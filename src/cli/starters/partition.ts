import type { Starter } from './starter.ts';

/** A partition that loses a channel path under load, with two ways of choosing paths. */
export const partitionStarter = ({ name, file }: Starter): string => `#
# A partition loses one of its four channel paths for a second while its volumes are busy.
#
#   chpsim validate ${file}                    every mistake at once, as file:line:column
#   chpsim run ${file}                         all runs side by side; their files go to out/
#   chpsim run ${file} --run rotation          one of them, with all its figures
#   chpsim validate ${file} --print-resolved   what has not been written here: everything has a default
#
name: ${name}
about: One of four channel paths goes away under load for a second. What do applications notice?
seed: 42 # another seed, other requests; the same seed, the same bytes
duration: 4s # simulated time
warmup: 1s # what is before is simulated, but not measured: applications begin at 1s

# The hardware. Ranges of CHPIDs and device numbers need quotes; a single CHPID does not.
machine:
  chpids: { "0.40-0.43": { type: ficon-express16s+ } }
  controlUnits:
    lcu0: { type: 2107, paths: [0.40, 0.41, 0.42, 0.43], cache: { hitRatio: 0.88 } }
  dasd: { "0.0.1000-0.0.1007": { model: 3390-9, controlUnit: lcu0 } } # 8 volumes

# Who runs on it: here one Linux, by the release of its kernel.
systems:
  lpar1: { kind: partition, kernel: 6.16, cpus: 2, dasd: all, online: all }

# What its applications do. "profile: oltp" and its like are mixes that are ready to use.
workload:
  oltp: { arrivals: poisson, ratePerVolume: 100/s, block: 4KiB, reads: 0.75, addresses: { zipf: 0.9 } }

# What goes wrong. The name of a fault is also that of the phase that lasts from it to the next one.
faults:
  - { at: 2s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 3s, name: return, chpid: 0.40, do: configure-on }

# What an operator does, for instance: { at: 2500ms, name: vary, do: vary-path, chpid: 0.41, to: off }
actions: []

# What is compared: one run for each, all with the same requests at the same times.
strategies:
  selection: [rotation, fixed]

# Limits for the figures. One that is not kept ends the command with code 3.
thresholds:
  - io.lost == 0
  - io.response.p99 < 5ms
  - { expr: path.knowledge.max < 100ms, phase: loss }
  - { expr: path.imbalance < 1.5, phase: return, run: rotation }

# The story that must be told, not how long it took. Numbers of events are the same at every seed.
expect:
  - { event: crw.channel-path, within: [2s, 2.1s] }
  - { never: device.boxed }
  - { phase: loss, counts: { machine.crw: 1, host.machine_check: 1 } }
`;
