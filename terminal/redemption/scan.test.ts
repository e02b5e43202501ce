import { describe, expect, it } from 'vitest';
import { clerk, person, pick, resident, sessionStand } from '../../test/support/session-stand.ts';
import { MAX_QTY } from './basket.ts';

const SALT = '2090000001013';

function choosing() {
  const k = sessionStand();
  k.tap(resident);
  k.touch('choose');
  return k;
}

describe('a scan', () => {
  it('puts one more into the basket, and shows it', () => {
    const k = choosing();
    k.scan(SALT);
    expect(k.state()).toMatchObject({ screen: 'quantity', sku: 'salt', basket: { salt: 1 } });
    k.scan(SALT);
    k.scan('rice');
    expect(k.state()).toMatchObject({ screen: 'quantity', sku: 'rice', basket: { salt: 2, rice: 1 } });
    k.touch('basket', 'confirm');
    k.type('1234');
    expect(k.effects('beep').at(-1)).toEqual({ type: 'beep', kind: 'success' });
    expect(k.effects('check-pin')).toHaveLength(1);
  });

  it('counts from the balance on, without a touch', () => {
    const k = sessionStand();
    k.tap(resident);
    k.scan(SALT);
    expect(k.state()).toMatchObject({ screen: 'quantity', basket: { salt: 1 } });
  });

  it.each([`0${SALT}`, 'salt'])('knows the goods by %s too', (code) => {
    const k = choosing();
    k.scan(code);
    expect(k.state()).toMatchObject({ basket: { salt: 1 } });
  });

  it.each(['4006381333931', 'SALT', '2090000001', null])('of %s says that it is none of ours', (code) => {
    const k = choosing();
    k.scan(code);
    expect(k.state()).toMatchObject({ screen: 'choose', basket: {}, remark: { code: 'scan-unknown' } });
    expect(k.effects('beep').at(-1)).toEqual({ type: 'beep', kind: 'failure' });
  });

  it('says what cannot be had, and adds nothing', () => {
    const k = choosing();
    k.scan('oil');
    expect(k.state()).toMatchObject({ screen: 'choose', basket: {}, remark: { code: 'scan-too-dear' } });
    for (let n = 0; n < 3; n++) k.scan('rice');
    expect(k.state()).toMatchObject({ screen: 'quantity', basket: { rice: 2 }, remark: { code: 'scan-too-dear' } });
  });

  it('adds no more than the screen would', () => {
    const k = sessionStand();
    k.tap({ ...resident, person: { ...person, spendablePts: 100_000 } });
    for (let n = 0; n < MAX_QTY + 5; n++) k.scan('salt');
    expect(k.state()).toMatchObject({ basket: { salt: MAX_QTY } });
  });

  it('changes nothing once the sum has been read, nor while it is committed, nor for a clerk', () => {
    const k = choosing();
    k.touch(pick('salt'), 'basket');
    k.scan('rice');
    expect(k.state()).toMatchObject({ screen: 'confirm', basket: { salt: 1 }, remark: null });
    k.touch('confirm');
    k.scan('rice');
    expect(k.effects('commit')).toMatchObject([{ draft: { pts: 6 } }]);
    k.commit();
    k.scan('rice');
    expect(k.screen()).toBe('done');
    k.wait(8_000);
    k.tap(clerk);
    k.scan('rice');
    expect(k.screen()).toBe('clerk-pin');
  });

  it('before any card asks for one', () => {
    const k = sessionStand();
    k.scan(SALT);
    expect(k.state()).toMatchObject({ at: 'idle', remark: { code: 'scan-tap-first' } });
  });

  it('keeps a session awake, as a touch does', () => {
    const k = choosing();
    k.wait(80_000);
    k.scan(SALT);
    k.wait(80_000);
    expect(k.screen()).toBe('quantity');
  });
});
