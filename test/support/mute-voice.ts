import type { Voice } from '../../terminal/speech/voice/voice.ts';

/** A kiosk without a voice, for tests that listen to nothing. */
export const MUTE: Voice = { say: async () => ({ ok: false, fault: 'absent' }), fault: () => null };
