import { CARD_APPLICATION } from '../../../../protocol/cards/application.ts';
import { equalBytes, toHex } from '../../../../protocol/primitives/bytes.ts';
import type { CardRefusal, CardSigner, Signature } from '../port.ts';
import type { Channel, ChannelFault } from './channel.ts';
import { COMMAND } from './native.ts';

/**
 * The card's own signature: what is to be signed is written into its file and committed, and the commit answers the
 * TransactionMAC. Both happen together or not at all, and the card keeps both. So before it is asked to sign, and when its
 * answer to that cannot be believed, the file is looked at: where these very bytes stand in it, they are signed already, and
 * the signature is read. One request is thus never signed twice, also where the card was torn away before we heard.
 */

const { signedFile, signedBytes, tmacFile } = CARD_APPLICATION;
const TMC_BYTES = 4;
const TMV_BYTES = 8;
const RETURN_TMAC = 0x01;

type Opened = Channel | CardRefusal;
type Fault = Exclude<Signature, { readonly outcome: 'signed' }>;
/** `not-signed`: other bytes stand in the card's file. */
type Looked = Signature | { readonly outcome: 'not-signed' };

/** `open`: a new session each time, for what was read in one counts in its signature. One request at a time. */
export function cardSigner(open: () => Promise<Opened>): CardSigner {
  let before: Promise<unknown> = Promise.resolve();
  return (digest) => {
    if (digest.length !== signedBytes) throw new Error(`a card signs ${signedBytes} bytes, not ${digest.length}`);
    const mine = before.then(() => signOnce(digest, open));
    before = mine;
    return mine;
  };
}

async function signOnce(digest: Uint8Array, open: () => Promise<Opened>): Promise<Signature> {
  const looked = await look(digest, open);
  if (looked.outcome !== 'not-signed') return looked;
  const signed = await commit(digest, open);
  // It is gone: the next tap tells. Or it has answered as it should.
  if (signed.outcome === 'torn' || signed.outcome === 'signed') return signed;
  // What it said carries no MAC that we believe: the card's file says what is true.
  const after = await look(digest, open);
  return after.outcome === 'not-signed' ? signed : after;
}

async function look(digest: Uint8Array, open: () => Promise<Opened>): Promise<Looked> {
  const opened = await open();
  if (typeof opened === 'string') return unproven(unopened(opened));
  const holds = await opened.command(COMMAND.readData, whole(signedFile, signedBytes));
  if (typeof holds === 'string') return unproven(faulty(holds));
  if (!equalBytes(holds, digest)) return { outcome: 'not-signed' };
  const told = signature(await opened.command(COMMAND.readData, whole(tmacFile, TMC_BYTES + TMV_BYTES)));
  if (told.outcome !== 'signed') return unproven(told);
  // A new card's file has zeros in it, and nothing was ever signed.
  return told.tmc === 0 ? { outcome: 'not-signed' } : told;
}

/** A refusal has no MAC: it says nothing of what this card, or the one that lay here before, has signed already. */
function unproven(fault: Fault): Fault {
  return fault.outcome === 'refused' ? { outcome: 'torn' } : fault;
}

async function commit(digest: Uint8Array, open: () => Promise<Opened>): Promise<Signature> {
  const opened = await open();
  if (typeof opened === 'string') return unopened(opened);
  const written = await opened.command(COMMAND.writeData, Uint8Array.of(...whole(signedFile, signedBytes), ...digest));
  if (typeof written === 'string') return faulty(written);
  return signature(await opened.command(COMMAND.commitTransaction, Uint8Array.of(RETURN_TMAC)));
}

function signature(answer: Uint8Array | ChannelFault): Signature {
  if (typeof answer === 'string') return faulty(answer);
  if (answer.length !== TMC_BYTES + TMV_BYTES) return { outcome: 'refused' };
  const tmc = new DataView(answer.buffer, answer.byteOffset).getUint32(0, true);
  return { outcome: 'signed', tmc, tmv: toHex(answer.subarray(TMC_BYTES)) };
}

/** File number, offset 0 and length, the lowest byte first. */
function whole(file: number, bytes: number): Uint8Array {
  return Uint8Array.of(file, 0, 0, 0, bytes, 0, 0);
}

function faulty(fault: ChannelFault): Fault {
  return { outcome: fault === 'mute' ? 'torn' : fault };
}

/** The card has been identified with this very key: one that cannot be opened now has been changed, or has left. */
function unopened(refusal: CardRefusal): Fault {
  return { outcome: refusal === 'mute' || refusal === 'torn' ? 'torn' : 'refused' };
}
