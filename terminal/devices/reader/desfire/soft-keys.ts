import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { diversificationInput } from '../../../../protocol/cards/application.ts';
import { diversifiedKey } from '../../../../protocol/cards/diversify.ts';
import { cardsRandom, openSession, RANDOM_BYTES, readersReply } from '../../../../protocol/cards/ev2.ts';
import { nodeAes } from '../../../../protocol/node/crypto.ts';
import { StoreRefusal } from '../../../../protocol/node/store-refusal.ts';
import { fromHex } from '../../../../protocol/primitives/bytes.ts';
import { Compile, type Static, Type } from '../../../../protocol/schema.ts';
import type { CardKeys, Handshake } from './keys.ts';

/** The village's read keys in a file that only its owner reads (docs/config.md, `cardKeys`). */

const strict = { additionalProperties: false } as const;
const KeyFile = Type.Object(
  {
    keys: Type.Array(
      Type.Object(
        {
          version: Type.Integer({ minimum: 0, maximum: 255 }),
          key: Type.String({ pattern: '^[0-9a-f]{32}$' }),
          /** False once it is rolled: such a card is told from one that is unknown, and not taken. */
          accepted: Type.Boolean(),
        },
        strict,
      ),
      { minItems: 1, maxItems: 256 },
    ),
  },
  strict,
);
const check = Compile(KeyFile);
const OTHERS = 0o077;

export interface ReadKey {
  readonly version: number;
  readonly key: Uint8Array;
  readonly accepted: boolean;
}

/** Refuses with a sentence what cannot be used; the sentence names no key. */
export function readKeyFile(path: string): CardKeys {
  const refuse = (why: string, whatToDo: string): StoreRefusal =>
    new StoreRefusal(`The file of card keys ${path} ${why}.`, whatToDo);
  const { mode, text } = readOrRefuse(path, refuse);
  if ((mode & OTHERS) !== 0) throw refuse('can be read by others', `chmod 600 ${path}`);
  const parsed = parse(text);
  if (parsed === null) throw refuse('is not right', 'docs/config.md says what stands in it.');
  if (new Set(parsed.keys.map(({ version }) => version)).size < parsed.keys.length) {
    throw refuse('has two keys of one version', 'Leave one of them.');
  }
  return softKeys(parsed.keys.map(({ version, key, accepted }) => ({ version, accepted, key: bytesOf(key) })));
}

function readOrRefuse(path: string, refuse: (why: string, whatToDo: string) => StoreRefusal) {
  try {
    return { mode: statSync(path).mode, text: readFileSync(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT') throw refuse('does not exist', 'Put it there, or take `cardKeys` out of the config file.');
    throw refuse(`cannot be read by this user (${code})`, 'Give it to the user that the kiosk runs as.');
  }
}

/** A parser's own message would quote what stands in the file. */
function parse(text: string): Static<typeof KeyFile> | null {
  try {
    const value: unknown = JSON.parse(text);
    return check.Check(value) ? (value as Static<typeof KeyFile>) : null;
  } catch {
    return null;
  }
}

export function softKeys(keys: readonly ReadKey[], random: (bytes: number) => Uint8Array = randomBytes): CardKeys {
  const newest = Math.max(...keys.filter(({ accepted }) => accepted).map(({ version }) => version));
  return {
    handshake(version, uid) {
      const known = keys.find((key) => key.version === version);
      if (known === undefined) return version < newest ? 'old-key' : 'unknown-key';
      if (!known.accepted) return 'old-key';
      return handshake(diversifiedKey(known.key, diversificationInput(uid), nodeAes), random(RANDOM_BYTES));
    },
  };
}

function handshake(key: Uint8Array, rndA: Uint8Array): Handshake {
  let rndB: Uint8Array = new Uint8Array(RANDOM_BYTES);
  return {
    async reply(step1) {
      rndB = cardsRandom(key, step1, nodeAes);
      return readersReply(key, rndA, rndB, nodeAes);
    },
    open: async (step2) => openSession(key, { rndA, rndB }, step2, nodeAes),
  };
}

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === null) throw new Error('a key that is not hex, behind its check');
  return bytes;
}
