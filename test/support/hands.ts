import type { Act, KioskView } from '../../protocol/api/kiosk.ts';

/** A machine with ten programs at work answers late, and is right all the same. */
const ANSWER_MS = 5_000;
/** What a reader in trouble may need to come back to the card. */
const BALANCE_MS = 5_000;

/** Works a kiosk through its agent's own calls, as its page does, without a browser: for loops of hundreds. */
export function hands(address: string) {
  const url = new URL(address);
  const token = url.searchParams.get('token') ?? '';
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

  async function view(): Promise<KioskView> {
    const response = await fetch(`${url.origin}/api/view`, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) throw new Error(`the agent answers ${response.status}`);
    return (await response.json()) as KioskView;
  }
  async function act(session: string | null, touch: Act): Promise<void> {
    const body = JSON.stringify({ session, act: touch });
    await fetch(`${url.origin}/api/act`, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
  }
  async function screen(name: KioskView['screen'], withinMs: number): Promise<KioskView> {
    const endMs = performance.now() + withinMs;
    for (;;) {
      const now = await view();
      if (now.screen === name) return now;
      if (performance.now() > endMs) throw new Error(`waited for ${name}, it shows ${now.screen}`);
      await new Promise((done) => setTimeout(done, 15));
    }
  }
  /** From a balance that shows to the confirm touch; throws when the agent goes away meanwhile. */
  async function redeem(
    sku: string,
    onConfirm: () => void = () => undefined,
    balanceMs = BALANCE_MS,
  ): Promise<KioskView> {
    const { session } = await screen('balance', balanceMs);
    for (const touch of [{ type: 'choose' }, { type: 'item', sku }, { type: 'basket' }, { type: 'confirm' }] as const) {
      if (touch.type === 'confirm') onConfirm();
      await act(session, touch);
    }
    return screen('done', ANSWER_MS);
  }
  /** Resolves when it is ready and nobody's session is left over; a session that is, ends as its person walks away. */
  async function untilSelling(withinMs: number): Promise<void> {
    const endMs = performance.now() + withinMs;
    for (;;) {
      const ready = await fetch(`${url.origin}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
        (response) => response.status === 200,
        () => false,
      );
      const now = ready ? await view().catch(() => null) : null; // it may go away between two questions
      if (now !== null && isFree(now)) return;
      if (now?.session) await act(now.session, { type: 'cancel' }).catch(() => undefined);
      if (performance.now() > endMs) throw new Error(`the kiosk did not come back; it shows ${now?.screen}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  return { url: url.origin, view, act, screen, redeem, untilSelling };
}
export type Hands = ReturnType<typeof hands>;

/** The next card is served at once: also behind an error that belongs to nobody. */
function isFree({ screen, session }: KioskView): boolean {
  return screen === 'attract' || screen === 'done' || (screen === 'error' && session === null);
}
