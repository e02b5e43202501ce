/** How often a device failed and came back, counted from the states it went through; the same for every kind. */

export interface DeviceTally {
  readonly failing: boolean;
  readonly failures: number;
  /** At most one less than `failures`: the device is away now. */
  readonly recoveries: number;
}
export const NO_FAILURE: DeviceTally = { failing: false, failures: 0, recoveries: 0 };

/** Tries of a device that stays away are one failure; `opening` says nothing yet. */
export function afterState(tally: DeviceTally, state: string): DeviceTally {
  switch (state) {
    case 'opening':
      return tally;
    case 'absent':
    case 'fault':
      return tally.failing ? tally : { ...tally, failing: true, failures: tally.failures + 1 };
    default:
      return tally.failing ? { ...tally, failing: false, recoveries: tally.recoveries + 1 } : tally;
  }
}
