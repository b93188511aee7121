/** Something that happens at a time, and where it stands among others of the same time. */
interface Timed {
  readonly atNs: number;
}

/**
 * What several sources tell, each in its own order of time, as one story in order of time; at one instant the source
 * that stands first goes first. Each source is asked only for its next step, so that stories may be without end.
 */
export function* inOrder<T extends Timed>(sources: readonly Iterator<T>[]): Generator<T> {
  const heap: Next<T>[] = [];
  for (const [rank, source] of sources.entries()) {
    const { done, value } = source.next();
    if (done !== true) insert(heap, { value, rank, source });
  }
  while (heap.length > 0) {
    const first = heap[0];
    yield first.value;
    const { done, value } = first.source.next();
    if (done !== true) first.value = value;
    else if (!dropFirst(heap)) return;
    siftDown(heap);
  }
}

interface Next<T> {
  value: T;
  readonly rank: number;
  readonly source: Iterator<T>;
}

const isBefore = <T extends Timed>(left: Next<T>, right: Next<T>): boolean =>
  left.value.atNs < right.value.atNs || (left.value.atNs === right.value.atNs && left.rank < right.rank);

function insert<T extends Timed>(heap: Next<T>[], next: Next<T>): void {
  let at = heap.length;
  heap.push(next);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(next, heap[parent])) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = next;
}

/** The last takes the place of the first; false when there is none left. */
function dropFirst<T extends Timed>(heap: Next<T>[]): boolean {
  const last = heap.pop()!;
  if (heap.length === 0) return false;
  heap[0] = last;
  return true;
}

function siftDown<T extends Timed>(heap: Next<T>[]): void {
  const sinking = heap[0];
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
    if (!isBefore(heap[child], sinking)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = sinking;
}
