import type { RigCard, RigFault, RigLive, RigSetup } from '../../protocol/api/rig.ts';

/** What the rig says when it refuses: what happened, what to do. `null` texts mean that nobody answered. */
export interface Problem {
  readonly error: string;
  readonly whatToDo: string;
}
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem | null };

/** Where a card lies on the reader for one tap, in milliseconds; an ID reader is slower. */
export const TAP_HOLD_MS = 900;
export const ID_HOLD_MS = 1_500;

export const getSetup = () => get<RigSetup>('/api/setup');
export const getCards = (k: number) => get<readonly RigCard[]>(`/api/cards?kiosk=${k}`);
export const tap = (k: number, id: string, holdMs: number) =>
  post(`/api/cards/${encodeURIComponent(id)}/tap?kiosk=${k}`, { holdMs });
export const layIdCard = (k: number, id: string, holdMs: number) => post(`/api/id-reader?kiosk=${k}`, { id, holdMs });
export const remove = (k: number, id: string) => post(`/api/cards/${encodeURIComponent(id)}/remove?kiosk=${k}`, {});
export const setNetwork = (k: number, hub: 'up' | 'down') => post(`/api/network?kiosk=${k}`, { hub });
export const setFault = (k: number, fault: RigFault) =>
  post(`/api/faults?kiosk=${k}`, { name: fault.name, on: fault.on, params: fault.params });
export const tearOff = (k: number) => ask<unknown>(`/api/printer/paper?kiosk=${k}`, { method: 'DELETE' });

/** The whole roll; `version` only keeps the browser from showing an older picture. */
export function paperAddress(k: number, format: 'png' | 'txt', version: string): string {
  return `/api/printer/paper?format=${format}&kiosk=${k}&v=${encodeURIComponent(version)}`;
}

/** Calls `onLive` for each change and `onLink` when the stream is lost or back. Returns the way to stop. */
export function watchLive(k: number, onLive: (live: RigLive) => void, onLink: (up: boolean) => void): () => void {
  const source = new EventSource(`/api/live?kiosk=${k}`);
  source.addEventListener('live', (event: MessageEvent<string>) => {
    onLink(true);
    onLive(JSON.parse(event.data) as RigLive);
  });
  source.addEventListener('open', () => onLink(true));
  source.addEventListener('error', () => onLink(false));
  return () => source.close();
}

function get<T>(path: string): Promise<Answer<T>> {
  return ask<T>(path, {});
}

function post(path: string, body: unknown): Promise<Answer<unknown>> {
  return ask<unknown>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function ask<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  try {
    const response = await fetch(path, init);
    const body: unknown = await response.json().catch(() => null);
    return response.ok ? { ok: true, value: body as T } : { ok: false, problem: problemIn(body) };
  } catch {
    return { ok: false, problem: null };
  }
}

function problemIn(body: unknown): Problem | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  const whatToDo = 'whatToDo' in body ? body.whatToDo : '';
  return { error: String(body.error), whatToDo: String(whatToDo) };
}
