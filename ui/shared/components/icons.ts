import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

/** Line icons on a 24-unit grid, drawn in the colour of the text beside them; they never stand without words. */
const PATHS = {
  card: svg`<rect x="2.5" y="5.5" width="19" height="13" rx="2.5" /><path d="M2.5 10h19M6 15h5" />`,
  person: svg`<circle cx="12" cy="7.5" r="4" /><path d="M4 21c.6-5 3.600-7.500 8-7.500s7.400 2.500 8 7.500" />`,
  left: svg`<path d="M14.500 5 7.500 12l7 7" />`,
  right: svg`<path d="m9.500 5 7 7-7 7" />`,
  plus: svg`<path d="M12 4.500v15M4.500 12h15" />`,
  minus: svg`<path d="M4.500 12h15" />`,
  check: svg`<path d="m4 12.500 5.500 5.500L20.500 6.500" />`,
  erase: svg`<path d="M8.500 5.500H20a1.500 1.500 0 0 1 1.500 1.500v10a1.500 1.500 0 0 1-1.500 1.500H8.500L2.500 12zM12 9.500l5 5m0-5-5 5" />`,
  paper: svg`<path d="M5.500 2.500h13v19l-2.200-1.600-2.100 1.600-2.200-1.600-2.200 1.600-2.100-1.600-2.200 1.600zM9 7.500h6M9 12h6" />`,
  offline: svg`<path d="M3 3.500 20.500 21M8.500 15.700a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4.200-2.400M13.600 9.300A10 10 0 0 1 19 12M12 20h.01" />`,
  notice: svg`<path d="M12 3 22 20.500H2zM12 9.500v5M12 17.500h.01" />`,
  ask: svg`<path d="M4.500 3.500h15a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H12l-5 4v-4H4.500a2 2 0 0 1-2-2v-10a2 2 0 0 1 2-2zM9.800 8.200a2.200 2.200 0 1 1 3.300 1.900c-.8.4-1.100.9-1.100 1.500M12 14.200h.01" />`,
  basket: svg`<path d="M3 9.500h18l-2 11H5zM8 9.500l3-6M16 9.500l-3-6M9.500 13.500v3.500M14.500 13.500v3.500" />`,
  goods: svg`<path d="M4 4h6.500v6.500H4zM13.500 4H20v6.500h-6.500zM4 13.500h6.500V20H4zM13.500 13.500H20V20h-6.500z" />`,
  leave: svg`<path d="M10 3.500H4.500v17H10M9.500 12H21m-4.500-4.500L21 12l-4.500 4.500" />`,
  sound: svg`<path d="M3.500 9h4l5.500-4.500v15L7.500 15h-4zM16.500 8.500a5 5 0 0 1 0 7M19 5.500a9 9 0 0 1 0 13" />`,
  stop: svg`<path d="M6 6h12v12H6z" fill="currentColor" />`,
  find: svg`<circle cx="10.500" cy="10.500" r="7" /><path d="m16 16 5.500 5.500" />`,
  undo: svg`<path d="M8.500 4 3.500 9l5 5M4 9h10.500a6 6 0 0 1 0 12H9" />`,
  clock: svg`<circle cx="12" cy="12" r="9" /><path d="M12 6.500V12l4 2.500" />`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">${PATHS[name]}</svg>`;
}
