import type { Aes128 } from '../crypto.ts';
import { aesCmac, shortCmac, zeroPadded } from './aes-cmac.ts';

/**
 * DESFire's TransactionMAC (NXP AN12343; MF2DL(H)x0 data sheet, 10.3): the card's own signature of one transaction, with a key
 * that only the card and the county have.
 */

const LABEL = Uint8Array.of(0x5a, 0x00, 0x01, 0x00, 0x80);

/** `tmc`: the counter as CommitTransaction tells it, with this transaction; 4 bytes, the lowest first. */
export function transactionKey(tmacKey: Uint8Array, tmc: Uint8Array, uid: Uint8Array, aes: Aes128): Uint8Array {
  return aesCmac(tmacKey, zeroPadded(LABEL, tmc, uid), aes);
}

/** The signature, 8 bytes. `input` (TMI): the transaction's commands, each padded as the card does. */
export function transactionMac(
  tmacKey: Uint8Array,
  { tmc, uid, input }: { readonly tmc: Uint8Array; readonly uid: Uint8Array; readonly input: Uint8Array },
  aes: Aes128,
): Uint8Array {
  return shortCmac(transactionKey(tmacKey, tmc, uid, aes), input, aes);
}
