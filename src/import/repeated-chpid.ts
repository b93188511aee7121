/** A CHPID that is listed for two of the installed paths, two hex digits; null: none is. `chpids`: sixteen digits. */
export function repeatedChpid(pim: number, chpids: string): string | null {
  const seen = new Set<string>();
  for (let path = 0; path < 8; path++) {
    if ((pim & (0x80 >> path)) === 0) continue;
    const chpid = chpids.slice(2 * path, 2 * path + 2);
    if (seen.has(chpid)) return chpid;
    seen.add(chpid);
  }
  return null;
}
