/** The part of nfc-pcsc 0.8.1 that the card process uses; the package brings no types of its own. */
declare module 'nfc-pcsc' {
  export interface NfcReader {
    readonly name: string;
    /** Off: nfc-pcsc must not classify or read by itself, it fails on 14443-4 cards without an AID. */
    autoProcessing: boolean;
    /** Null when no card lies there. */
    readonly card: object | null;
    /** Null when no card is connected. */
    readonly connection: object | null;
    /** What it wraps: pcsclite's own reader, with the whole of `dwEventState`. */
    readonly reader: {
      on(event: 'status', listener: (status: { readonly state: number; readonly atr?: Uint8Array }) => void): unknown;
    };
    /** nfc-pcsc calls the first by itself when a card comes, the second when a connected one has left. */
    connect: () => Promise<unknown>;
    disconnect: () => Promise<unknown>;
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
