import '../shared/fonts.css';
import '../shared/tokens.css';
import './page.css';
import type { Language } from '../../protocol/api/kiosk.ts';
import { FIXTURES, staged } from './fixtures.ts';
import { KioskApp } from './kiosk-app.ts';

/**
 * Every screen in every state, with made-up data: `npx vite --config ui/vite.config.ts --mode kiosk`, then
 * /gallery.html. The arrow keys turn the pages, L changes the language, the window is the panel. Never built.
 */
const app = new KioskApp();
app.alone = true;
document.body.append(app);

let at = Math.max(
  0,
  FIXTURES.findIndex((each) => each.name === location.hash.slice(1)),
);
let language: Language = 'zh-CN';

function draw(): void {
  const fixture = FIXTURES[at];
  if (fixture === undefined) return;
  location.hash = fixture.name;
  app.view = staged(fixture.view, language, innerHeight / 136);
}

addEventListener('keydown', (event) => {
  if (event.key === 'ArrowRight') at = (at + 1) % FIXTURES.length;
  if (event.key === 'ArrowLeft') at = (at - 1 + FIXTURES.length) % FIXTURES.length;
  if (event.key === 'l') language = language === 'en' ? 'zh-CN' : 'en';
  draw();
});
addEventListener('resize', draw);
draw();
