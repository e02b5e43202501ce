/** The part of nfc-pcsc 0.8.1 that the card process uses; the package brings no types of its own. */
declare module 'nfc-pcsc' {
  export interface NfcReader {
    readonly name: string;
    /** Off: nfc-pcsc must not classify or read by itself, it fails on 14443-4 cards without an AID. */
    autoProcessing: boolean;
    /** Null when no card lies there. */
    readonly card: object | null;
    emit(event: unknown, ...rest: unknown[]): boolean;
    on(event: 'card', listener: (card: { readonly atr?: Uint8Array }) => void): this;
    on(event: 'card.off' | 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    /** Throws at once when no card is connected. */
    transmit(apdu: Buffer, mostBytes: number): Promise<Uint8Array>;
  }
  export class NFC {
    on(event: 'reader', listener: (reader: NfcReader) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
