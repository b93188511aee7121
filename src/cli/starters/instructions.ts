import type { Starter } from './starter.ts';

/** A script of I/O instructions: SENSE ID by hand, on the machine and on QEMU. */
export const instructionsStarter = ({ name, file }: Starter): string => `#
# A bare-metal program in place of operating systems: it enables a subchannel, asks the device who it is, and checks what
# each instruction brings about.
#
#   chpsim validate ${file}                          every mistake at once, as file:line:column
#   chpsim run ${file} --steps                       every check; code 3 when one fails
#   chpsim run ${file} --trace-format ftrace,qemu    the instructions as tracepoints and as QEMU's log
#
# Values are hexadecimal, as in a dump. TD is the subsystem-identification word of the first device, B a page for data,
# SLI the flag of a CCW.
#
name: ${name}
about: SENSE ID by hand. What do the architecture's channel subsystem and QEMU's answer to each instruction?
seed: 42
duration: 1s # simulated time, in which the program must come to its end

# One run for each: "channel" is the machine by the Principles of Operation with a 3390, "qemu" QEMU's virtual channel
# subsystem with a virtio device; "kvm" would be a guest with a passed-through 3390.
machine: [channel, qemu]

program:
  steps:
    # There is a device, and its subchannel is not enabled yet.
    - { stsch: TD, expect: { cc: 0, schib: { dnv: 1, ena: 0 } } }
    - { ssch: TD, ccws: [[e4, SLI, 8, B]], expect: { cc: 3 } }
    # Enable it, with interruption subclass 3.
    - { msch: TD, set: { ena: 1, isc: 3 }, expect: { cc: 0 } }
    # SENSE ID, eight bytes to B. A length that does not fit is no error.
    - { ssch: TD, orb: { lpm: 80, intparm: cafebabe }, ccws: [[e4, SLI, 8, B]], expect: { cc: 0 } }
    - { wait: io-interrupt, expect: { interruption: { sid: TD, intparm: cafebabe, isc: 3 } } }
    # Channel end and device end in one status; the first byte of the identification is always ff.
    - { tsch: TD, expect: { cc: 0, irb: { stctl: 07, dstat: 0c }, bytes: { B: ff } } }
    # The status has been taken.
    - { tsch: TD, expect: { cc: 1 } }
`;
