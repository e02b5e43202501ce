// Loaded by `node --import` into a kiosk's agent under test, and nowhere else: the machine's clock stands so many
// milliseconds off the true time as the file says just now.
import { readFileSync } from 'node:fs';

const now = Date.now;
Date.now = () => now() + Number(readFileSync(process.env.TALLY_CLOCK_SHIFT_FILE, 'utf8'));
