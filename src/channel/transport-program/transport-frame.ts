/**
 * What a program in transport mode brings the control unit all at once: its transport-command control block, the output, and
 * room for the input; and how the control unit has found and left it. The channel looks at nothing in the block.
 */
export interface TransportFrame {
  /** The block as it was fetched. */
  readonly block: Readonly<Uint8Array>;
  /** Directions that the transport-control word allows. */
  readonly reads: boolean;
  readonly writes: boolean;
  /** Bytes that the channel is going to move, with the check bytes that it inserts into output. */
  readonly count: number;
  readonly checkBytes: number;
  /** Output without check bytes, and room for input: each as long as the block may ask for. */
  readonly output: Uint8Array;
  readonly input: Uint8Array;

  /** Set by the control unit when the block arrives: REASON for which it cannot be carried out; zero: it is in order. */
  reason: number;
  /** Set when it has been carried out: where the last command stands, bytes of its data that were not moved, input moved. */
  commandOffset: number;
  residual: number;
  inputMoved: number;
}
