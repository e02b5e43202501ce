import { html } from 'lit';
import { icon } from '../../shared/components/icons.ts';
import { leaveButton } from '../button.ts';
import type { DrawScreen } from '../screen.ts';

/** A card of another village: the county is asked, or points are fetched from home. It says that this takes a moment. */
export const drawVisit: DrawScreen = (scene) => {
  const home = scene.view.asking === 'home';
  return html`
    <div class="told" role="status">
      <div class="told-mark" aria-hidden="true">${icon('clock')}</div>
      <div>
        <h1 tabindex="-1">${scene.t(home ? 'visitHome' : 'visitHub')}</h1>
        <p>${scene.t(home ? 'visitHomeTodo' : 'visitHubTodo')}</p>
      </div>
    </div>
    <footer class="foot">${leaveButton(scene)}</footer>
  `;
};
