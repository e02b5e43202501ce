/**
 * How much is taken in at one time. A storm of kiosks that come back together must not become memory: who finds the house
 * full is told when to come back, before its body is read, and has lost nothing.
 */
export interface Admission {
  /** Null where the house is full. What is returned is called once, when the request is done, however it ends. */
  enter(bytes: number): (() => void) | null;
  readonly full: () => boolean;
  readonly inside: () => number;
}
export interface AdmissionLimits {
  readonly requestsMax: number;
  readonly bytesMax: number;
}

/** Some hundred kiosks at once, each with a body of a megabyte that becomes eight. */
export const ADMISSION: AdmissionLimits = { requestsMax: 256, bytesMax: 64 * 1_048_576 };

export function createAdmission({ requestsMax, bytesMax }: AdmissionLimits = ADMISSION): Admission {
  let requests = 0;
  let bytes = 0;
  const full = (more: number) => requests >= requestsMax || (requests > 0 && bytes + more > bytesMax);
  return {
    full: () => full(0),
    inside: () => requests,
    enter(more) {
      if (full(more)) return null;
      requests += 1;
      bytes += more;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        requests -= 1;
        bytes -= more;
      };
    },
  };
}

/** Whole seconds, as Retry-After asks; spread, so that those who were sent away do not come back together. */
export function retryAfterS(random: number): number {
  return 1 + Math.floor(random * 5);
}
