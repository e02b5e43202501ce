/** Closes a switch over a union: a case that was forgotten does not compile, one that slipped in at run time throws. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}

/** For what would be a bug of ours, never for what someone sent us. `says` is asked only where it is broken. */
export function invariant(condition: boolean, says: () => string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${says()}`);
}
