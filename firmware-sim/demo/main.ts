import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadOrCreateKey } from '../../protocol/node/key-file.ts';
import { EXIT, fail, onStopAsked } from '../../protocol/node/program.ts';
import { createRigApp } from '../rig/app.ts';
import { cardIssuer } from '../rig/card-issuer.ts';
import { cardNotes } from '../rig/wallet.ts';
import { demoCounty } from './county/county.ts';
import { countyFile } from './county-file.ts';
import { hubDesk } from './enrol-kiosks.ts';
import { startHub } from './hub.ts';
import { type DemoKiosk, startKiosk } from './kiosk.ts';
import { layoutOf, portFault, resetData } from './layout.ts';
import { parseOptions } from './options.ts';
import { type DemoPeople, loadPeople } from './people.ts';
import { chooseReader } from './reader.ts';

/** `npm start`: a county on one machine. Prints one ready line when every program is ready. */

const built = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PROGRAMS = { hub: built('hub/main.js'), terminal: built('terminal/main.js') };

const PARENT_LOOK_MS = 1_000;

const options = parseOptions(process.argv.slice(2), process.cwd());
const layout = layoutOf(options);
const say = (line: string) => process.stderr.write(`${line}\n`);
const closing: (() => Promise<void>)[] = [];
let ending = false;

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  for (const close of closing.reverse()) await close().catch((error: Error) => say(`while stopping: ${error.message}`));
  process.exit(code);
}
function givenUp(says: string): void {
  say(says);
  void end(EXIT.environment);
}

async function main(): Promise<void> {
  if (options.reset) {
    const fault = resetData(options.data);
    if (fault) fail(EXIT.usage, fault, 'Name another folder with --data, or delete it yourself.');
  }
  for (const port of [layout.hubPort, layout.rigPort, ...layout.kiosks.map((kiosk) => kiosk.port)]) {
    const fault = await portFault(port);
    if (fault) fail(EXIT.environment, `Port ${port} is in use (${fault}).`, 'Choose others with --port-base N.');
  }
  const reader = chooseReader(options.reader);
  if ('missing' in reader) fail(EXIT.environment, 'The real PC/SC reader cannot be used here.', reader.missing);
  say(reader.says);
  const people = loadPeople(options.data);
  const issuer = cardIssuer(loadOrCreateKey(join(options.data, 'card-issuer.key'), true));
  const hub = await startHub({
    ...{ layout, program: PROGRAMS.hub, onGivenUp: givenUp },
    county: () => countyFile(people, Date.now()),
  });
  closing.push(() => hub.stop());
  const desk = await hubDesk(`http://127.0.0.1:${layout.hubPort}`, people.setup);
  const kiosks: DemoKiosk[] = [];
  for (const each of layout.kiosks) {
    const kiosk = await startKiosk({
      ...{ layout: each, options, hubPort: layout.hubPort, rigPort: layout.rigPort, readerKind: reader.kind, desk },
      issuer,
      ...{ programs: PROGRAMS, onGivenUp: givenUp },
    });
    closing.push(() => kiosk.close());
    kiosks.push(kiosk);
  }
  await startRig(kiosks, people);
  await Promise.all(kiosks.map((kiosk) => kiosk.ready()));
  if (options.story === 'offline') for (const kiosk of kiosks) await kiosk.unit.link.set(false);
  process.stdout.write(`ready ${JSON.stringify(readyLine(kiosks, people))}\n`);
}

async function startRig(kiosks: readonly DemoKiosk[], people: DemoPeople): Promise<void> {
  const page = built('ui/rig');
  const rig = await createRigApp({
    desks: kiosks.map((kiosk) => kiosk.desk),
    port: layout.rigPort,
    pageDir: existsSync(join(page, 'index.html')) ? page : null,
    setup: () => ({
      kiosks: kiosks.map(({ unit }) => ({ k: unit.k, address: unit.address(), name: unit.name })),
      hub: { address: `http://127.0.0.1:${layout.hubPort}`, ...people.operator },
      panel: options.panel,
      cardNotes: cardNotes(demoCounty, demoCounty.villages[0]?.id ?? ''),
    }),
  });
  await rig.listen({ host: '127.0.0.1', port: layout.rigPort });
  closing.push(() => rig.close());
}

function readyLine(kiosks: readonly DemoKiosk[], people: DemoPeople): unknown {
  const addresses = kiosks.map((kiosk) => kiosk.unit.address());
  return {
    ...{ hub: `http://127.0.0.1:${layout.hubPort}/`, kiosk: addresses[0], rig: `http://127.0.0.1:${layout.rigPort}/` },
    ...{ kiosks: addresses, operator: people.operator },
    people: people.people.map(({ role, user, password, totpSecret }) => ({ role, user, password, totpSecret })),
  };
}

onStopAsked(false, () => end(EXIT.fine));
// Killed with kill -9, `npm start` cannot tell us; a parent that is another one now can.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) void end(EXIT.fine);
}, PARENT_LOOK_MS).unref();
main().catch((error: Error) => givenUp(`The demo cannot start: ${error.message}`));
