import { existsSync, readFileSync } from 'node:fs';

/** From package.json: at the root of the sources, and one folder higher for the built program. */
export function programVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    const file = new URL(up, import.meta.url);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  }
  return '0.0.0';
}
