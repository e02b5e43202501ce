/** `standing`: the same object on every paper, so that its bytes are made once. A confirm waits for the others. */
export type Element = Laid & { readonly standing?: true };

/** What stands on a paper, as elements a printer of any width can lay out. */
type Laid =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly align?: 'left' | 'center';
      readonly scale?: 1 | 2;
      readonly bold?: true;
    }
  /** Left and right on one line; the right one is never cut. */
  | {
      readonly kind: 'columns';
      readonly left: string;
      readonly right: string;
      readonly scale?: 1 | 2;
      readonly bold?: true;
    }
  | { readonly kind: 'rule' }
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'feed'; readonly lines: number }
  | { readonly kind: 'cut' };

/** The last line of every paper: where to go with a question. */
export function complaint(phone: string): string {
  return phone === '' ? '如有疑问，请带小票到村委会' : `如有疑问，请带小票到村委会或致电 ${phone}`;
}
