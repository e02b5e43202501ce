/** What to do, by a driver's reason; the printer's come first, the rest is of serial lines and of HID. */
export const WHAT_TO_DO: Readonly<Record<string, string>> = {
  'paper-out': 'It is out of paper: put a new roll in.',
  'cover-open': 'Its cover is open: close it.',
  cutter: 'Its knife is stuck: open the cover, take the paper out, switch it off and on.',
  error: 'It reports a fault: switch it off and on; if that does not help it needs a repair.',
  refused: 'It refuses the connection: look at its power and its address in the config file.',
  'no-permission': 'The system lets this user not open it: add the udev rule of docs/devices.md, "Permissions".',
  'keyboard-wedge': 'It plays a keyboard: set it to HID-POS or to COM mode, docs/devices.md, "Barcode scanner".',
  'no-node-hid': 'node-hid does not load: install libudev1 (apt-get install libudev1).',
  'no-device': 'Nothing is plugged in there.',
  held: 'Another program has it: stop that, often ModemManager or a second agent.',
  'cannot-open': 'This is no such device, or it is broken.',
  unplugged: 'It was unplugged, or lost its power.',
  stalled: 'It takes no more: switch it off and on.',
  'no-answer': 'It is plugged in and silent: check its power, and its speed (baudRate) on a serial line.',
};
