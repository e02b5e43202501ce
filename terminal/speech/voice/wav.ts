/**
 * WAV (RIFF, PCM) as far as speech needs it: pieces of one shape joined into one. Every clip has the voice's shape, so that
 * nothing is resampled here.
 */
export const RATE_HZ = 22_050;
const CHANNELS = 1;
const BITS = 16;
const HEADER_BYTES = 44;
const CHUNK_BYTES = 8;
const PCM = 1;

/** The samples; null where it is no WAV of 22,050 Hz, 16 bit, mono. */
export function samplesOf(wav: Buffer): Buffer | null {
  if (
    wav.length < HEADER_BYTES ||
    wav.toString('latin1', 0, 4) !== 'RIFF' ||
    wav.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    return null;
  }
  let fits = false;
  for (let at = 12; at + CHUNK_BYTES <= wav.length; ) {
    const [id, bytes] = [wav.toString('latin1', at, at + 4), wav.readUInt32LE(at + 4)];
    const from = at + CHUNK_BYTES;
    if (id === 'fmt ' && from + 16 <= wav.length) {
      fits =
        wav.readUInt16LE(from) === PCM &&
        wav.readUInt16LE(from + 2) === CHANNELS &&
        wav.readUInt32LE(from + 4) === RATE_HZ &&
        wav.readUInt16LE(from + 14) === BITS;
    }
    // A program that writes to a pipe cannot know the length beforehand, and says the largest.
    if (id === 'data') return fits ? wav.subarray(from, Math.min(wav.length, from + bytes)) : null;
    at = from + bytes + (bytes % 2);
  }
  return null;
}

export function wavOf(pieces: readonly Buffer[]): Buffer {
  const data = Buffer.concat(pieces);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - CHUNK_BYTES + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(PCM, 20);
  header.writeUInt16LE(CHANNELS, 22);
  header.writeUInt32LE(RATE_HZ, 24);
  header.writeUInt32LE((RATE_HZ * CHANNELS * BITS) / 8, 28);
  header.writeUInt16LE((CHANNELS * BITS) / 8, 32);
  header.writeUInt16LE(BITS, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
