/** What the browser test looks at on one screen. Everything here runs in the browser, so it may use nothing outside itself. */
export interface Wanted {
  readonly mmPx: number;
  readonly wanted: readonly string[];
  readonly screen: string;
  readonly language: string;
  /** Least height of capitals in mm; 4.8 where it is left out. */
  readonly capitalMm?: number;
}

/** Findings in words; none when the screen is as the checklist in the design wants it. */
export function measure({ mmPx, wanted, screen, language, capitalMm: CAPITAL_MM = 4.8 }: Wanted): string[] {
  const CONTROL_MM = 20;
  const GAP_MM = 3;
  const APART_MM = 20;
  const DIGIT_MM = 10;
  /** Height of capitals and numerals of Noto Sans SC, in parts of the font size. */
  const CAPITAL_EM = 0.733;
  const SLACK_MM = 0.05;
  const WHOLE =
    'button, .stage, .screen, .notice, .toast p, .confirm-body, .attract-body, .told, .prints, .tiles, .steps, .past, .statement-body, .data-body, .case-tiles, .sale-tile, .sale-card, .sure-body, .filed-body';
  /** Here the line boxes of large digits are taller than their lines; only the width tells. */
  const WIDE =
    '.badge, .proof, .holding, .sums, .facts, .facts div, .past li, .case-tile, .sale-tile, .sale-card, .filed-body, .balance-body, .done-body, .head, .foot, .lines li, .prints li, p';

  const findings: string[] = [];
  const root = document.querySelector('kiosk-app')?.shadowRoot;
  const frame = root?.querySelector('[data-screen]');
  if (!(root instanceof ShadowRoot) || !(frame instanceof HTMLElement)) return ['no screen'];
  const all = [...frame.querySelectorAll<HTMLElement>('*')];
  const name = (element: Element): string =>
    element.getAttribute('data-testid') ?? `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
  const mm = (px: number): number => px / mmPx;
  const covered = (element: Element): boolean => element.closest('[inert]') !== null;

  if (frame.dataset.screen !== screen) findings.push(`data-screen is ${frame.dataset.screen}`);
  if (document.documentElement.lang !== language) findings.push(`html lang is ${document.documentElement.lang}`);
  for (const id of wanted) {
    if (frame.dataset.testid !== id && root.querySelector(`[data-testid="${id}"]`) === null) findings.push(`no ${id}`);
  }

  // No scroll, and nothing cut off.
  const page = document.documentElement;
  if (page.scrollHeight > innerHeight || page.scrollWidth > innerWidth) findings.push('the page scrolls');
  for (const element of all) {
    if (element.matches('.unseen, svg, svg *')) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1)
      findings.push(`${name(element)} is off the screen`);
    if (covered(element)) continue;
    if (element.matches(WHOLE) && element.scrollHeight - element.clientHeight > 1)
      findings.push(`${name(element)} is cut`);
    if (element.matches(`${WHOLE}, ${WIDE}`) && element.scrollWidth - element.clientWidth > 1)
      findings.push(`${name(element)} is too wide`);
  }

  // Parts of a screen do not lie on each other.
  const section = frame.querySelector('.screen');
  const parts = section === null ? [] : [...section.children].map((part) => ({ part, box: contents(part) }));
  parts.forEach((above, nth) => {
    const below = parts[nth + 1];
    if (below !== undefined && above.box.bottom > below.box.top + 1)
      findings.push(`${name(above.part)} lies on ${name(below.part)}`);
  });

  // An error or a reason is told in two lines.
  const told = [...frame.querySelectorAll<HTMLElement>('.told h1, .told h1 + p')];
  const lines = told.reduce(
    (sum, part) => sum + Math.round(part.offsetHeight / Number.parseFloat(getComputedStyle(part).lineHeight)),
    0,
  );
  if (lines > 2) findings.push(`told in ${lines} lines`);

  // Controls: 20 mm square, 3 mm apart; Confirm and Cancel 20 mm apart.
  const buttons = all
    .filter((element): element is HTMLButtonElement => element instanceof HTMLButtonElement && !covered(element))
    .map((button) => ({ id: name(button), box: button.getBoundingClientRect() }));
  for (const { id, box } of buttons) {
    if (mm(box.width) < CONTROL_MM - SLACK_MM || mm(box.height) < CONTROL_MM - SLACK_MM) {
      findings.push(`${id} is ${mm(box.width).toFixed(1)} x ${mm(box.height).toFixed(1)} mm`);
    }
  }
  // A remark passes, and what is under it can be touched; but a digit that cannot be read is not typed.
  const toast = frame.querySelector('.toast p')?.getBoundingClientRect();
  for (const { id, box } of buttons.filter((button) => button.id.startsWith('pin-'))) {
    if (toast === undefined) break;
    const beside = box.left >= toast.right || box.right <= toast.left;
    if (!beside && box.top < toast.bottom && box.bottom > toast.top) findings.push(`a remark hides ${id}`);
  }
  buttons.forEach((one, nth) => {
    for (const other of buttons.slice(nth + 1)) {
      const across = Math.max(other.box.left - one.box.right, one.box.left - other.box.right);
      const down = Math.max(other.box.top - one.box.bottom, one.box.top - other.box.bottom);
      const gap = mm(Math.max(across, down));
      const pair = [one.id, other.id].sort().join(' and ');
      if (gap < GAP_MM - SLACK_MM) findings.push(`${pair} are ${gap.toFixed(1)} mm apart`);
      if (pair === 'cancel and confirm' && gap < APART_MM) findings.push(`${pair} are ${gap.toFixed(1)} mm apart`);
    }
  });

  // Text: size, line spacing, contrast.
  for (const element of all) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
    );
    if (!own || element.matches('.unseen') || element.getBoundingClientRect().height === 0) continue;
    const style = getComputedStyle(element);
    const capitalMm = mm(Number.parseFloat(style.fontSize)) * CAPITAL_EM;
    const least = element.matches('.digits') ? DIGIT_MM : CAPITAL_MM;
    if (capitalMm < least) findings.push(`${name(element)} has capitals of ${capitalMm.toFixed(2)} mm`);
    const off = element.closest('button:disabled') !== null;
    const ratio = contrast(colour(style.color), ground(element));
    if (ratio < (off ? 4.5 : 7)) findings.push(`${name(element)} has a contrast of ${ratio.toFixed(2)}`);
  }
  return findings;

  /** The box around all that a part really draws. */
  function contents(part: Element): { top: number; bottom: number } {
    const boxes = [part, ...part.querySelectorAll(':scope *:not(svg *):not(svg):not(.unseen)')]
      .map((element) => element.getBoundingClientRect())
      .filter((box) => box.height > 0 && box.width > 0);
    return { top: part.getBoundingClientRect().top, bottom: Math.max(...boxes.map((box) => box.bottom)) };
  }

  function colour(text: string): number[] {
    return (text.match(/[\d.]+/g) ?? []).map(Number);
  }

  function ground(element: Element): number[] {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || (found[3] ?? 0) === 1) return found;
    }
    return [251, 246, 236];
  }

  function contrast(one: number[], other: number[]): number {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
  }

  function luminance(rgb: number[]): number {
    const [r = 0, g = 0, b = 0] = rgb.map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
}
