/**
 * What QEMU releases of different age do differently in their channel subsystem, as named features. A scenario names a
 * release; nothing else in this folder asks for a version.
 */
export interface QemuFeatures {
  /** Virtual devices may be in any image; before, only in the default one. */
  readonly imagesUnrestricted: boolean;
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
}

const FIRST: QemuFeatures = {
  imagesUnrestricted: false,
  indirectData: false,
  statusBeforeFunction: false,
  solicitedReset: false,
  disabledStaysQuiet: false,
  skipFlag: false,
  blockAlignmentChecked: false,
};

const RECENT: QemuFeatures = {
  imagesUnrestricted: true,
  indirectData: true,
  statusBeforeFunction: true,
  solicitedReset: true,
  disabledStaysQuiet: true,
  skipFlag: true,
  blockAlignmentChecked: true,
};

/** Features by the release that has them first (behaviour reference, trap 24). */
export const QEMU_RELEASES = {
  '2.10': FIRST,
  '2.12': { ...RECENT, disabledStaysQuiet: false, skipFlag: false, blockAlignmentChecked: false },
  '4.1': { ...RECENT, blockAlignmentChecked: false },
  '5.1': { ...RECENT, blockAlignmentChecked: false },
  '7.2': RECENT,
  '10.2': RECENT,
} as const satisfies Record<string, QemuFeatures>;
export type QemuRelease = keyof typeof QEMU_RELEASES;
