/** Bytes that wait, in pieces: joined only when enough have come, so that single bytes cost n log n, not n². */
export interface HeldBytes {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

export const NOTHING_HELD: HeldBytes = { pieces: [], length: 0 };

/** Appends; a piece no longer than the newcomer is merged with it, which keeps the count of pieces logarithmic. */
export function hold(held: HeldBytes, bytes: Uint8Array): HeldBytes {
  if (bytes.length === 0) return held;
  const pieces = [...held.pieces];
  let last = bytes;
  for (let previous = pieces.at(-1); previous && previous.length <= last.length; previous = pieces.at(-1)) {
    pieces.pop();
    last = Buffer.concat([previous, last]);
  }
  pieces.push(last);
  return { pieces, length: held.length + bytes.length };
}

export function join(held: HeldBytes): Uint8Array {
  const [only] = held.pieces;
  return held.pieces.length === 1 && only ? only : Buffer.concat(held.pieces);
}

/** At most `count` bytes from the front, never across two pieces; none only when nothing is held. */
export function take(held: HeldBytes, count: number): { taken: Uint8Array; left: HeldBytes } {
  const [first, ...others] = held.pieces;
  if (!first) return { taken: new Uint8Array(), left: held };
  const taken = first.subarray(0, count);
  const pieces = first.length > count ? [first.subarray(count), ...others] : others;
  return { taken, left: { pieces, length: held.length - taken.length } };
}
