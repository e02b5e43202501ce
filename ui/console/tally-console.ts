import { html, LitElement } from 'lit';
import type { Me } from '../../protocol/api/console.ts';
import { consoleApi } from './api.ts';
import './balances-page.ts';
import './home-page.ts';
import './key-help.ts';
import { ConsolePage } from './page.ts';
import './record-page.ts';
import './records-page.ts';
import { balancesHref, type Route, recordHref, recordsHref, routeOf } from './route.ts';
import './sign-in-page.ts';
import { ledger } from './styles.ts';
import { consoleStyles } from './tally-console-styles.ts';
import './terminals-page.ts';
import { firstLanguage, type Language, rememberLanguage, type Texts, texts, word } from './texts.ts';

/** Typing settles for this long before the list is asked. */
const SEARCH_PAUSE_MS = 250;
/** A whole record number typed into the search opens that record on Enter. */
const RECORD_NUMBER = /^[a-z0-9][a-z0-9-]*\.[0-9]+\.[0-9]+$/;

/** The console: who is signed in, where they are, the bar on top, the keys. */
export class TallyConsole extends LitElement {
  static override properties = {
    language: { state: true },
    me: { state: true },
    expired: { state: true },
    route: { state: true },
    helping: { state: true },
  };
  declare private language: Language;
  /** `undefined` until the hub has said. */
  declare private me: Me | null | undefined;
  declare private expired: boolean;
  declare private route: Route;
  declare private helping: boolean;
  private searching: ReturnType<typeof setTimeout> | undefined;
  private readonly api = consoleApi(
    () => texts[this.language].lang,
    () => this.onSignedOut(),
  );

