import type { SyncRefusal } from '../ingest/sync.ts';

/** What happened and what to do, for every sync that is refused: by net, and to who brings a courier's bundle. */
export const SYNC_SENTENCES: Readonly<Record<SyncRefusal, readonly [status: number, error: string, whatToDo: string]>> =
  {
    'unknown-terminal': [
      403,
      'This hub has not enrolled this terminal epoch.',
      'Enrol the kiosk, or check its hub address.',
    ],
    'bad-signature': [401, 'The envelope’s signature does not hold.', 'Check that the kiosk’s key file is its own.'],
    'courier-by-net': [403, 'This is a courier’s bundle.', 'An operator brings it to the console, signed in.'],
    'not-a-bundle': [
      409,
      'This is a request made for the network, not a courier’s bundle.',
      'Let the kiosk write one with `terminal courier out`.',
    ],
    'body-too-large': [413, 'The body is too large once unpacked, or not gzip.', 'Send fewer records at once.'],
    'bad-request': [
      400,
      'The request is not of the protocol’s form.',
      'Update the kiosk or the hub; nothing was lost.',
    ],
  };
