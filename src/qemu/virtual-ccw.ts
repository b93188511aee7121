/** A CCW of either format as it is interpreted: the fields are the same, and the address keeps all 32 bits. */
export class VirtualCcw {
  command = 0;
  flags = 0;
  count = 0;
  address = 0;
}
