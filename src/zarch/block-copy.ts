import type { Irb } from './irb.ts';
import type { Orb } from './orb.ts';
import type { Pmcw, Schib } from './schib.ts';
import { clearCommandFields, clearTransportFields, type Scsw } from './scsw.ts';

/** Copies of architected blocks, field by field: what storing, fetching and clearing them does. */
export function copyScsw(from: Scsw, to: Scsw): void {
  to.key = from.key;
  to.suspendControl = from.suspendControl;
  to.eswFormat = from.eswFormat;
  to.cc = from.cc;
  to.format = from.format;
  to.prefetch = from.prefetch;
  to.initialStatus = from.initialStatus;
  to.addressLimit = from.addressLimit;
  to.suppressSuspended = from.suppressSuspended;
  to.zeroCc = from.zeroCc;
  to.extendedControl = from.extendedControl;
  to.pathNotOperational = from.pathNotOperational;
  to.fctl = from.fctl;
  to.actl = from.actl;
  to.stctl = from.stctl;
  to.ccwAddress = from.ccwAddress;
  to.dstat = from.dstat;
  to.cstat = from.cstat;
  to.count = from.count;
  to.transport = from.transport;
  to.interrogateComplete = from.interrogateComplete;
  to.fcxStatus = from.fcxStatus;
  to.interrogateFailed = from.interrogateFailed;
  to.extendedStatus = from.extendedStatus;
}

function copyPmcw(from: Pmcw, to: Pmcw): void {
  to.intparm = from.intparm;
  to.qdio = from.qdio;
  to.isc = from.isc;
  to.enabled = from.enabled;
  to.limitMode = from.limitMode;
  to.measurementMode = from.measurementMode;
  to.multipath = from.multipath;
  to.timing = from.timing;
  to.deviceNumberValid = from.deviceNumberValid;
  to.deviceNumber = from.deviceNumber;
  to.lpm = from.lpm;
  to.pnom = from.pnom;
  to.lpum = from.lpum;
  to.pim = from.pim;
  to.measurementIndex = from.measurementIndex;
  to.pom = from.pom;
  to.pam = from.pam;
  to.chpids.set(from.chpids);
  to.subchannelType = from.subchannelType;
  to.measurementFormat1 = from.measurementFormat1;
  to.extendedMeasurement = from.extendedMeasurement;
  to.concurrentSense = from.concurrentSense;
}

export function copySchib(from: Schib, to: Schib): void {
  copyPmcw(from.pmcw, to.pmcw);
  copyScsw(from.scsw, to.scsw);
  to.measurementBlock = from.measurementBlock;
}

export function clearScsw(scsw: Scsw): void {
  scsw.key = 0;
  scsw.eswFormat = 0;
  scsw.cc = 0;
  scsw.extendedControl = 0;
  scsw.pathNotOperational = 0;
  scsw.fctl = 0;
  scsw.actl = 0;
  scsw.stctl = 0;
  scsw.ccwAddress = 0;
  scsw.dstat = 0;
  scsw.cstat = 0;
  clearCommandFields(scsw);
  clearTransportFields(scsw);
}

export function clearIrb(irb: Irb): void {
  clearScsw(irb.scsw);
  irb.eswFormat = 1;
  irb.lpum = 0;
  irb.logout = 0;
  irb.connectTime = 0;
  irb.reportFlags = 0;
  irb.failingStorage = 0;
  irb.secondaryCcw = 0;
  irb.pathVerification = 0;
  irb.pathTimeout = 0;
  irb.concurrentSense = 0;
  irb.senseCount = 0;
  irb.sense.fill(0);
  irb.extendedMeasurement = 0;
  copyTimes(NO_TIMES, irb);
}

/** The program itself is referred to, not copied. */
export function copyOrb(from: Orb, to: Orb): void {
  to.intparm = from.intparm;
  to.key = from.key;
  to.suspendControl = from.suspendControl;
  to.streamingMode = from.streamingMode;
  to.modification = from.modification;
  to.synchronization = from.synchronization;
  to.format1 = from.format1;
  to.prefetch = from.prefetch;
  to.initialStatus = from.initialStatus;
  to.addressLimit = from.addressLimit;
  to.suppressSuspended = from.suppressSuspended;
  to.transportMode = from.transportMode;
  to.idaw64 = from.idaw64;
  to.idawBlock2k = from.idawBlock2k;
  to.lpm = from.lpm;
  to.incorrectLengthSuppression = from.incorrectLengthSuppression;
  to.midaw = from.midaw;
  to.extension = from.extension;
  to.cssPriority = from.cssPriority;
  to.cuPriority = from.cuPriority;
  to.programAddress = from.programAddress;
  to.program = from.program;
  to.hitDraw = from.hitDraw;
  to.serviceDraw = from.serviceDraw;
}

interface OperationTimes {
  pendNs: number;
  cmrNs: number;
  channelBusyNs: number;
  cuBusyNs: number;
  deviceBusyNs: number;
  discNs: number;
  connNs: number;
  statusAtNs: number;
}
const NO_TIMES: OperationTimes = {
  pendNs: 0,
  cmrNs: 0,
  channelBusyNs: 0,
  cuBusyNs: 0,
  deviceBusyNs: 0,
  discNs: 0,
  connNs: 0,
  statusAtNs: 0,
};

/** The times of an operation come with its status and belong to the record in which the status is accumulated. */
export function copyTimes(from: OperationTimes, to: OperationTimes): void {
  to.pendNs = from.pendNs;
  to.cmrNs = from.cmrNs;
  to.channelBusyNs = from.channelBusyNs;
  to.cuBusyNs = from.cuBusyNs;
  to.deviceBusyNs = from.deviceBusyNs;
  to.discNs = from.discNs;
  to.connNs = from.connNs;
  to.statusAtNs = from.statusAtNs;
}

/** Everything but the SCSW: lpum, report word, sense. */
export function copyExtendedStatus(from: Irb, to: Irb): void {
  to.eswFormat = from.eswFormat;
  to.lpum = from.lpum;
  to.logout = from.logout;
  to.connectTime = from.connectTime;
  to.reportFlags = from.reportFlags;
  to.failingStorage = from.failingStorage;
  to.secondaryCcw = from.secondaryCcw;
  to.pathVerification = from.pathVerification;
  to.pathTimeout = from.pathTimeout;
  to.concurrentSense = from.concurrentSense;
  to.senseCount = from.senseCount;
  to.sense.set(from.sense);
  copyTimes(from, to);
}
