/** A request the printer answers on reception, before anything that still waits to be printed. */
export type RealtimeRequest =
  | { readonly kind: 'status'; readonly n: number }
  | { readonly kind: 'noted'; readonly name: 'DLE ENQ' | 'DLE DC4'; readonly n: number };

/** How far into `DLE x n` the stream is; carried between chunks. */
export type RealtimeState = 'text' | 'dle' | 'eot' | 'enq' | 'dc4';

const DLE = 0x10;

/**
 * Watches the raw stream for DLE EOT n, DLE ENQ n and DLE DC4 fn (Epson ESC/POS, real-time commands). It takes nothing out of the
 * stream: a real printer too answers when picture data happens to hold these bytes, and still prints the picture.
 */
export function watchRealtime(
  state: RealtimeState,
  bytes: Uint8Array,
): { state: RealtimeState; effects: RealtimeRequest[] } {
  const effects: RealtimeRequest[] = [];
  let now = state;
  for (const byte of bytes) {
    if (now === 'eot') effects.push({ kind: 'status', n: byte });
    if (now === 'enq') effects.push({ kind: 'noted', name: 'DLE ENQ', n: byte });
    if (now === 'dc4') effects.push({ kind: 'noted', name: 'DLE DC4', n: byte });
    now = after(now, byte);
  }
  return { state: now, effects };
}

function after(state: RealtimeState, byte: number): RealtimeState {
  if (state === 'dle' && byte === 0x04) return 'eot';
  if (state === 'dle' && byte === 0x05) return 'enq';
  if (state === 'dle' && byte === 0x14) return 'dc4';
  return byte === DLE ? 'dle' : 'text';
}
