import { describe, expect, it } from 'vitest';
import { CARD_FAULTS } from '../../firmware-sim/rig/wallet.ts';
import { planSoak } from './plan.ts';

const options = { redemptions: 1_000, seed: 1, kills: true, pcsc: true, people: 6, items: 3 };
const namesOf = (plan: ReturnType<typeof planSoak>) =>
  new Set(
    plan.flatMap(({ begins, blow }) => [...begins.map(({ name }) => name), ...(blow === null ? [] : [blow.name])]),
  );

describe('the plan of a soak', () => {
  it('is one by its seed, and another by another', () => {
    expect(planSoak(options)).toEqual(planSoak(options));
    expect(planSoak(options)).not.toEqual(planSoak({ ...options, seed: 2 }));
  });

  it('sends every twentieth tap through pcscd', () => {
    const throughPcscd = planSoak(options).flatMap(({ kiosk }, n) => (kiosk === 2 ? n + 1 : []));
    expect(throughPcscd).toEqual(Array.from({ length: 50 }, (_, n) => 20 * (n + 1)));
    expect(planSoak({ ...options, pcsc: false }).every(({ kiosk }) => kiosk === 1)).toBe(true);
  });

  it('strikes the parts of a real pcscd at its kiosk alone', () => {
    for (const { kiosk, blow } of planSoak(options)) {
      if (blow !== null && /pcscd|card-process|reader/.test(blow.name)) expect(kiosk).toBe(2);
      if (blow !== null && Object.hasOwn(CARD_FAULTS, blow.name)) expect(kiosk).toBe(1);
    }
  });

  it('plays every kind of fault; without kills agents and hub live on', () => {
    const all = namesOf(planSoak(options));
    const killed = ['agent-killed', 'hub-down', 'hub-killed'];
    expect([...all].filter((name) => !namesOf(planSoak({ ...options, kills: false })).has(name)).sort()).toEqual(
      killed,
    );
    expect(all.size).toBe(15 + 3 + 5 + 2 + 5);
  });
});
