import { close as closeFile, constants, open as openFile, read, write as writeFile } from 'node:fs';
import { pieces, reasonOf, type Transport } from './transport.ts';

/** How long to wait where the device has nothing to say, or takes nothing now, ms. */
const AGAIN_MS = 40;
const READ_BYTES = 256;
const FLAGS = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * A printer's device file (`/dev/usb/lp0`), read and written on one descriptor. Non-blocking: where it has nothing, or
 * takes nothing, the system says EAGAIN and we come again, so a stalled printer holds no thread of ours. Where a kernel
 * blocks all the same, one read and one write are under way at most.
 */
export function deviceTransport({ path }: { readonly path: string }): Transport {
  return {
    open(events) {
      let fd: number | null = null;
      let over = false;
      let underWay = 0;
      const timers: Set<NodeJS.Timeout> = new Set();

      function again(work: () => void): void {
        if (over) return;
        const timer = setTimeout(() => {
          timers.delete(timer);
          work();
        }, AGAIN_MS);
        timers.add(timer);
      }
      /** One call of the system; the descriptor is closed only when none is under way: its number may be another file's by then. */
      function call(work: (fd: number, done: (error: NodeJS.ErrnoException | null, count: number) => void) => void) {
        return (then: (count: number) => void) => {
          if (over || fd === null) return;
          underWay += 1;
          work(fd, (error, count) => {
            underWay -= 1;
            if (over) return letGo();
            if (error === null) return then(count);
            if (error.code === 'EAGAIN' || error.code === 'EINTR') return then(0);
            ended(reasonOf(error));
          });
        };
      }
      function letGo(): void {
        if (fd === null || underWay > 0) return;
        const last = fd;
        fd = null;
        closeFile(last, () => undefined);
      }
      function close(): void {
        over = true;
        for (const timer of timers) clearTimeout(timer);
        timers.clear();
        letGo();
      }
      function ended(reason: string): void {
        if (over) return;
        close();
        events.closed(reason);
      }

      const buffer = Buffer.alloc(READ_BYTES);
      const readOnce = call((from, done) => read(from, buffer, 0, READ_BYTES, null, done));
      // Nothing to read is no end: usblp says 0 bytes where a printer has no answer waiting.
      const reading = (): void =>
        readOnce((count) => {
          if (count > 0) events.bytes(Uint8Array.from(buffer.subarray(0, count)));
          again(reading);
        });
      const write = pieces(
        (piece, taken) => give(piece, taken),
        (pendingBytes) => events.progress(pendingBytes),
      );
      function give(rest: Uint8Array, taken: () => void): void {
        call((to, done) => writeFile(to, rest, 0, rest.length, null, done))((count) => {
          if (count >= rest.length) return taken();
          again(() => give(rest.subarray(count), taken));
        });
      }

      openFile(path, FLAGS, (error, opened) => {
        if (error) return ended(reasonOf(error));
        fd = opened;
        if (over) return letGo();
        events.opened();
        reading();
      });
      return { write, close };
    },
  };
}
