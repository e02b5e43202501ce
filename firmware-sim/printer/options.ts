/** What a printer is made of; see `startPrinter`. */
export interface PrinterOptions {
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** TCP port; 0 takes any free one. */
  port: number;
  /** Printable width at 203 dpi: 576 dots for 80 mm paper (default), 384 for 58 mm. */
  widthDots?: 576 | 384;
  /** Whether the built-in font has the 4-byte GB18030 codes; few have (default false: they print as a hollow box). */
  fourByteFont?: boolean;
  /** What a cheap unit does not do: it takes the command and says nothing. */
  lacks?: readonly PrinterLack[];
}
/** `DLE EOT`; automatic status (`GS a`); `GS r`; the process id (`GS ( H`). */
export type PrinterLack = 'realtime-status' | 'automatic-status' | 'ordered-status' | 'process-id';
