/** Runs `work` and prints what rounds.js reads. Returns nothing; `facts` is called afterwards. */
export function report(count, work, facts = () => ({})) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ count, cpuSeconds: (user + system) / 1e6, facts: facts() }));
}
