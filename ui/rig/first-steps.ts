/** How far a first-time visitor has come. Counters are those at the tap, to tell news from history. */
export interface FirstSteps {
  readonly tapped: boolean;
  readonly chose: boolean;
  readonly printed: boolean;
  readonly lookedUp: boolean;
  readonly seqAtTap: number;
  readonly slipsAtTap: number;
}

export type StepEvent =
  | { readonly type: 'tapped'; readonly seq: number; readonly slips: number }
  | { readonly type: 'seen'; readonly seq: number; readonly slips: number }
  | { readonly type: 'looked-up' };

export const noSteps: FirstSteps = {
  tapped: false,
  chose: false,
  printed: false,
  lookedUp: false,
  seqAtTap: 0,
  slipsAtTap: 0,
};

export function afterStep(steps: FirstSteps, event: StepEvent): FirstSteps {
  switch (event.type) {
    case 'tapped':
      return steps.chose ? steps : { ...steps, tapped: true, seqAtTap: event.seq, slipsAtTap: event.slips };
    case 'seen':
      if (!steps.tapped) return steps;
      return {
        ...steps,
        // A torn roll starts counting again.
        slipsAtTap: Math.min(steps.slipsAtTap, event.slips),
        chose: steps.chose || event.seq > steps.seqAtTap,
        printed: steps.printed || (event.slips > steps.slipsAtTap && (steps.chose || event.seq > steps.seqAtTap)),
      };
    case 'looked-up':
      return steps.printed ? { ...steps, lookedUp: true } : steps;
  }
}
