import { networkInterfaces } from 'node:os';

/** Tells when the machine's own network comes up, so that nobody waits out a backoff of minutes behind a plugged-in cable. */

const LOOK_EVERY_MS = 2_000;

/** `addresses`: what this machine is reachable by, its own loopback aside. A new one is a restored link. */
export function watchLink(addresses: () => readonly string[], onUp: () => void): { stop(): void } {
  let known = new Set(addresses());
  const timer = setInterval(() => {
    const now = new Set(addresses());
    const up = [...now].some((each) => !known.has(each));
    known = now;
    if (up) onUp();
  }, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** What this machine is reachable by from outside. */
export function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.filter((each) => !each.internal).map((each) => each.address);
}
