import type { ReaderHealth, ReaderStatus } from './port.ts';

/** The reader's health: counted from its statuses, and put in words for who looks after the kiosk. */

/** Whoever was lost and opens again has said why it was lost, and says it still while it opens. */
export function afterStatus(health: ReaderHealth, status: ReaderStatus): ReaderHealth {
  const { state, reason } = status;
  const lost = state === 'absent' || state === 'fault';
  return {
    ...{ state, reason },
    restarts: health.restarts + (state === 'opening' && reason !== null ? 1 : 0),
    lastFault: lost && reason !== null ? reason : health.lastFault,
  };
}

/** What is so, and what to do, by the driver's reason. */
const SENTENCES: Readonly<Record<string, string>> = {
  'not-configured': 'This kiosk has no card reader in its config file.',
  'no-pcscd': 'pcscd does not answer. It is looked for all the time; start it if it stays away.',
  'no-nfc-pcsc': 'nfc-pcsc was not built here. Install libpcsclite-dev and run npm ci again.',
  'no-reader': 'pcscd runs but knows no card reader. Plug it in; unload pn533 where an ACR122U does not show.',
  'reader-held': 'Another program has the card reader to itself. Stop it, or keep it off this reader.',
  'reader-error': 'The card reader failed. It is opened again; look at its cable if this comes often.',
  'stuck-apdu': 'A card does not answer and holds the reader. Take it off.',
  'bad-card-keys':
    'The file of card keys cannot be used. `terminal doctor` says why; mend it and start the kiosk again.',
  'swapped-unseen': 'A card was changed for another unseen. The reader is opened again.',
  'silent-child': 'The card process froze and was killed. Another takes its place.',
  'child-ended': 'The card process ended. Another takes its place.',
  'port-in-use': 'Another program listens on the virtual reader’s port. Choose another in the config file.',
  'cannot-listen': 'The virtual reader cannot listen on its port. Choose another in the config file.',
};

/** Why no card can be read now, for `/readyz`; null while one can. A short `opening` or `busy` is no trouble. */
export function readerTrouble({ state, reason }: ReaderStatus): { code: string; says: string } | null {
  if ((state !== 'absent' && state !== 'fault') || reason === null) return null;
  return { code: reason, says: SENTENCES[reason] ?? `The card reader cannot be used: ${reason}.` };
}
