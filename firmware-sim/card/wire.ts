/** vpcd's wire as the card sees it (vsmartcard, virtualsmartcard/src/vpcd/vpcd.c): 2-byte big-endian length, then the body. */

/** One-byte bodies from the reader; everything longer is an APDU. Only `getAtr` is answered. */
export const control = { powerOff: 0x00, powerOn: 0x01, reset: 0x02, getAtr: 0x04 } as const;

const MOST_BODY_BYTES = 0xffff;

export function frame(body: Uint8Array): Uint8Array {
  if (body.length > MOST_BODY_BYTES) throw new Error(`A frame holds at most ${MOST_BODY_BYTES} bytes.`);
  return Uint8Array.of(body.length >> 8, body.length & 0xff, ...body);
}

/** Cuts a stream into bodies. Its buffer is bounded by the 2-byte length: less than one frame ever waits. */
export function frameCutter(): (chunk: Uint8Array) => Uint8Array[] {
  let held: Uint8Array = new Uint8Array(0);
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    const bodies: Uint8Array[] = [];
    for (;;) {
      const [high, low] = held;
      if (high === undefined || low === undefined) return bodies;
      const end = 2 + high * 256 + low;
      if (held.length < end) return bodies;
      bodies.push(held.subarray(2, end));
      held = held.subarray(end);
    }
  };
}
