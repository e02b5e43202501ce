/** What the sensors say. */
export interface Condition {
  readonly paper: 'ok' | 'near-end' | 'out';
  readonly cover: 'closed' | 'open';
  readonly cutter: 'ok' | 'error';
}

export function isOffline(condition: Condition): boolean {
  return condition.paper === 'out' || condition.cover === 'open' || condition.cutter === 'error';
}

const bit = (on: boolean, mask: number): number => (on ? mask : 0);
/** Drawer kick-out connector pin 3 is high when no drawer is plugged in. */
const DRAWER_HIGH = 0x04;

/** DLE EOT n (Epson): one byte with (b & 0x93) == 0x12. Undefined for an n this printer has no answer to. */
export function realtimeStatusByte(n: number, condition: Condition): number | undefined {
  const { paper, cover, cutter } = condition;
  switch (n) {
    case 1:
      return 0x12 | DRAWER_HIGH | bit(isOffline(condition), 0x08);
    case 2:
      return 0x12 | bit(cover === 'open', 0x04) | bit(paper === 'out', 0x20) | bit(cutter === 'error', 0x40);
    case 3:
      return 0x12 | bit(cutter === 'error', 0x08);
    case 4:
      return 0x12 | bit(paper !== 'ok', 0x0c) | bit(paper === 'out', 0x60);
    default:
      return undefined;
  }
}

/** Automatic status back (GS a): four bytes; the first has (b & 0x93) == 0x10. */
export function automaticStatus(condition: Condition): Uint8Array {
  const { paper, cover, cutter } = condition;
  return Uint8Array.of(
    0x10 | DRAWER_HIGH | bit(isOffline(condition), 0x08) | bit(cover === 'open', 0x20),
    bit(cutter === 'error', 0x08),
    bit(paper !== 'ok', 0x03) | bit(paper === 'out', 0x0c),
    0x0f,
  );
}

/** The part of the automatic status that GS a n asked to be told about: 1 drawer, 2 on/offline, 4 error, 8 paper. */
export function watchedStatus(mask: number, condition: Condition): string {
  const [printer = 0, error, paper] = automaticStatus(condition);
  return [mask & 2 ? printer & 0x28 : '', mask & 4 ? error : '', mask & 8 ? paper : ''].join();
}

/** GS r n: paper sensor (1) or drawer (2); bits 4 and 7 are 0. Undefined for another n, which gets no answer. */
export function queuedStatusByte(n: number, condition: Condition): number | undefined {
  if (n === 1 || n === 49) return bit(condition.paper !== 'ok', 0x03) | bit(condition.paper === 'out', 0x0c);
  return n === 2 || n === 50 ? 0x01 : undefined;
}

const IDENTITY: Record<number, string> = {
  65: '1.00 SIM',
  66: 'TALLYSTICK',
  67: 'SIM-80',
  68: 'SIM0000001',
  69: 'GB18030',
};

/** GS I n: 1–3 one byte (model, features, version), 65–69 `5F text 00`. Undefined for another n. */
export function identity(n: number): Uint8Array | undefined {
  // Feature bits: 0 two-byte characters, 1 autocutter.
  const single = { 1: 0x20, 49: 0x20, 2: 0x03, 50: 0x03, 3: 0x01, 51: 0x01 }[n];
  if (single !== undefined) return Uint8Array.of(single);
  const text = IDENTITY[n];
  return text === undefined ? undefined : Uint8Array.of(0x5f, ...Buffer.from(text, 'ascii'), 0);
}

/** GS ( H fn 48: `37 22 d1 d2 d3 d4 00`. */
export function acknowledgement(id: Uint8Array): Uint8Array {
  return Uint8Array.of(0x37, 0x22, ...id, 0);
}
