import { describe, expect, it } from 'vitest';
import { createAdmission, retryAfterS } from './admission.ts';

describe('admission', () => {
  it('takes as many as there is room for, and the next when one has left', () => {
    const admission = createAdmission({ requestsMax: 2, bytesMax: 1_000 });
    const first = admission.enter(10);
    expect(admission.enter(10)).not.toBeNull();
    expect([admission.full(), admission.enter(10)]).toEqual([true, null]);
    first?.();
    expect(admission.enter(10)).not.toBeNull();
  });

  it('counts bytes, but never keeps out the only one', () => {
    const admission = createAdmission({ requestsMax: 10, bytesMax: 100 });
    const large = admission.enter(5_000);
    expect(large).not.toBeNull();
    expect(admission.enter(1)).toBeNull();
    large?.();
    expect([admission.enter(60) === null, admission.enter(60) === null]).toEqual([false, true]);
  });

  it('lets nobody leave twice', () => {
    const admission = createAdmission({ requestsMax: 1, bytesMax: 100 });
    const leave = admission.enter(1);
    leave?.();
    leave?.();
    expect(admission.inside()).toBe(0);
  });

  it('sends away for one to five seconds', () => {
    expect([retryAfterS(0), retryAfterS(0.999)]).toEqual([1, 5]);
  });
});
