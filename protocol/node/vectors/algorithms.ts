import { aesCmac, shortCmac } from '../../cards/aes-cmac.ts';
import { diversifiedKey, MOST_INPUT_BYTES } from '../../cards/diversify.ts';
import { cardsRandom, openSession, readersReply, sessionKeys } from '../../cards/ev2.ts';
import { sdmFile, sdmMac, sdmPicc } from '../../cards/sdm.ts';
import { transactionMac } from '../../cards/tmac.ts';
import { fromBase64url, toBase64url } from '../../primitives/base64url.ts';
import { fromUtf8, utf8 } from '../../primitives/bytes.ts';
import { hashOf } from '../../records/record.ts';
import { nodeAes, nodeHashing, nodeSigner } from '../crypto.ts';

/** What a vector file may name: each algorithm's fields, how long they are, and the very functions that the programs use. */

type Fields<Names extends string> = Readonly<Record<Names, Uint8Array>>;
/** How many bytes: exactly, one of several, or from and to. */
export type Length = number | readonly number[] | { readonly from: number; readonly to: number };
export interface Algorithm {
  readonly input: Readonly<Record<string, Length>>;
  readonly expected: readonly string[];
  /** Null where the input, well formed as it is, holds nothing of the kind: the card or the text is not genuine. */
  run(input: Fields<string>): Fields<string> | null;
}

const KEY = 16;
const TEXT: Length = { from: 0, to: 65_536 };
/** ISO/IEC 14443-3, 6.5.4. */
const UID: Length = [4, 7, 10];
const SDM_READ = { fileReadKey: KEY, uid: 7, counter: 3 } as const;
const WHOLE_BLOCKS: Length = { from: 16, to: 65_536 };

function algorithm<In extends string, Out extends string>(
  input: Readonly<Record<In, Length>>,
  expected: readonly Out[],
  run: (input: Fields<In>) => Fields<Out> | null,
): Algorithm {
  // Whoever runs it has looked that each named field is there, and no other.
  return { input, expected, run: (given) => run(given as Fields<In>) };
}

export const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  'aes-cmac': algorithm({ key: KEY, message: TEXT }, ['mac'], ({ key, message }) => ({
    mac: aesCmac(key, message, nodeAes),
  })),
  'an10922-aes128': algorithm(
    { key: KEY, divInput: { from: 1, to: MOST_INPUT_BYTES } },
    ['key'],
    ({ key, divInput }) => ({ key: diversifiedKey(key, divInput, nodeAes) }),
  ),
  'ev2-session-keys': algorithm({ key: KEY, rndA: 16, rndB: 16 }, ['encKey', 'macKey'], ({ key, rndA, rndB }) => ({
    ...sessionKeys(key, rndA, rndB, nodeAes),
  })),
  'ev2-first': algorithm(
    { key: KEY, keyNo: 1, rndA: 16, piccStep1: 16, piccStep2: 32 },
    ['pcdStep2', 'ti', 'encKey', 'macKey'],
    ({ key, rndA, piccStep1, piccStep2 }) => {
      const rndB = cardsRandom(key, piccStep1, nodeAes);
      const session = openSession(key, { rndA, rndB }, piccStep2, nodeAes);
      return session && { pcdStep2: readersReply(key, rndA, rndB, nodeAes), ...session };
    },
  ),
  'ev2-mac': algorithm({ macKey: KEY, message: TEXT }, ['mac'], ({ macKey, message }) => ({
    mac: shortCmac(macKey, message, nodeAes),
  })),
  'sdm-picc': algorithm(
    { metaReadKey: KEY, piccData: 16 },
    ['uid', 'counter', 'piccDataTag'],
    ({ metaReadKey, piccData }) => {
      const shown = sdmPicc(metaReadKey, piccData, nodeAes);
      return shown && { uid: shown.uid, counter: shown.counter, piccDataTag: Uint8Array.of(shown.tag) };
    },
  ),
  'sdm-mac': algorithm({ ...SDM_READ, macInput: TEXT }, ['mac'], ({ fileReadKey, uid, counter, macInput }) => ({
    mac: sdmMac(fileReadKey, { uid, counter }, macInput, nodeAes),
  })),
  'sdm-file': algorithm(
    { ...SDM_READ, encFileData: WHOLE_BLOCKS },
    ['fileData'],
    ({ fileReadKey, uid, counter, encFileData }) => {
      const fileData = sdmFile(fileReadKey, { uid, counter }, encFileData, nodeAes);
      return fileData && { fileData };
    },
  ),
  tmac: algorithm({ tmacKey: KEY, tmc: 4, uid: UID, tmi: TEXT }, ['tmv'], ({ tmacKey, tmc, uid, tmi }) => ({
    tmv: transactionMac(tmacKey, { tmc, uid, input: tmi }, nodeAes),
  })),
  'ed25519-jws': algorithm({ seed: 32, protected: TEXT, payload: TEXT }, ['jws'], (input) => {
    const signed = `${toBase64url(input.protected)}.${toBase64url(input.payload)}`;
    const signature = nodeSigner('vector', input.seed).sign(utf8(signed));
    return { jws: utf8(`${signed}.${toBase64url(signature)}`) };
  }),
  'record-hash': algorithm({ jws: TEXT }, ['hash'], ({ jws }) => {
    const text = fromUtf8(jws);
    const hash = text === null ? null : fromBase64url(hashOf(text, nodeHashing));
    return hash && { hash };
  }),
};
