import { z } from 'zod';
import { KERNELS } from '../linux/kernel-features.ts';
import { chpids, keysOf, oneOf, positiveTime, selectedDevices, time, truth, whole } from './fields.ts';
import { guestKeys } from './schema-guest.ts';
import { systemPciSchema } from './schema-pci.ts';
import { controlProgramSchema } from './schema-zvm.ts';

/** The part of the schema that describes operating systems. Sources: architecture and Linux references. */
const system = z.strictObject({
  kind: oneOf(['partition', 'kvm-host', 'zvm-host', 'guest'])
    .prefault('partition')
    .describe(
      'A native partition of the machine; one that passes devices on to guests; z/VM, which dedicates devices to guests; a guest of QEMU, whose other devices are virtual, or of z/VM.',
    ),
  kernel: oneOf(keysOf(KERNELS))
    .meta({ accepts: 'text-or-number' })
    .prefault('6.16')
    .describe('Linux release whose behaviour is modelled (linux 0).'),
  features: z
    .record(z.string(), truth())
    .prefault({})
    .describe('Single kernel features that differ from the release.'),
  cpus: whole(1, 256).prefault('2').describe('Number of processors.'),
  dasd: selectedDevices().prefault('all').describe('Devices in the configuration of this system.'),
  chpids: chpids()
    .optional()
    .describe(
      'partition, kvm-host, zvm-host: channel paths in whose access list it is; others are not there for it; default: all.',
    ),
  online: selectedDevices().prefault('all').describe('Devices that are set online at boot.'),
  cmfFormat: oneOf(['auto', 'basic', 'extended'])
    .prefault('auto')
    .describe(
      'Format of measurement blocks: what the machine has, or as kernel parameter cmf.format says (linux 8).',
    ),
  costs: z
    .strictObject({
      interrupt: time().prefault('1us').describe('I/O interruption to its handler, ns (H host.irqEntry_us).'),
      driverPath: time()
        .prefault('10us')
        .describe('Path length of block layer and driver per request, ns (H host.driverPath_us).'),
      mcckToHandler: time()
        .prefault('3us')
        .describe('Machine check to its handler, ns (H machineCheck.mcckToHandler_us).'),
      handlerToThread: time()
        .prefault('50us')
        .describe('Handler to the channel-report thread, ns (H machineCheck.handlerToThread_us).'),
      exit: time()
        .prefault('20us')
        .describe('guest without host: an I/O instruction, out to QEMU and back, ns (H vfio K1 to K2).'),
      vmExit: time()
        .prefault('2us')
        .describe('guest on a host: a processor leaves the guest for QEMU, ns (H kvm.vmExit_us).'),
      intercept: time()
        .prefault('8us')
        .describe(
          "guest on a host: QEMU's own work for it, under its lock, ns (H kvm.userspaceIntercept_us).",
        ),
      syscall: time()
        .prefault('1us')
        .describe(
          'guest on a host: read or write of a region, without what the kernel does for it, ns (guess).',
        ),
      eventFd: time()
        .prefault('10us')
        .describe("guest on a host: kernel's signal to QEMU's handler, ns (H kvm.eventfdToInject_us)."),
      vcpuWake: time()
        .prefault('20us')
        .describe(
          'guest on a host: interruption injected to a processor in the guest, ns (H kvm.vcpuWake_us).',
        ),
      translate: time()
        .prefault('2us')
        .describe('kvm-host: translation of a channel program, ns (E.7, H kvm.vfioTranslate_us).'),
      translatePerCcw: time()
        .prefault('500ns')
        .describe('kvm-host: translation, for each CCW besides, ns (E.7; with a page 5 us for one block).'),
      pinPerPage: time()
        .prefault('350ns')
        .describe('kvm-host: a page of data is pinned, ns (E.7: 0.2 to 0.5 us).'),
      work: time().prefault('1us').describe('kvm-host: a work item of the queue vfio-ccw, ns (guess).'),
      listStep: time()
        .prefault('20ns')
        .describe(
          'kvm-host: between reading and changing the links of a list of reports that has no lock, ns (guess).',
        ),
    })
    .prefault({})
    .describe('What the system spends on its processors.'),
  dasdOptions: z
    .strictObject({
      expires: time()
        .prefault('0s')
        .describe('Time-out of a request, ns; 0s: what the device states, else 300 s (linux 5.2).'),
      retries: whole(0, 32_768).prefault('256').describe('Starts of a request before it fails (linux 5.2).'),
      pathThreshold: whole(0, 2_147_483_647)
        .prefault('256')
        .describe('Interface-control checks that disable a path; 0: never (linux 5.2).'),
      pathInterval: positiveTime()
        .prefault('300s')
        .describe('Time without error after which counting begins anew, ns (linux 5.2).'),
      autodisable: truth().prefault('true').describe('Disable a path at the threshold (linux 5.2).'),
      zhpf: truth()
        .prefault('true')
        .describe('Use transport mode where channels and control unit know it; off: nofcx (linux 5.8).'),
      failfast: truth()
        .prefault('false')
        .describe('Requests fail instead of waiting for a path (linux 5.3).'),
      reservationPolicy: oneOf(['ignore', 'fail'])
        .prefault('ignore')
        .describe('What follows the loss of a reservation (linux 5.10).'),
    })
    .prefault({})
    .describe('sysfs attributes of the DASD.'),
  pci: systemPciSchema,
  cp: controlProgramSchema,
  ...guestKeys,
});

export const systemsSchema = z
  .record(z.string(), system)
  .prefault({ lpar1: {} })
  .describe('Operating systems by name; their order numbers them.');
export type ParsedSystems = z.output<typeof systemsSchema>;

/** Those of the scenario itself, which may leave all runs to its variants. */
export const ownSystemsSchema = z
  .union([z.literal('none'), systemsSchema])
  .prefault({ lpar1: {} })
  .describe('Operating systems by name; their order numbers them. none: every run is that of a variant.');
export type ParsedOwnSystems = z.output<typeof ownSystemsSchema>;
export type ParsedSystem = z.output<typeof system>;
