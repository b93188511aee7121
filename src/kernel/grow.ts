/** A copy of a typed array with another length. Queues and tables double, so growing costs nothing per event. */
export function resized<A extends Float64Array | Int32Array | Uint32Array | Uint16Array>(
  array: A,
  length: number,
): A {
  const copy = new (array.constructor as new (length: number) => A)(length);
  copy.set(array);
  return copy;
}
