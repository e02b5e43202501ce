export { ptyMissing } from './bridge.ts';
export { openPty } from './open-pty.ts';
export { type PtySocket, ptySocket } from './pty-socket.ts';
