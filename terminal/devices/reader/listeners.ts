import { afterStatus } from './health.ts';
import type { ReaderEvent, ReaderHealth, ReaderStatus } from './port.ts';

/** Status and listeners of one reader: a status that did not change is not told again. */
export interface Tellings {
  status(): ReaderHealth;
  become(status: ReaderStatus): void;
  tell(event: ReaderEvent): void;
  onEvent(listener: (event: ReaderEvent) => void): () => void;
}

export function tellings(first: ReaderStatus): Tellings {
  let health: ReaderHealth = { ...first, restarts: 0, lastFault: null };
  const listeners = new Set<(event: ReaderEvent) => void>();
  const tell = (event: ReaderEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  return {
    status: () => health,
    tell,
    become(next) {
      if (next.state === health.state && next.reason === health.reason) return;
      health = afterStatus(health, next);
      tell({ type: 'status', status: next });
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