  constructor() {
    super();
    this.language = firstLanguage();
    this.me = undefined;
    this.expired = false;
    this.route = routeOf(location.hash);
    this.helping = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.onHash);
    addEventListener('keydown', this.onKey);
    void this.readMe();
  }

  override disconnectedCallback(): void {
    removeEventListener('hashchange', this.onHash);
    removeEventListener('keydown', this.onKey);
    super.disconnectedCallback();
  }

  override render() {
    const t = texts[this.language];
    document.documentElement.lang = t.lang;
    document.title = `${t.product} · ${t.hub}`;
    if (this.me === undefined) return html`<p class="opening" role="status">${t.opening}</p>`;
    if (this.me === null)
      return html`<div class="corner">${this.languageButton(t)}</div>
        <sign-in-page .t=${t} .api=${this.api} ?expired=${this.expired} @signed-in=${this.onSignedIn}></sign-in-page>`;
    return html`${this.bar(t, this.me)}
      <div class="page">${this.page(t)}</div>
      ${
        this.helping
          ? html`<key-help
              .t=${t}
              @closed=${() => {
                this.helping = false;
              }}
            ></key-help>`
          : ''
      }`;
  }

  private bar(t: Texts, me: Me) {
    const here = this.route.page === 'record' ? 'records' : this.route.page;
    const link = (page: 'home' | 'terminals' | 'records' | 'balances') =>
      html`<a href="#/${page}" data-testid="nav-${page}" aria-current=${here === page ? 'page' : 'false'}>${t[page]}</a>`;
    const searchSays = this.route.page === 'balances' ? t.searchBalances : t.searchRecords;
    return html`<header>
      <span class="brand"><img src="./mark.svg" alt="" width="26" height="26" /><b>${t.product}</b></span>
      <nav aria-label=${t.pages}>${link('home')}${link('terminals')}${link('records')}${link('balances')}</nav>
      <input
        type="search"
        data-testid="search"
        aria-label=${searchSays}
        placeholder=${`/ ${searchSays}`}
        .value=${this.asked()}
        @input=${this.onSearch}
        @keydown=${this.onSearchKey}
      />
      <button class="quiet" @click=${this.help} data-testid="help">${t.helpOpen}</button>
      ${this.languageButton(t)}
      <span class="me">
        <b>${me.name}</b>
        <span class="faded">${word(t.roles, me.role)} ${this.language === 'zh' ? me.county.name : me.county.nameEn}</span>
      </span>
      <button class="quiet" data-testid="sign-out" @click=${this.signOut}>${t.signOut}</button>
    </header>`;
  }

  private languageButton(t: Texts) {
    return html`<button class="quiet" data-testid="language" lang=${t.otherLanguageCode} @click=${this.otherLanguage}>
      ${t.otherLanguage}
    </button>`;
  }

  private page(t: Texts) {
    const { route, api } = this;
    switch (route.page) {
      case 'home':
        return html`<home-page .t=${t} .api=${api}></home-page>`;
      case 'terminals':
        return html`<terminals-page .t=${t} .api=${api} .state=${route.state}></terminals-page>`;
      case 'records':
        return html`<records-page .t=${t} .api=${api} .filters=${route.filters}></records-page>`;
      case 'record':
        return html`<record-page .t=${t} .api=${api} .number=${route.number}></record-page>`;
      case 'balances':
        return html`<balances-page .t=${t} .api=${api} .q=${route.q} .cursor=${route.cursor}></balances-page>`;
      case 'unknown':
        return html`<main data-page="unknown"><h1 tabindex="-1">${t.unknownPage}</h1><p>${t.unknownPageHint}</p></main>`;
    }
  }

  /** What the search box shows: the address is the only place where the question lives. */
  private asked(): string {
    if (this.route.page === 'records') return this.route.filters.q;
    return this.route.page === 'balances' ? this.route.q : '';
  }

  private onSearch(event: Event): void {
    const q = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.searching);
    const { route } = this;
    if (route.page === 'balances')
      this.searching = setTimeout(() => this.replace(balancesHref(q, '')), SEARCH_PAUSE_MS);
    if (route.page === 'records')
      this.searching = setTimeout(
        () => this.replace(recordsHref({ ...route.filters, q, cursor: '' })),
        SEARCH_PAUSE_MS,
      );
  }

  private onSearchKey(event: KeyboardEvent): void {
    const box = event.target as HTMLInputElement;
    if (event.key === 'Escape') box.blur();
    if (event.key !== 'Enter' || event.isComposing) return;
    const q = box.value.trim();
    clearTimeout(this.searching);
    if (this.route.page === 'balances') this.replace(balancesHref(q, ''));
    else if (RECORD_NUMBER.test(q)) location.hash = recordHref(q);
    else if (this.route.page === 'records') this.replace(recordsHref({ ...this.route.filters, q, cursor: '' }));
    else location.hash = recordsHref({ q });
  }

  /** A change of the same list replaces the address, so that Back leaves the list. */
  private replace(hash: string): void {
    history.replaceState(null, '', hash);
    this.onHash();
  }

  private readonly onHash = (): void => {
    clearTimeout(this.searching);
    const before = this.route.page;
    this.route = routeOf(location.hash);
    if (before === this.route.page && before !== 'record') return;
    scrollTo(0, 0);
    void this.updateComplete.then(() => this.focusHeading());
  };

  /** A reader of screens hears the new page's heading; the search box keeps the focus it has. */
  private async focusHeading(): Promise<void> {
    const page = this.openPage();
    await page?.updateComplete;
    if (this.shadowRoot?.activeElement?.matches('input') === true) return;
    page?.renderRoot.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    const typing = target instanceof HTMLElement && target.matches('input, select, textarea, dialog *, dialog');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !this.me) return;
    const done = this.act(event.key);
    if (done) event.preventDefault();
  };

  /** None of these moves points. */
  private act(key: string): boolean {
    switch (key) {
      case '/':
        this.renderRoot.querySelector<HTMLInputElement>('input[type="search"]')?.select();
        return true;
      case '?':
        this.help();
        return true;
      case 'j':
        return this.openPage()?.walk(1) ?? false;
      case 'k':
        return this.openPage()?.walk(-1) ?? false;
      default:
        return false;
    }
  }

  private openPage(): ConsolePage | null {
    const page = this.renderRoot.querySelector('.page')?.firstElementChild;
    return page instanceof ConsolePage ? page : null;
  }

  private async readMe(): Promise<void> {
    const answer = await this.api.me();
    this.me = answer.ok ? answer.value : null;
    this.expired = false;
  }

  private onSignedIn(event: CustomEvent<Me>): void {
    this.me = event.detail;
    this.expired = false;
  }

  private onSignedOut(): void {
    this.expired = this.me !== undefined;
    this.me = null;
  }

  private async signOut(): Promise<void> {
    await this.api.signOut();
    this.me = null;
    this.expired = false;
  }

  private help(): void {
    this.helping = true;
  }

  private otherLanguage(): void {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    rememberLanguage(this.language);
  }

  static override styles = [ledger, consoleStyles];
}
customElements.define('tally-console', TallyConsole);
