import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Compile, type Static, type TSchema } from '../schema.ts';

/** Reads a program's JSON config file; what is wrong comes back as sentences that name the place. */
export type ConfigResult<T> =
  | { readonly ok: true; readonly config: T; readonly dir: string }
  | { readonly ok: false; readonly error: string; readonly whatToDo: string };

export function readConfig<S extends TSchema>(path: string, schema: S): ConfigResult<Static<S>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : String(error);
    return { ok: false, error: `The config file ${path} ${why}.`, whatToDo: 'Give its path with --config FILE.' };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      error: `The config file ${path} is not JSON: ${(error as Error).message}.`,
      whatToDo: 'Mend it.',
    };
  }
  const check = Compile(schema);
  if (check.Check(value)) return { ok: true, config: value as Static<S>, dir: dirname(resolve(path)) };
  const faults = check
    .Errors(value)
    .slice(0, 10)
    .map((fault) => `  ${fault.instancePath || '/'} ${fault.message}`);
  return {
    ok: false,
    error: `The config file ${path} is not right:\n${faults.join('\n')}`,
    whatToDo: 'Mend these fields; docs/config.md lists them all.',
  };
}
