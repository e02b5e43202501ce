/** What came of a POST: taken, refused by the server with its reason, or not delivered at all. */
export type Posted =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string }
  | { readonly kind: 'unreachable' };

/** Longer than the agent ever takes to say yes or no; after it the touch counts as not delivered. */
export const POST_LIMIT_MS = 5000;

/** Posts JSON to the same origin. Never throws: a kiosk has nobody to read a stack trace. */
export async function postJson(address: string, body: unknown): Promise<Posted> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(POST_LIMIT_MS),
    });
    if (answer.ok) return { kind: 'taken' };
    const reason = (await answer.json().catch(() => ({}))) as { code?: unknown };
    return { kind: 'refused', status: answer.status, code: typeof reason.code === 'string' ? reason.code : '' };
  } catch {
    return { kind: 'unreachable' };
  }
}
