import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RigState } from '../../protocol/api/rig.ts';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { freeBytesAt } from '../../protocol/node/free-space.ts';
import type { Reason } from '../../protocol/node/status-routes.ts';
import { StoreRefusal } from '../../protocol/node/store-refusal.ts';
import type { Trouble } from '../agent/troubles.ts';
import { journalPath, type TerminalConfig } from '../config.ts';
import { readKeyFile } from '../devices/reader/desfire/soft-keys.ts';
import { checkJournal } from '../journal/check-journal.ts';
import { DISK_LOW_BYTES } from '../journal/disk-space.ts';
import { createFence } from '../journal/fence.ts';
import { fenceFile } from '../journal/fence-file.ts';
import { faultWords } from './journal-files.ts';

/** `terminal doctor`: devices, clock, disk, journal, fence, hub, in plain words: what is so, and what to do. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly says: string;
}

const ANSWER_MS = 5_000;
/** A clock this far from the hub's makes receipts that nobody believes. */
const CLOCK_MS = 120_000;
interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly Reason[];
  readonly notices: readonly Trouble[];
}

export async function examine(config: TerminalConfig, dir: string): Promise<Finding[]> {
  return [
    ...(await agentFindings(config, dir)),
    ...cardKeys(config, dir),
    disk(config, dir),
    journal(config, dir),
    fence(config, dir),
    ...(await hub(config)),
  ];
}

const fine = (what: string, says: string): Finding => ({ what, ok: true, says });
const wrong = (what: string, says: string): Finding => ({ what, ok: false, says });

async function agentFindings(config: TerminalConfig, dir: string): Promise<Finding[]> {
  const address = `http://127.0.0.1:${config.listenPort}`;
  try {
    const ready = (await ask(`${address}/readyz`)) as Readiness;
    const sells = ready.ready
      ? [fine('agent', 'It runs and can sell.')]
      : ready.reasons.map(({ says }) => wrong('agent', `It runs and sells nothing: ${says}`));
    const token = resolve(dir, config.runtime, 'page.token');
    if (!existsSync(token)) return [...sells, wrong('devices', 'Another user’s agent: run the doctor as that user.')];
    const headers = { authorization: `Bearer ${readFileSync(token, 'utf8').trim()}` };
    const state = (await ask(`${address}/api/state`, headers)) as RigState | { error: string };
    return 'error' in state ? sells : [...sells, ...devices(state, ready.notices)];
  } catch {
    return [wrong('agent', `Nothing answers on ${address}. Start the kiosk: terminal serve.`)];
  }
}

const PAPER: Readonly<Record<string, string>> = {
  ok: 'has paper',
  'near-end': 'is nearly out of paper',
  out: 'is out of paper',
  unknown: 'says nothing of its paper',
};

function devices(state: RigState, notices: readonly Trouble[]): Finding[] {
  const { reader, printer } = state;
  const told = (what: Trouble['what']) => notices.flatMap((each) => (each.what === what ? [each.says] : [])).join(' ');
  const works = ({ state: now }: { state: string }) => now === 'ready' || now === 'busy';
  const readerSays = `The card reader (${reader.kind}) is ${reader.state}.`;
  const printerSays = `The printer is ${printer.state} and ${PAPER[printer.paper] ?? printer.paper}.`;
  const later = 'Sales go on; a slip waits ten minutes for the printer, then a clerk prints a copy.';
  const mute = printer.state === 'degraded' ? ' It cannot say what came out, so clerks are asked about each slip.' : '';
  const others = [
    ['scanner', 'scanner', state.scanner],
    ['id-reader', 'ID reader', state.idReader],
    ['display', 'customer display', state.display],
  ] as const;
  return [
    works(reader)
      ? fine('reader', readerSays)
      : wrong('reader', `${readerSays} ${told('reader') || 'Check its plug, and pcscd.'}`),
    (works(printer) || printer.state === 'degraded') && printer.paper !== 'out'
      ? fine('printer', printerSays + mute)
      : wrong('printer', `${printerSays} ${told('printer') || 'Check plug, cover and paper.'} ${later}`),
    ...others
      .filter(([, , each]) => each.reason !== 'not-configured')
      .map(([what, name, each]) =>
        works(each) ? fine(what, `The ${name} is ready.`) : wrong(what, told(what) || `The ${name} is ${each.state}.`),
      ),
    told('voice') === '' ? fine('voice', 'It can speak.') : wrong('voice', told('voice')),
    told('sync') === ''
      ? fine('sync', `${state.journal.unsent} records wait for the hub.`)
      : wrong('sync', told('sync')),
  ];
}

function cardKeys({ cardKeys: path }: TerminalConfig, dir: string): Finding[] {
  if (path === undefined) return [];
  try {
    readKeyFile(resolve(dir, path));
    return [fine('cards', 'The file of card keys is sound.')];
  } catch (error) {
    if (!(error instanceof StoreRefusal)) throw error;
    return [wrong('cards', `${error.message} ${error.whatToDo}`)];
  }
}

function disk(config: TerminalConfig, dir: string): Finding {
  const data = resolve(dir, config.data);
  if (!existsSync(data)) return wrong('disk', `There is no ${data}. Start the kiosk once.`);
  const freeMb = Math.floor(freeBytesAt(data) / 1_048_576);
  const leastMb = DISK_LOW_BYTES / 1_048_576;
  const says = `${freeMb} MB are free; sales stop below ${leastMb} MB.`;
  return freeMb >= leastMb ? fine('disk', says) : wrong('disk', `${says} Make room.`);
}

function journal(config: TerminalConfig, dir: string): Finding {
  const path = journalPath(config, dir);
  if (!existsSync(path)) return wrong('journal', `There is none at ${path}. Enrol the kiosk.`);
  const fault = checkJournal(path, [], nodeVerifying);
  return fault === null
    ? fine('journal', 'Its file is sound.')
    : wrong(
        'journal',
        `It is damaged: ${faultWords(fault)}. Keep the disk; restore the last backup, or call the county.`,
      );
}

function fence(config: TerminalConfig, dir: string): Finding {
  const path = resolve(dir, config.fence);
  if (!existsSync(path))
    return wrong('fence', `There is no ${path}. Without it nothing is sold until the hub has confirmed the journal.`);
  const storage = fenceFile(path);
  const mark = createFence(storage, nodeHashing).mark();
  storage.close();
  if (mark === null)
    return wrong('fence', `${path} holds no mark. It is raised once the hub has confirmed the journal.`);
  const beside = dirname(path) === dirname(journalPath(config, dir));
  const says = `It stands at record ${mark.ep}.${mark.seq}.`;
  return beside
    ? wrong('fence', `${says} It lies beside the journal: put it where a backup does not reach.`)
    : fine('fence', says);
}

async function hub({ hub: address }: TerminalConfig): Promise<Finding[]> {
  try {
    const answer = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!answer.ok) return [wrong('hub', `${address} answers ${answer.status}. The kiosk goes on alone.`)];
    const said = Date.parse(answer.headers.get('date') ?? '');
    const offMs = Math.abs(Date.now() - said);
    const clock = Number.isNaN(said)
      ? []
      : [
          offMs <= CLOCK_MS
            ? fine('clock', 'It agrees with the hub’s.')
            : wrong(
                'clock',
                `It is ${Math.round(offMs / 60_000)} minutes from the hub’s. Set it, or look at its battery.`,
              ),
        ];
    return [fine('hub', `${address} answers.`), ...clock];
  } catch (error) {
    const why = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).name;
    return [wrong('hub', `${address} cannot be reached (${why}). The kiosk goes on alone; look at the network.`)];
  }
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
  return answer.json();
}
