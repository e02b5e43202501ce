/** How our command-line programs end: exit codes and sentences (docs/surfaces.md, "Commands"). */

export const EXIT = { fine: 0, finding: 1, usage: 2, environment: 3 } as const;

/** Says what happened and what to do on stderr, and ends with `code`. */
export function fail(code: number, error: string, whatToDo: string): never {
  process.stderr.write(`${error}\n${whatToDo}\n`);
  process.exit(code);
}

/** Sentences for what an operating system answers when a program cannot start. */
export function startSentence(error: unknown, address: string): readonly [string, string] | null {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EADDRINUSE') {
    return [
      `Another program is listening on ${address} already.`,
      'Stop it, or choose another port in the config file.',
    ];
  }
  if (code === 'EACCES')
    return [`This user may not listen on ${address}.`, 'Choose a port above 1024, or another user.'];
  if (/^(EROFS|ENOSPC|SQLITE_(READONLY|FULL|IOERR|CANTOPEN))/.test(String(code))) {
    const says = `What must be kept cannot be written: ${(error as Error).message} (${code}).`;
    return [says, 'Look at the disk: make room on it, or replace it. Then start again.'];
  }
  return null;
}

/** A signal asks to stop; with `withParent` so does the end of standard input. Asked twice, `stop` still runs once. */
export function onStopAsked(withParent: boolean, stop: () => Promise<void>): void {
  let asked = false;
  const once = () => {
    if (asked) return;
    asked = true;
    process.stdin.pause();
    void stop();
  };
  process.once('SIGINT', once);
  process.once('SIGTERM', once);
  if (!withParent) return;
  process.stdin.resume();
  process.stdin.once('end', once);
  process.stdin.once('error', once);
}
