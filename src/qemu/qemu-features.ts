/** How the destination of a migration says what does not fit (migration/problem.ts). */
export type MigrationMessages = 'bare' | 'hint' | 'chained';

/** What a release does with s390-squash-mcss: takes it, takes it with a warning, or does not know it. */
export type SquashOption = 'taken' | 'deprecated' | 'unknown';

/**
 * What QEMU releases of different age do differently in their channel subsystem, as named features. A scenario names a
 * release; nothing else in this folder asks for a version.
 */
export interface QemuFeatures {
  /** Any device may be in any image; before, virtual devices in image fe only, and those of the host in any other. */
  readonly imagesUnrestricted: boolean;
  /** Machine option s390-squash-mcss. */
  readonly squashOption: SquashOption;
  /** CCWs may use indirect data addresses; before, the flag was ignored. */
  readonly indirectData: boolean;
  /** XSCH looks for status (cc 1) before it looks at the functions (cc 2). */
  readonly statusBeforeFunction: boolean;
  /** The report of RCHP has the solicited bit. */
  readonly solicitedReset: boolean;
  /** Unsolicited status of a subchannel that is not enabled gives no interruption. */
  readonly disabledStaysQuiet: boolean;
  /** The skip flag of a CCW suppresses the store. */
  readonly skipFlag: boolean;
  /** A SCHIB with a format-1 measurement block that is not aligned to 64 bytes is an operand exception. */
  readonly blockAlignmentChecked: boolean;
  /** vfio-ccw: programs without the prefetch bit are started; before, they ended with a unit exception. */
  readonly startsWithoutPrefetch: boolean;
  /** vfio-ccw: property force-orb-pfch, which sets the prefetch bit of every ORB. */
  readonly forcesPrefetch: boolean;
  /** vfio-ccw: HSCH and CSCH reach the host where its kernel has the region for them; before, they were emulated. */
  readonly asyncRegion: boolean;
  /** vfio-ccw: what refuses HSCH and CSCH in the host becomes a condition code; before, it was lost. */
  readonly stopErrorsForwarded: boolean;
  /** vfio-ccw: the region with the host's SCHIB is read for the guest's STSCH. */
  readonly schibRegion: boolean;
  /** vfio-ccw: the region with channel reports, and their notification. */
  readonly crwRegion: boolean;
  /** vfio-ccw: the notification by which the host asks for the device. */
  readonly requestInterrupt: boolean;
  /** vfio-ccw: ESW and ECW are the host's; before, those of virtual devices, whose only path is 80. */
  readonly hostExtendedStatus: boolean;
  /** A function that was refused leaves the SCSW as it was. */
  readonly refusalRolledBack: boolean;
  /** Migration: the channel subsystem has a section of its own. */
  readonly cssSection: boolean;
  /** Migration: what is pending in QEMU's own interrupt controller is sent too; before, it was lost (not under KVM). */
  readonly pendingSent: boolean;
  /** Migration: what is printed when the state does not fit. */
  readonly migrationMessages: MigrationMessages;
  /** vfio-pci: the machine interprets PCI instructions of the guest where the host can have it do so (7.2). */
  readonly pciInterpretation: boolean;
  /** An ISM function that is not interpreted is refused as such; before, only because it has no MSI-X. */
  readonly ismNeedsInterpretation: boolean;
}

const FIRST: QemuFeatures = {
  imagesUnrestricted: false,
  squashOption: 'taken',
  indirectData: false,
  statusBeforeFunction: false,
  solicitedReset: false,
  disabledStaysQuiet: false,
  skipFlag: false,
  blockAlignmentChecked: false,
  startsWithoutPrefetch: false,
  forcesPrefetch: false,
  asyncRegion: false,
  stopErrorsForwarded: false,
  schibRegion: false,
  crwRegion: false,
  requestInterrupt: false,
  hostExtendedStatus: false,
  refusalRolledBack: false,
  cssSection: true,
  pendingSent: false,
  migrationMessages: 'bare',
  pciInterpretation: false,
  ismNeedsInterpretation: false,
};

const RECENT: QemuFeatures = {
  imagesUnrestricted: true,
  squashOption: 'unknown',
  indirectData: true,
  statusBeforeFunction: true,
  solicitedReset: true,
  disabledStaysQuiet: true,
  skipFlag: true,
  blockAlignmentChecked: true,
  startsWithoutPrefetch: true,
  forcesPrefetch: true,
  asyncRegion: true,
  stopErrorsForwarded: true,
  schibRegion: true,
  crwRegion: true,
  requestInterrupt: true,
  hostExtendedStatus: true,
  refusalRolledBack: true,
  cssSection: true,
  pendingSent: true,
  migrationMessages: 'chained',
  pciInterpretation: true,
  ismNeedsInterpretation: true,
};

/** Migration: 9.1 was the first to send what is pending, and lost the section of the channel subsystem until 10.0. */
const UNTIL_9_1 = { migrationMessages: 'hint', ismNeedsInterpretation: false } as const;
const UNTIL_9_0 = { ...UNTIL_9_1, pendingSent: false };

/** Of the features of vfio-ccw 5.1 lacks those that 6.0 to 7.2 brought, 4.1 all but its own, and 3.1 nearly all. */
const UNTIL_5_1 = {
  ...UNTIL_9_0,
  blockAlignmentChecked: false,
  stopErrorsForwarded: false,
  requestInterrupt: false,
  hostExtendedStatus: false,
  refusalRolledBack: false,
  pciInterpretation: false,
};
const UNTIL_4_1 = { ...UNTIL_5_1, startsWithoutPrefetch: false, schibRegion: false, crwRegion: false };
const UNTIL_3_1 = { ...UNTIL_4_1, skipFlag: false, asyncRegion: false };
const UNTIL_2_12 = {
  ...UNTIL_3_1,
  migrationMessages: 'bare',
  squashOption: 'deprecated',
  disabledStaysQuiet: false,
  forcesPrefetch: false,
} as const;
const UNTIL_2_11 = { ...UNTIL_2_12, imagesUnrestricted: false, squashOption: 'taken' } as const;

/** Features by the release that has them first (behaviour reference, trap 24). */
export const QEMU_RELEASES = {
  '2.10': FIRST,
  '2.11': { ...RECENT, ...UNTIL_2_11 },
  '2.12': { ...RECENT, ...UNTIL_2_12 },
  '3.1': { ...RECENT, ...UNTIL_3_1 },
  '4.1': { ...RECENT, ...UNTIL_4_1 },
  '5.1': { ...RECENT, ...UNTIL_5_1 },
  '7.2': { ...RECENT, ...UNTIL_9_0 },
  '9.0': { ...RECENT, ...UNTIL_9_0 },
  '9.1': { ...RECENT, ...UNTIL_9_1, cssSection: false },
  '10.2': RECENT,
} as const satisfies Record<string, QemuFeatures>;
export type QemuRelease = keyof typeof QEMU_RELEASES;
