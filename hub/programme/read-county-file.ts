import { Compile } from '../../protocol/schema.ts';
import { countyFaults } from './county-faults.ts';
import { CountyFile } from './county-file.ts';

const check = Compile(CountyFile);

/** The file's value, or what is wrong with it: at most `most` lines, each naming its place. */
export function readCountyFile(
  value: unknown,
  most = 20,
): { readonly ok: true; readonly county: CountyFile } | { readonly ok: false; readonly faults: readonly string[] } {
  if (check.Check(value)) {
    const faults = countyFaults(value).slice(0, most);
    return faults.length === 0 ? { ok: true, county: value } : { ok: false, faults };
  }
  const errors = check.Errors(value);
  return { ok: false, faults: errors.slice(0, most).map((e) => `${e.instancePath || '/'}: ${e.message}`) };
}
