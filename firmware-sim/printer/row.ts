/** Black dots, one bit each, most significant bit leftmost; rows are padded to whole bytes. */
export interface Bitmap {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly bits: Uint8Array;
}

/** One printed character. `xDots` counts from the left edge of the printable area. */
export interface Glyph {
  readonly kind: 'glyph';
  readonly text: string;
  readonly xDots: number;
  readonly widthDots: number;
  readonly heightDots: number;
  readonly scaleX: number;
  readonly font: 'A' | 'B' | 'chinese';
  readonly bold: boolean;
  readonly italic: boolean;
  readonly inverse: boolean;
  readonly underlineDots: number;
}

/** A raster, a bit image or a QR symbol; `label` stands for it in the text of the paper. */
export interface Picture {
  readonly kind: 'picture';
  readonly label: string;
  readonly xDots: number;
  readonly widthDots: number;
  readonly heightDots: number;
  readonly bitmap: Bitmap;
}

export type Piece = Glyph | Picture;

/** A strip of paper as wide as the roll. `notice`: a boxed line, for a command the printer does not know. */
export type Row =
  | { readonly kind: 'line'; readonly pieces: readonly Piece[]; readonly heightDots: number; readonly align: Align }
  | { readonly kind: 'feed'; readonly heightDots: number }
  | { readonly kind: 'notice'; readonly text: string; readonly heightDots: number };

export type Align = 'left' | 'centre' | 'right';

/** Width of a character of font A, which is also one column of the paper's text: 48 on 80 mm, 32 on 58 mm. */
export const COLUMN_DOTS = 12;
