import type { VfioCosts } from '../linux/vfio/options.ts';
import type { ResolvedDasdOptions, ResolvedSystemCosts } from './resolved.ts';
import type { ParsedSystem } from './schema-systems.ts';

/** What the systems of every kind spend on their processors. */
export const resolveCosts = ({ costs }: ParsedSystem): ResolvedSystemCosts => ({
  interruptNs: costs.interrupt,
  driverPathNs: costs.driverPath,
  mcckToHandlerNs: costs.mcckToHandler,
  handlerToThreadNs: costs.handlerToThread,
});

/** What vfio-ccw spends on the processors of a KVM host. */
export const resolveVfioCosts = ({ costs }: ParsedSystem): VfioCosts => ({
  translateNs: costs.translate,
  translatePerCcwNs: costs.translatePerCcw,
  pinPerPageNs: costs.pinPerPage,
  workNs: costs.work,
  listStepNs: costs.listStep,
});

export const resolveDasdOptions = ({ dasdOptions }: ParsedSystem): ResolvedDasdOptions => ({
  expiresNs: dasdOptions.expires,
  retries: dasdOptions.retries,
  pathThreshold: dasdOptions.pathThreshold,
  pathIntervalNs: dasdOptions.pathInterval,
  pathAutodisable: dasdOptions.autodisable,
  failfast: dasdOptions.failfast,
  reservationPolicy: dasdOptions.reservationPolicy,
  zhpf: dasdOptions.zhpf,
});
