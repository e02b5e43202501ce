/**
 * What stands on a courier's stick: bundles as a kiosk writes them, beside each the hub's answer. A body is the very bytes
 * that its detached signature is over.
 */
export interface Carried {
  readonly body: Uint8Array;
  readonly signature: string;
}
export interface CarriedNames {
  readonly body: string;
  readonly signature: string;
}

/** Bundles on one stick: fifty thousand records, or 40 MiB. What is left over says so, and goes on the next. */
export const BUNDLES_MAX = 50;

/** `n` counts from 1: `bundle.json`, `bundle-2.json`, … */
export function bundleNames(n: number): CarriedNames {
  return named('bundle', n);
}
export function answerNames(n: number): CarriedNames {
  return named('answer', n);
}
function named(what: string, n: number): CarriedNames {
  const name = n === 1 ? what : `${what}-${n}`;
  return { body: `${name}.json`, signature: `${name}.sig` };
}
