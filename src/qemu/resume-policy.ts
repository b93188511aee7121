/**
 * What RSCH does for a passed-through subchannel. QEMU decides on its own SCSW and hands the kernel the whole ORB again
 * (`emulate`). Document 0 leaves open what it should be: `unsupported` refuses it, `pass` has the host resume the
 * program, by a command that no kernel has.
 */
export const RESUME_POLICIES = ['emulate', 'unsupported', 'pass'] as const;
export type ResumePolicy = (typeof RESUME_POLICIES)[number];
