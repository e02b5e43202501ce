import { createHmac, randomBytes } from 'node:crypto';
import { type DesfireChip, personalised } from '../card/index.ts';

/** The demo county's desk that makes cards: it has the keys of every village, as a county has them in its safe. */
export interface CardIssuer {
  /** What a kiosk of that village keeps: the key in use, and the one that was rolled. */
  keyFile(village: string): unknown;
  /** `own`: as it was handed out. `old`: from before the keys were rolled. `clone`: made by who has not the key. */
  chip(uid: string, village: string, as: 'own' | 'old' | 'clone'): DesfireChip;
}

const OLD_VERSION = 1;
const VERSION = 2;

/** `secret`: 32 random bytes, of which all keys are made. */
export function cardIssuer(secret: Uint8Array): CardIssuer {
  const key = (name: string) => createHmac('sha256', secret).update(name).digest('hex').slice(0, 32);
  const readKey = (village: string, version: number) => key(`read ${village} ${version}`);
  return {
    keyFile: (village) => ({
      keys: [
        { version: OLD_VERSION, key: readKey(village, OLD_VERSION), accepted: false },
        { version: VERSION, key: readKey(village, VERSION), accepted: true },
      ],
    }),
    chip(uid, village, as) {
      const keyVersion = as === 'old' ? OLD_VERSION : VERSION;
      const villageKey = as === 'clone' ? randomBytes(16).toString('hex') : readKey(village, keyVersion);
      return personalised({ uid, villageKey, keyVersion, tmacKey: key(`sign ${uid}`) });
    },
  };
}
