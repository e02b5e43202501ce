import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VPCD_DRIVER } from './available.ts';

/** What is plugged in when pcscd starts: it reads its readers then, and never again. */
export interface PluggedIn {
  readonly reader: boolean;
  /** The SAM slot of an ACR1252: to PC/SC a second reader, with a card always in it. */
  readonly sam: boolean;
}

/** As pcscd names an ACR1252's second slot. */
const SAM_NAME = 'ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM]';

/** Writes pcscd's reader.conf(5) into `confDir`. Each reader has two slots: its port, and the next one. */
export async function writeReaderConf(
  confDir: string,
  { reader, sam }: PluggedIn,
  ports: { readonly card: number; readonly sam: number },
): Promise<void> {
  await mkdir(confDir, { recursive: true });
  // pcscd reads every file in its folder, but no folder in it.
  const copy = join(confDir, 'sam', 'libifdvpcd.so');
  if (sam) {
    await mkdir(join(confDir, 'sam'), { recursive: true });
    // vpcd keeps its slots by number for a whole library: a second reader of the same file would take the first one's.
    await copyFile(VPCD_DRIVER, copy);
  }
  const stanzas = [
    ...(reader ? [stanza('Virtual PCD', ports.card, VPCD_DRIVER)] : []),
    ...(sam ? [stanza(SAM_NAME, ports.sam, copy)] : []),
  ];
  await writeFile(join(confDir, 'vpcd.conf'), stanzas.join('\n'));
}

export async function removeReaderConf(confDir: string): Promise<void> {
  await rm(join(confDir, 'vpcd.conf'), { force: true });
  await rm(join(confDir, 'sam'), { recursive: true, force: true });
}

/** The driver takes its port from DEVICENAME and opens the next one for its second slot. */
function stanza(name: string, port: number, library: string): string {
  const hex = `0x${port.toString(16).toUpperCase()}`;
  return [`FRIENDLYNAME "${name}"`, `DEVICENAME /dev/null:${hex}`, `LIBPATH ${library}`, `CHANNELID ${hex}`, ''].join(
    '\n',
  );
}
