/** Lines of text on their way into a file: handed on in large pieces. */
export class TextBuffer {
  private text = '';
  private readonly flushTo: (bytes: Uint8Array) => void;

  constructor(flushTo: (bytes: Uint8Array) => void) {
    this.flushTo = flushTo;
  }

  line(text: string): void {
    this.text += `${text}\n`;
    if (this.text.length > PIECE) this.flush();
  }

  flush(): void {
    if (this.text !== '') this.flushTo(encoder.encode(this.text));
    this.text = '';
  }
}

const encoder = new TextEncoder();
/** Characters after which a piece is handed on. */
const PIECE = 1 << 20;

const NS_PER_US = 1_000;
const US_PER_S = 1_000_000;

/** A time in seconds with six digits after the point, as traces print it. */
export function traceTime(ns: number): string {
  const us = Math.floor(ns / NS_PER_US);
  const seconds = Math.floor(us / US_PER_S);
  return `${seconds}.${String(us - seconds * US_PER_S).padStart(6, '0')}`;
}
