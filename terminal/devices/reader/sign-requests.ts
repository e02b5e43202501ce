import { toHex } from '../../../protocol/primitives/bytes.ts';
import type { ToChild } from './child-messages.ts';
import type { Signature } from './port.ts';

/** Requests for a card's signature that the card process has not answered yet. */
export interface SignRequests {
  ask(presenceId: string, digest: Uint8Array, send: (message: ToChild) => void): Promise<Signature>;
  answered(request: number, signature: Signature): void;
  /** The card process is gone: what it did with them nobody knows. */
  lost(): void;
}

export function signRequests(): SignRequests {
  const waiting = new Map<number, (signature: Signature) => void>();
  let last = 0;
  return {
    ask(presenceId, digest, send) {
      last += 1;
      const request = last;
      return new Promise((resolve) => {
        waiting.set(request, resolve);
        send({ type: 'sign', request, presenceId, digest: toHex(digest) });
      });
    },
    answered(request, signature) {
      waiting.get(request)?.(signature);
      waiting.delete(request);
    },
    lost() {
      for (const resolve of waiting.values()) resolve({ outcome: 'torn' });
      waiting.clear();
    },
  };
}
