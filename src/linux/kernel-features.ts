/**
 * What kernels of different age do differently, as named features. A scenario names a kernel and may switch single
 * features of it; nothing in this folder asks for a version.
 */
export interface KernelFeatures {
  /** cio.c:cio_update_schib: a subchannel that is there without a valid device gives −EACCES, and its SCHIB is kept. */
  readonly invalidSchibKept: boolean;
  /** A ccw device is unregistered alone; before, its subchannel went with it (device.c:ccw_device_todo). */
  readonly subchannelOutlivesDevice: boolean;
  /** css.c:css_schedule_reprobe looks at all I/O subchannels without a usable path, not only at unknown ones. */
  readonly reprobePathless: boolean;
  /** CHP_ONLINE and CHP_VARY_ON evaluate a subchannel that has no device (device.c:io_subchannel_chp_event). */
  readonly evaluateOnPathOnline: boolean;
  /**
   * A start while a verification is only owed (`doverify`) is accepted and answered by a fake IRB
   * (device_ops.c:ccw_device_start_timeout_key).
   */
  readonly fakeIrbForOwedVerification: boolean;
  /**
   * A report that says INIT is taken for a channel path that has come (4.13). Before, only the one that says IPARM was,
   * which machines do not make of it: such a path was found when somebody looked.
   */
  readonly pathInitKnown: boolean;
  /** Fibre Channel endpoint security events reach the drivers (chsc.c, CHP_FCES_EVENT, 5.11). */
  readonly endpointSecurity: boolean;
  /** The STSCH and MSCH tracepoints print the subchannel type in `st`; before, they printed the enabled bit there (trace.h). */
  readonly traceSubchannelType: boolean;
  /** A refused bind in sysfs tells why; before, it was −ENODEV whatever driver core or driver had said (5.14). */
  readonly bindErrorsKept: boolean;
  /** vfio-ccw has tracepoints of its state machine and of both kinds of requests (5.5). */
  readonly traceVfioCcw: boolean;
  /** The DASD driver takes paths out of `tbvpm` before it schedules their verification. */
  readonly dasdVerifyMaskClearedFirst: boolean;
  /** The DASD driver looks again after half a second at paths whose verification a stop bit held up. */
  readonly dasdVerifyRetryTimer: boolean;
  /** Configuration data of paths that appear while online are kept for each path. */
  readonly dasdPathConfigurationKept: boolean;
  /** The DASD driver asks for volume storage and extent pools when a device goes online. */
  readonly dasdExtentPools: boolean;
  /** The DASD driver reads the device characteristics before it validates the storage server, not at the end. */
  readonly dasdCharacteristicsFirst: boolean;
  /** The DASD driver stops a device by itself at errors that the administrator has named (dasd.c, 6.4). */
  readonly dasdAutoquiesce: boolean;
  /** The DASD driver knows copy pairs of volumes, and swaps them. */
  readonly dasdCopyPairs: boolean;
  /** vfio-ccw has a region for HALT and CLEAR SUBCHANNEL, and tells a program in translation from one that runs (5.2). */
  readonly vfioCommandRegion: boolean;
  /** A final status frees only a program that runs, not one that is being translated meanwhile (5.3). */
  readonly vfioFreesRunningProgramOnly: boolean;
  /** Programs whose ORB does not allow prefetching are translated all the same (5.7). */
  readonly vfioAnyPrefetch: boolean;
  /** vfio-ccw takes channel-path events, and has regions for SCHIB and channel reports (vfio_ccw_chp.c, 5.8). */
  readonly vfioPathEvents: boolean;
  /** vfio-ccw is idle again only when the program that it started has ended, whatever other status came before. */
  readonly vfioIdleAfterProgramOnly: boolean;
  /** User space is asked to let go of a device that its driver has to leave (5.11). */
  readonly vfioRequest: boolean;
  /** vfio-ccw has the events open and close, and the states that go with them (vfio_ccw_fsm.c). */
  readonly vfioOpenClose: boolean;
  /** vfio-ccw translates format-1 IDAWs and 2 KiB blocks (vfio_ccw_cp.c, 6.3). */
  readonly vfioAllIdawFormats: boolean;
  /** The list of channel reports has a lock of its own (2026). */
  readonly vfioReportsLocked: boolean;
  /** virtio_ccw.c asks for revision 2 of the transport, and reads the status of devices that have it (5.10.17). */
  readonly virtioRevision2: boolean;
  /** A PCI function in error is recovered by its driver (arch/s390/pci/pci_event.c). */
  readonly zpciRecovery: boolean;
  /** PCI stores are split into blocks of any multiple of eight bytes; before, into powers of two. */
  readonly zpciBlockStores: boolean;
  /** KVM lets the machine interpret PCI instructions of guests (6.0). */
  readonly zpciInterpretation: boolean;
  /** vfio-pci reads and writes BARs in pieces of up to eight bytes (6.11); before, of four. */
  readonly vfioPciWide: boolean;
  /** There is a vfio-pci driver for ISM of its own, which stores blocks as they come (2026). */
  readonly vfioPciIsm: boolean;
}

