import { css, html, LitElement } from 'lit';
import type { RigLive } from '../../protocol/api/rig.ts';
import { desk } from './styles.ts';
import type { Texts } from './texts.ts';

/**
 * The two halves of the tally: what the kiosk's journal holds, what the hub holds, and the network between.
 * They close when both hold the same record last. `set-network` when the visitor pulls or plugs.
 */
export class TallyLink extends LitElement {
  static override properties = { t: { attribute: false }, live: { attribute: false } };
  declare t: Texts;
  declare live: RigLive | null;

  constructor() {
    super();
    this.live = null;
  }

  override render() {
    const { t, live } = this;
    const up = live?.network !== 'down';
    const state = live?.state ?? null;
    const agree = state !== null && state.journal.seq === state.hub.seq && state.journal.head === state.hub.head;
    return html`<div class="halves" ?data-apart=${!agree}>
        <div class="half"><span>${t.kioskHalf}</span><b>${state?.journal.seq ?? '–'}</b></div>
        <svg viewBox="0 0 12 56" preserveAspectRatio="none" aria-hidden="true"><path d=${EDGE} /></svg>
        <div class="gap" aria-hidden="true"></div>
        <svg viewBox="0 0 12 56" preserveAspectRatio="none" aria-hidden="true"><path d=${EDGE_OTHER} /></svg>
        <div class="half"><span>${t.hubHalf}</span><b>${state?.hub.seq ?? '–'}</b></div>
      </div>
      <p class="says" ?data-agree=${agree} role="status">
        <span aria-hidden="true">${agree ? '✓' : '≠'}</span> ${this.says(agree)}
      </p>
      <div class="network">
        <span id="network-label"><b>${t.network}</b></span>
        <button
          class="switch"
          role="switch"
          data-testid="network"
          aria-labelledby="network-label"
          aria-checked=${up}
          ?disabled=${live === null}
          @click=${() => this.dispatchEvent(new CustomEvent('set-network', { detail: up ? 'down' : 'up' }))}
        ></button>
        <span ?data-down=${!up}>${up ? t.networkUp : t.networkDown}</span>
      </div>`;
  }

  private says(agree: boolean): string {
    const state = this.live?.state;
    if (state === null || state === undefined) return this.t.noState;
    if (agree) return this.t.agree;
    return state.journal.unsent > 0 ? this.t.differ(state.journal.unsent) : this.t.apart;
  }

  static override styles = [
    desk,
    css`
      :host {
        display: grid;
        gap: 6px;
      }
      .halves {
        display: flex;
        height: 56px;
      }
      .half {
        flex: 1;
        display: grid;
        align-content: center;
        justify-items: center;
        line-height: 1.2;
        background: #e4cfa8;
        border: solid var(--ink);
        border-width: 1.5px 0;
      }
      .half:first-child {
        border-left-width: 1.5px;
        border-radius: 8px 0 0 8px;
      }
      .half:last-child {
        border-right-width: 1.5px;
        border-radius: 0 8px 8px 0;
      }
      .half b {
        font-size: 21px;
      }
      .half span {
        font-size: 12.5px;
      }
      svg {
        width: 12px;
        height: 56px;
        overflow: visible;
      }
      path {
        fill: #e4cfa8;
        stroke: var(--ink);
        stroke-width: 1.5;
        vector-effect: non-scaling-stroke;
      }
      .gap {
        width: 0;
        margin-left: -9px;
        transition: width 320ms ease-in-out;
      }
      .halves[data-apart] .gap {
        width: 40px;
      }
      .says,
      .network {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .says[data-agree] {
        color: var(--agrees);
        font-weight: 600;
      }
      [data-down] {
        color: var(--vermilion);
      }
    `,
  ];
}

/** The broken edges; one fits into the other. */
const EDGE = 'M0 .75H6L1 11L10 20L3 31L11 40L5 55.25H0';
const EDGE_OTHER = 'M12 .75H9L4 11L13 20L6 31L14 40L8 55.25H12';
customElements.define('tally-link', TallyLink);
