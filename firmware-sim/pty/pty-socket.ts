import { rmSync, symlinkSync } from 'node:fs';
import { openPty, type Pty } from './open-pty.ts';

/** Where a simulated device's plug goes: one name that stays, though each new cable is another pseudo-terminal. */
export interface PtySocket {
  /** What a kiosk's config names. */
  readonly path: string;
  /** The cable, while one is plugged in. */
  pty(): Pty | null;
  send(bytes: Uint8Array): void;
  plug(): Promise<void>;
  unplug(): Promise<void>;
}

/** `heard` gets what the kiosk writes. `path`: a link that is made and taken away with the plug. */
export function ptySocket(path: string, heard: (bytes: Uint8Array) => void): PtySocket {
  let pty: Pty | null = null;
  return {
    path,
    pty: () => pty,
    send: (bytes) => void pty?.stream.to.write(bytes),
    async plug() {
      if (pty !== null) return;
      pty = await openPty();
      pty.stream.from.on('data', heard).resume();
      rmSync(path, { force: true });
      symlinkSync(pty.path, path);
    },
    async unplug() {
      const pulled = pty;
      pty = null;
      await pulled?.close();
      rmSync(path, { force: true });
    },
  };
}
