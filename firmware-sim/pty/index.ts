export { type PtySocket, ptyMissing, ptySocket } from './pty-socket.ts';
