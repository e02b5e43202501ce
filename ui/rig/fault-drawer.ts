import { css, html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { RigFault } from '../../protocol/api/rig.ts';
import { deviceWord, faultWord } from './fault-words.ts';
import { desk } from './styles.ts';
import { type Texts, texts } from './texts.ts';

type Param = string | number | boolean;

/** The faults of one kiosk's devices, grouped by device. `set-fault` with the fault as wished. */
export class FaultDrawer extends LitElement {
  static override properties = { t: { attribute: false }, faults: { attribute: false }, typed: { state: true } };
  declare t: Texts;
  declare faults: readonly RigFault[];
  /** Parameters typed and not yet sent, by `<fault>.<param>`. */
  declare private typed: Readonly<Record<string, Param>>;

  constructor() {
    super();
    this.faults = [];
    this.typed = {};
  }

  override render() {
    const devices = [...new Set(this.faults.map((fault) => fault.device))];
    const language = this.language();
    return html`<p class="faded">${this.faults.length === 0 ? this.t.noFaults : this.t.faultsHint}</p>
      ${devices.map(
        (device) => html`<section>
          <h3>${deviceWord(device, language)}</h3>
          <ul>
            ${repeat(
              this.faults.filter((fault) => fault.device === device),
              (fault) => fault.name,
              (fault) => this.row(fault),
            )}
          </ul>
        </section>`,
      )}`;
  }

  private row(fault: RigFault) {
    const label = `label-${fault.device}-${fault.name}`;
    return html`<li>
      <span id=${label} title=${fault.name}>${faultWord(fault.name, this.language())}</span>
      ${Object.entries(fault.params).map(([key, value]) => this.param(fault.name, key, value))}
      <button
        class="switch"
        role="switch"
        data-testid="fault-${fault.name}"
        aria-labelledby=${label}
        aria-checked=${fault.on}
        @click=${() => this.flip(fault)}
      ></button>
    </li>`;
  }

  private param(fault: string, key: string, value: unknown) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return '';
    const id = `${fault}.${key}`;
    const shown = this.typed[id] ?? value;
    if (typeof value === 'boolean')
      return html`<label>${key} <input type="checkbox" .checked=${shown === true} @change=${(event: Event) =>
        this.type(id, (event.target as HTMLInputElement).checked)} /></label>`;
    return html`<label
      >${key}
      <input
        type=${typeof value === 'number' ? 'number' : 'text'}
        .value=${String(shown)}
        @change=${(event: Event) => {
          const text = (event.target as HTMLInputElement).value;
          this.type(id, typeof value === 'number' ? Number(text) : text);
        }}
    /></label>`;
  }

  private type(id: string, value: Param): void {
    this.typed = { ...this.typed, [id]: value };
  }

  private flip(fault: RigFault): void {
    const params = Object.fromEntries(
      Object.entries(fault.params).map(([key, value]) => [key, this.typed[`${fault.name}.${key}`] ?? value]),
    );
    this.dispatchEvent(new CustomEvent<RigFault>('set-fault', { detail: { ...fault, params, on: !fault.on } }));
  }

  private language() {
    return this.t === texts.zh ? ('zh' as const) : ('en' as const);
  }

  static override styles = [
    desk,
    css`
      :host {
        display: block;
      }
      h3 {
        margin-top: 12px;
        padding-bottom: 2px;
        border-bottom: 1px solid var(--edge);
        font-size: 13px;
        font-weight: 600;
      }
      li {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 34px;
        border-bottom: 1px solid var(--hair);
      }
      li > span {
        flex: 1;
      }
      label {
        display: flex;
        align-items: center;
        gap: 4px;
        font-size: 12.5px;
        color: var(--faded);
      }
      input[type='number'],
      input[type='text'] {
        width: 62px;
        padding: 0 4px;
        border: 0;
        border-bottom: 1px solid var(--edge);
        background: none;
        color: var(--ink);
      }
    `,
  ];
}
customElements.define('fault-drawer', FaultDrawer);
