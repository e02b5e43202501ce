import { resolve } from 'node:path';
import { type Static, Type } from '../protocol/schema.ts';

const strict = { additionalProperties: false } as const;
const Baud = Type.Integer({ minimum: 1_200, maximum: 921_600 });
const UsbId = Type.Integer({ minimum: 0, maximum: 65_535 });
const None = Type.Object({ driver: Type.Literal('none') }, strict);
const serial = <const D extends string>(driver: D) =>
  Type.Object({ driver: Type.Literal(driver), path: Type.String({ minLength: 1 }), baudRate: Baud }, strict);
const Port = Type.Integer({ minimum: 0, maximum: 65535 });
/** 48 on 80 mm paper, 32 on 58 mm. */
const Columns = Type.Union([Type.Literal(48), Type.Literal(32)]);
const Device = Type.String({ pattern: '^/' });
const BaudRate = Type.Integer({ minimum: 1_200, maximum: 921_600 });

/** A kiosk's config file. Paths are relative to the file's folder. docs/config.md is written from this. */
export const TerminalConfig = Type.Object(
  {
    hub: Type.String({ pattern: '^https?://[^/]+$' }),
    data: Type.String({ description: 'folder of journal and key' }),
    fence: Type.String({ description: 'file where a backup of the journal does not reach' }),
    runtime: Type.String({ description: 'folder of the page’s token' }),
    listenPort: Port,
    /** From the county; used once. */
    enrolmentCode: Type.Optional(Type.String()),
    reader: Type.Union([
      Type.Object({ driver: Type.Literal('pcsc') }, strict),
      Type.Object({ driver: Type.Literal('virtual'), port: Port }, strict),
      Type.Object({ driver: Type.Literal('none') }, strict),
    ]),
    /** File of the village's read keys, for cards that authenticate; without it they are refused. */
    cardKeys: Type.Optional(Type.String({ minLength: 1 })),
    printer: Type.Union([
      Type.Object({ driver: Type.Literal('tcp'), host: Type.String(), port: Port, columns: Columns }, strict),
      Type.Object({ driver: Type.Literal('serial'), path: Device, baudRate: BaudRate, columns: Columns }, strict),
      Type.Object({ driver: Type.Literal('usb'), path: Device, columns: Columns }, strict),
      Type.Object({ driver: Type.Literal('none') }, strict),
    ]),
    /** Barcodes; none where it is left out. */
    scanner: Type.Optional(
      Type.Union([
        Type.Object(
          {
            driver: Type.Literal('hid'),
            vendorId: Type.Optional(UsbId),
            productId: Type.Optional(UsbId),
            path: Type.Optional(Type.String({ minLength: 1 })),
          },
          strict,
        ),
        serial('serial'),
        None,
      ]),
    ),
    /** Two lines that face the resident. */
    display: Type.Optional(Type.Union([serial('cd5220'), None])),
    /** A certified reader of resident ID cards. */
    idReader: Type.Optional(Type.Union([serial('serial'), None])),
    /** Recorded sentences, and the program that speaks all others; `espeak-ng` where it is left out. */
    speech: Type.Optional(
      Type.Object(
        { clips: Type.Optional(Type.String({ minLength: 1 })), program: Type.Optional(Type.String({ minLength: 1 })) },
        strict,
      ),
    ),
    panel: Type.Object(
      {
        inch: Type.Number({ minimum: 5, maximum: 40 }),
        widthPx: Type.Integer({ minimum: 320 }),
        heightPx: Type.Integer({ minimum: 240 }),
      },
      strict,
    ),
    /** Pages that may frame the kiosk’s page: the demo’s rig, nobody in production. */
    frameAncestors: Type.Optional(Type.Array(Type.String())),
    /** The longest wait between tries of a hub that does not answer, ms; default 15 minutes, with full jitter. */
    maxBackoffMs: Type.Optional(Type.Integer({ minimum: 500, maximum: 900_000 })),
    log: Type.Optional(Type.Union([Type.Literal('info'), Type.Literal('warn'), Type.Literal('silent')])),
  },
  strict,
);
export type TerminalConfig = Static<typeof TerminalConfig>;

/** `dir`: the config file's folder. */
export function journalPath(config: Pick<TerminalConfig, 'data'>, dir: string): string {
  return resolve(dir, config.data, 'journal.sqlite');
}

/** CSS pixels of one millimetre on that panel. */
export function mmPxOf(panel: TerminalConfig['panel']): number {
  const diagonalPx = Math.hypot(panel.widthPx, panel.heightPx);
  return Math.round((diagonalPx / (panel.inch * 25.4)) * 1000) / 1000;
}
