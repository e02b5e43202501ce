/** A note: frequency in hertz, start and length in seconds. */
interface Note {
  readonly hz: number;
  readonly atS: number;
  readonly lengthS: number;
  readonly shape: OscillatorType;
}

/** Two rising bells say yes; two low, dull notes say no. They differ in pitch, direction and timbre, for ears past 70. */
const TUNES: Record<'success' | 'failure', readonly Note[]> = {
  success: [
    { hz: 784, atS: 0, lengthS: 0.12, shape: 'sine' },
    { hz: 1047, atS: 0.11, lengthS: 0.22, shape: 'sine' },
  ],
  failure: [
    { hz: 311, atS: 0, lengthS: 0.16, shape: 'triangle' },
    { hz: 233, atS: 0.2, lengthS: 0.28, shape: 'triangle' },
  ],
};
const LOUDNESS = 0.25;

let context: AudioContext | undefined;

/** Plays a tune; a kiosk without a sound card stays silent and goes on. */
export function beep(kind: 'success' | 'failure'): void {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    for (const note of TUNES[kind]) play(context, note);
  } catch {
    // No sound is not a reason to stop.
  }
}

function play(audio: AudioContext, note: Note): void {
  const from = audio.currentTime + note.atS;
  const voice = audio.createOscillator();
  const volume = audio.createGain();
  voice.type = note.shape;
  voice.frequency.value = note.hz;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.001, from + note.lengthS);
  voice.connect(volume).connect(audio.destination);
  voice.start(from);
  voice.stop(from + note.lengthS);
}