const OLD: KernelFeatures = {
  invalidSchibKept: false,
  subchannelOutlivesDevice: false,
  reprobePathless: false,
  evaluateOnPathOnline: false,
  fakeIrbForOwedVerification: false,
  pathInitKnown: true,
  endpointSecurity: false,
  traceSubchannelType: false,
  bindErrorsKept: false,
  traceVfioCcw: false,
  dasdVerifyMaskClearedFirst: false,
  dasdVerifyRetryTimer: false,
  dasdPathConfigurationKept: false,
  dasdExtentPools: false,
  dasdCharacteristicsFirst: false,
  dasdAutoquiesce: false,
  dasdCopyPairs: false,
  vfioCommandRegion: false,
  vfioFreesRunningProgramOnly: false,
  vfioAnyPrefetch: false,
  vfioPathEvents: false,
  vfioIdleAfterProgramOnly: false,
  vfioRequest: false,
  vfioOpenClose: false,
  vfioAllIdawFormats: false,
  vfioReportsLocked: false,
  virtioRevision2: false,
  zpciRecovery: false,
  zpciBlockStores: false,
  zpciInterpretation: false,
  vfioPciWide: false,
  vfioPciIsm: false,
};

const RECENT: KernelFeatures = {
  invalidSchibKept: true,
  subchannelOutlivesDevice: true,
  reprobePathless: true,
  evaluateOnPathOnline: true,
  fakeIrbForOwedVerification: true,
  pathInitKnown: true,
  endpointSecurity: true,
  traceSubchannelType: true,
  bindErrorsKept: true,
  traceVfioCcw: true,
  dasdVerifyMaskClearedFirst: true,
  dasdVerifyRetryTimer: true,
  dasdPathConfigurationKept: true,
  dasdExtentPools: true,
  dasdCharacteristicsFirst: true,
  dasdAutoquiesce: true,
  dasdCopyPairs: true,
  vfioCommandRegion: true,
  vfioFreesRunningProgramOnly: true,
  vfioAnyPrefetch: true,
  vfioPathEvents: true,
  vfioIdleAfterProgramOnly: true,
  vfioRequest: true,
  vfioOpenClose: true,
  vfioAllIdawFormats: true,
  vfioReportsLocked: true,
  virtioRevision2: true,
  zpciRecovery: true,
  zpciBlockStores: true,
  zpciInterpretation: true,
  vfioPciWide: true,
  vfioPciIsm: true,
};

const LINUX_5_7: KernelFeatures = {
  ...OLD,
  traceVfioCcw: true,
  dasdExtentPools: true,
  vfioCommandRegion: true,
  vfioFreesRunningProgramOnly: true,
  vfioAnyPrefetch: true,
};

const LINUX_5_10: KernelFeatures = {
  ...LINUX_5_7,
  vfioPathEvents: true,
  vfioIdleAfterProgramOnly: true,
  virtioRevision2: true,
};

const LINUX_6_1: KernelFeatures = {
  ...RECENT,
  dasdAutoquiesce: false,
  vfioAllIdawFormats: false,
  vfioReportsLocked: false,
  vfioPciWide: false,
  vfioPciIsm: false,
};

export const KERNELS = {
  '4.17': OLD,
  '5.7': LINUX_5_7,
  '5.10': LINUX_5_10,
  '6.1': LINUX_6_1,
  '6.16': { ...RECENT, dasdCharacteristicsFirst: false, vfioReportsLocked: false, vfioPciIsm: false },
  '2026-07': RECENT,
} as const satisfies Record<string, KernelFeatures>;
export type KernelName = keyof typeof KERNELS;

/** The features of a kernel with single ones switched. */
export const kernelFeatures = (
  name: KernelName,
  overrides: Partial<KernelFeatures> = {},
): KernelFeatures => ({
  ...KERNELS[name],
  ...overrides,
});
