export { ptyMissing, startBridge } from './bridge.ts';
export { type PtySocket, ptySocket } from './pty-socket.ts';
