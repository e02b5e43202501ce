/** What the rig's page and the rig say to each other. The public part is in docs/surfaces.md; the rest serves the page. */

export interface RigCard {
  readonly id: string;
  readonly kind: string;
  readonly holder: string;
  readonly role: 'resident' | 'clerk';
  readonly village: string;
  readonly pin: string;
}

/** `GET /api/state`: what tests wait on instead of sleeping. */
export interface RigState {
  readonly session: { readonly screen: string; readonly id: string | null };
  readonly journal: { readonly seq: number; readonly head: string; readonly unsent: number };
  readonly hub: { readonly seq: number; readonly head: string };
  readonly printer: { readonly state: string; readonly paper: string; readonly jobs: Readonly<Record<string, number>> };
  readonly reader: {
    readonly state: string;
    /** Why, in a code; null while all is well. */
    readonly reason: string | null;
    /** How often it was opened anew, and the latest trouble's reason, since the agent started. */
    readonly restarts: number;
    readonly lastFault: string | null;
    readonly kind: 'pcsc' | 'virtual';
    /** The stay of the card that lies there and could be read. */
    readonly card: string | null;
  };
  /** `reason` says in a code why one is not ready; `not-configured` where the kiosk has none. */
  readonly scanner: { readonly state: string; readonly reason: string | null };
  readonly idReader: { readonly state: string; readonly reason: string | null; readonly card: string | null };
  readonly display: { readonly state: string; readonly reason: string | null };
}

export interface RigFault {
  readonly name: string;
  readonly device: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly on: boolean;
}

/** `GET /api/setup`: what the page needs to draw itself. */
export interface RigSetup {
  readonly kiosks: readonly { readonly k: number; readonly address: string; readonly name: string }[];
  readonly hub: { readonly address: string; readonly user: string; readonly password: string };
  readonly panel: { readonly inch: number; readonly widthPx: number; readonly heightPx: number };
  /** What a visitor should know of a card before tapping it, by card id; a card without a note is an ordinary one. */
  readonly cardNotes?: Readonly<Record<string, 'poor' | 'blocked' | 'visiting' | 'rare-name' | 'lost'>>;
}

/** `GET /api/live?kiosk=k` sends this as server-sent events whenever it changes. */
export interface RigLive {
  readonly slips: number;
  readonly network: 'up' | 'down';
  readonly state: RigState | null;
  readonly faults: readonly RigFault[];
}
