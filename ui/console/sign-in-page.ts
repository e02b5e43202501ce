import { css, html } from 'lit';
import type { Refusal } from '../../protocol/api/console.ts';
import { ConsolePage } from './page.ts';
import { ledger } from './styles.ts';

/** User, password, and a one-time code for who has one. `signed-in` with who it is. */
export class SignInPage extends ConsolePage {
  static override properties = {
    ...ConsolePage.properties,
    expired: { type: Boolean },
    refused: { state: true },
    busy: { state: true },
  };
  declare expired: boolean;
  declare private refused: Refusal | null;
  declare private busy: boolean;

  constructor() {
    super();
    this.expired = false;
    this.refused = null;
    this.busy = false;
  }

  override render() {
    const { t } = this;
    return html`<main data-page="sign-in">
      <p class="brand"><img src="./mark.svg" alt="" width="44" height="44" /> <b>${t.product}</b> <span>${t.hub}</span></p>
      <h1>${t.signInTitle}</h1>
      <p class="faded">${t.signInAbout}</p>
      ${this.expired && this.refused === null ? html`<p class="refusal" role="status" data-testid="expired">${t.expired}</p>` : ''}
      <form @submit=${this.onSubmit}>
        <label for="user">${t.user}</label>
        <input id="user" name="user" data-testid="user" autocomplete="username" required autofocus />
        <label for="password">${t.password}</label>
        <input id="password" name="password" type="password" data-testid="password" autocomplete="current-password" required />
        <label for="code">${t.code}<span class="faded small">${t.codeFor}</span></label>
        <input id="code" name="code" data-testid="code" inputmode="numeric" autocomplete="one-time-code" maxlength="10" />
        ${this.refusal(this.refused)}
        <button class="main" data-testid="sign-in" ?disabled=${this.busy}>${t.signIn}</button>
      </form>
    </main>`;
  }

  private async onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const field = (name: string) => String(fields.get(name) ?? '').trim();
    const code = field('code').replaceAll(' ', '');
    this.busy = true;
    const answer = await this.api.signIn({
      user: field('user'),
      password: String(fields.get('password') ?? ''),
      ...(code === '' ? {} : { code }),
    });
    this.busy = false;
    this.refused = answer.ok ? null : answer.refusal;
    if (answer.ok) this.dispatchEvent(new CustomEvent('signed-in', { detail: answer.value }));
    else this.renderRoot.querySelector<HTMLInputElement>('#password')?.select();
  }

  static override styles = [
    ledger,
    css`
      main {
        width: 380px;
        margin: 11vh auto 40px;
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 12px;
        margin-bottom: 26px;
        padding-bottom: 14px;
        border-bottom: 3px double var(--ink);
        font-size: 20px;
      }
      h1 {
        font-size: 20px;
      }
      .refusal {
        margin-top: 16px;
      }
      form {
        display: grid;
        gap: 4px;
        margin-top: 14px;
      }
      label {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        margin-top: 12px;
      }
      input {
        height: 38px;
        font-size: 16px;
      }
      .main {
        margin-top: 22px;
        height: 42px;
        font-size: 16px;
      }
    `,
  ];
}
customElements.define('sign-in-page', SignInPage);
