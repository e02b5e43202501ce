import { expect, it } from 'vitest';
import { pinRefusal } from './pin.ts';

it.each(['0000', '7777', '1234', '0123', '7890', '9876', '3210', '1212', '1122'])(
  '%s is what a stranger tries first',
  (pin) => {
    expect(pinRefusal(pin)).toBe('pin-weak');
  },
);
it.each(['', '123', '12345', '12a4', '１２３４', ' 123'])('"%s" is no PIN', (pin) => {
  expect(pinRefusal(pin)).toBe('pin-form');
});
it.each(['1357', '2580', '4711', '1221', '1235', '0880'])('%s is one', (pin) => {
  expect(pinRefusal(pin)).toBeNull();
});
