/**
 * The floor of `tap`: PC/SC alone. Asks a card's UID the shortest way nfc-pcsc has, and says when it knew it. Runs in the
 * mount namespace of a private pcscd; knows nothing of our drivers.
 */
const { NFC } = await import('nfc-pcsc');

interface RawReader {
  autoProcessing: boolean;
  on(event: 'card', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  transmit(apdu: Buffer, most: number): Promise<Buffer>;
}

const nfc = new NFC() as unknown as {
  on(event: 'reader', listener: (reader: RawReader) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
};
nfc.on('error', (error) => process.stderr.write(`${error.message}\n`));
nfc.on('reader', (reader) => {
  reader.autoProcessing = false;
  reader.on('error', (error) => process.stderr.write(`${error.message}\n`));
  reader.on('card', () => {
    void reader.transmit(Buffer.from([0xff, 0xca, 0, 0, 0]), 40).then(() => process.send?.({ at: Date.now() }));
  });
});
process.send?.({ ready: true });
process.on('disconnect', () => process.exit(0));
