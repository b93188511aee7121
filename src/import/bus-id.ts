/** A device or a subchannel by its set and number. */
export interface BusId {
  readonly ssid: number;
  readonly number: number;
}

/** `0.0.1000`, or `1000` where a tool was asked for short ids. Null: it is none of the image that Linux runs in. */
export function parseBusId(text: string): BusId | null {
  const match = /^(?:0{1,2}\.([0-3])\.)?([0-9a-f]{4})$/i.exec(text);
  if (match === null) return null;
  return { ssid: Number(match[1] ?? 0), number: Number.parseInt(match[2], 16) };
}

export const BUS_ID_HINT = 'bus ids look like 0.0.1000, in image 0';
