import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

const require = createRequire(import.meta.url);
const SUBSETS = ['latin', 'latin-ext', 'cyrillic', 'chinese-simplified'];
const REGULAR = 500;
const BOLD = 800;
/** Where Debian's fonts-noto-cjk is installed it fills in for rare characters; without it they come out as empty boxes. */
const RARE_CHARACTER_FAMILIES = ['Noto Sans CJK SC', 'Noto Sans CJK JP'];

let families: { regular: string; bold: string } | undefined;

/**
 * CSS font families for the two weights, from the files of @fontsource/noto-sans-sc (woff, split by script): no font of the system
 * is needed. Registered once per process, when the first picture is drawn, in some 0.1 s.
 */
export function fontFamilies(): { regular: string; bold: string } {
  families ??= { regular: registered(REGULAR), bold: registered(BOLD) };
  return families;
}

function registered(weight: number): string {
  const names = SUBSETS.flatMap((subset) => {
    const path = require.resolve(`@fontsource/noto-sans-sc/files/noto-sans-sc-${subset}-${weight}-normal.woff`);
    const name = `printer-${subset}-${weight}`;
    return existsSync(path) && GlobalFonts.registerFromPath(path, name) ? [name] : [];
  });
  if (names.length === 0)
    throw new Error('The printer found no font. Run npm ci: @fontsource/noto-sans-sc is missing.');
  return [...names, ...RARE_CHARACTER_FAMILIES].map((name) => `"${name}"`).join(', ');
}
