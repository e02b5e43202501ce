import type { ReaderEvent, ReaderStatus } from './port.ts';

/** Status and listeners of one reader: a status that did not change is not told again. */
export interface Tellings {
  status(): ReaderStatus;
  become(status: ReaderStatus): void;
  tell(event: ReaderEvent): void;
  onEvent(listener: (event: ReaderEvent) => void): () => void;
}

export function tellings(first: ReaderStatus): Tellings {
  let status = first;
  const listeners = new Set<(event: ReaderEvent) => void>();
  const tell = (event: ReaderEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  return {
    status: () => status,
    tell,
    become(next) {
      if (next.state === status.state && next.reason === status.reason) return;
      status = next;
      tell({ type: 'status', status });
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
