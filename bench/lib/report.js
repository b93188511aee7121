/**
 * Runs `work` and prints what rounds.js reads: a rate per CPU second, whatever else the machine does meanwhile, and per
 * second of wall time. `facts` is called afterwards.
 */
export async function report(count, work, facts = () => ({})) {
  const cpuBefore = process.cpuUsage();
  const wallBefore = performance.now();
  const result = await work();
  const wallSeconds = (performance.now() - wallBefore) / 1e3;
  const { user, system } = process.cpuUsage(cpuBefore);
  const counted = typeof count === 'function' ? count(result) : count;
  const line = {
    count: counted,
    cpuSeconds: (user + system) / 1e6,
    wallSeconds,
    facts: facts(result),
  };
  console.log(JSON.stringify(line));
}

/** The largest part of the memory that this process ever had, MiB. */
export const peakMiB = () => Math.round(process.resourceUsage().maxRSS / 1024);
