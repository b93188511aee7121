import type { Starter } from './starter.ts';

/** Passed-through volumes of a KVM guest lose a channel path, with three ways of telling the guest and a partition beside them. */
export const kvmStarter = ({ name, file }: Starter): string => `#
# Four volumes are passed through to a KVM guest, and one of their channel paths goes away for two seconds. Is the guest
# told, and what does it cost?
#
#   chpsim validate ${file}                    every mistake at once, as file:line:column
#   chpsim run ${file}                         all runs side by side; their files go to out/
#   chpsim run ${file} --run upstream          one of them, with all its figures
#   chpsim validate ${file} --print-resolved   what has not been written here: everything has a default
#
name: ${name}
about: One of four channel paths under passed-through volumes goes away. Who is told what, how often, and what does it cost?
seed: 42 # another seed, other requests; the same seed, the same bytes
duration: 6s # simulated time
warmup: 1500ms # by then the host has bound its devices to vfio-ccw, and the guest has booted

# The hardware. Ranges of CHPIDs and device numbers need quotes; a single CHPID does not.
machine:
  chpids: { "0.40-0.43": { type: ficon-express16s+ } }
  controlUnits:
    lcu0: { type: 2107, paths: [0.40, 0.41, 0.42, 0.43], cache: { hitRatio: 0.88 } }
  dasd: { "0.0.1000-0.0.1003": { model: 3390-9, controlUnit: lcu0 } } # 4 volumes

# Who runs on it: a host and its guest, by the releases of their kernels and of QEMU.
systems:
  host: { kind: kvm-host, kernel: 6.16, qemu: 10.2, cpus: 4 }
  guest1: { kind: guest, on: host, kernel: 6.16, cpus: 2, passthrough: "0.0.1000-0.0.1003", virtio: 1 }

# What the guest's applications do. "profile: oltp" and its like are mixes that are ready to use.
workload:
  oltp: { on: guest1, arrivals: poisson, ratePerVolume: 40/s, block: 4KiB, reads: 0.75, addresses: { zipf: 0.9 } }

# What goes wrong. The name of a fault is also that of the phase that lasts from it to the next one.
faults:
  - { at: 2s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 4s, name: return, chpid: 0.40, do: configure-on }

# What an operator does, for instance: { at: 5s, name: vary, system: host, do: vary-path, chpid: 0.41, to: off }
actions: []

# What is compared: one run for each, all with the same requests at the same times.
strategies:
  relay: [static, upstream, report-per-chpid] # how the guest learns of path events

# The same volumes without anybody between them and their Linux. It has the guest's name, for the workload's sake.
variants:
  native: { systems: { guest1: { kind: partition, kernel: 6.16, cpus: 2 } } }

# Limits for the figures. One that is not kept ends the command with code 3.
thresholds:
  - io.lost == 0
  - io.response.p99 < 5ms
  - { expr: path.knowledge.max < 100ms, phase: loss, run: [upstream, report-per-chpid] }

# The story that must be told, not how long it took. Numbers of events are the same at every seed.
expect:
  - { event: crw.channel-path, within: [2s, 2.1s] }
  - { run: static, phase: loss, counts: { vmm.crw: 0 } }
  - { run: upstream, phase: loss, counts: { kernel.eventfd.path: 4 } } # one for each device
  - { run: report-per-chpid, phase: loss, counts: { kernel.eventfd.path: 1, vmm.crw: 1, guest.machine_check: 1 } }
`;
