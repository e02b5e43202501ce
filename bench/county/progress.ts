import type { Made } from './make-county.ts';
import type { CountyPlan } from './plan.ts';

/** A line now and then: how far, how fast, how long still. `nowMs`: any clock that only goes forward. */
export function progress(plan: CountyPlan, say: (line: string) => void, nowMs: () => number): (made: Made) => void {
  const beganMs = nowMs();
  let saidMs = beganMs;
  const all = plan.villages.length;
  return ({ terminals, residents, records }) => {
    if (nowMs() - saidMs < SAY_EVERY_MS && terminals < all) return;
    saidMs = nowMs();
    const elapsedS = Math.max(0.001, (saidMs - beganMs) / 1_000);
    const leftS = (elapsedS / terminals) * (all - terminals);
    const rate = Math.round(records / elapsedS);
    const so = `terminal ${terminals} of ${all}, ${residents} residents, ${records} records`;
    say(`county: ${so}; ${rate} records/s, ${left(leftS)} left`);
  };
}

const SAY_EVERY_MS = 5_000;

function left(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
