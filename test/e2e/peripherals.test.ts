import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../bench/support/demo.ts';
import { demoCounty } from '../../firmware-sim/demo/county/county.ts';
import type { RigCard } from '../../protocol/api/rig.ts';
import { type Hands, hands } from '../support/hands.ts';
import { noPty, saysWhatIsMissing, until } from '../support/pty-tests.ts';

/** A redemption without an NFC card and without a touch on the shelf: ID card, scanner, customer display. */

saysWhatIsMissing('kiosk with its serial devices');

describe.skipIf(noPty !== null)('a kiosk with serial devices', () => {
  let demo: Demo;
  let kiosk: Hands;
  let card: RigCard;
  const holder = demoCounty.residents.find((resident) => resident.idCard !== undefined);
  const salt = demoCounty.items.find((item) => item.sku === 'salt');

  beforeAll(async () => {
    demo = await startDemo(['--reader', 'virtual']);
    kiosk = hands(demo.ready.kiosk);
    const found = (await demo.cards()).find((each) => each.kind === 'id-card');
    if (found === undefined) throw new Error('no ID card in the wallet');
    card = found;
    const ready = ({ state }: { state: string }) => state === 'ready';
    await demo.until((s) => ready(s.scanner) && ready(s.idReader) && ready(s.display), 'its serial devices');
  });
  afterAll(async () => {
    await demo?.stop();
  });

  const display = () => demo.get<{ upper: string; lower: string }>('api/display');
  async function shows(upper: string): Promise<void> {
    let last = '';
    const looking = setInterval(() => void display().then((lines) => (last = lines.upper)), 60);
    await until(
      () => last,
      (text) => text === upper,
    ).finally(() => clearInterval(looking));
  }

  it('knows the holder of an ID card, takes what is scanned, and says the points to the holder alone', async () => {
    const pts = holder?.points ?? 0;
    await shows('欢迎 请刷卡');
    expect(await demo.post('api/id-reader', { id: card.id })).toMatchObject({ status: 200 });
    const { person, session } = await kiosk.screen('balance', 10_000);
    expect(person?.pts).toBe(pts);
    await shows(`积分 ${pts}`);
    await demo.post('api/scanner', { code: salt?.barcode });
    expect((await kiosk.screen('quantity', 10_000)).basket?.lines).toMatchObject([{ sku: 'salt', qty: 1 }]);
    await kiosk.act(session, { type: 'basket' });
    await shows(`用 6 剩 ${pts - 6}`);
    await kiosk.act(session, { type: 'confirm' });
    await kiosk.screen('done', 10_000);
    await shows(`谢谢 剩 ${pts - 6}`);
    await demo.until((s) => s.hub.seq === s.journal.seq && s.journal.unsent === 0, 'the hub to have it');
  });

  it('refuses in a sentence what is no ID card, and an ID card on the card reader', async () => {
    const [first] = await demo.cards();
    expect(await demo.post('api/id-reader', { id: first?.id })).toMatchObject({
      status: 409,
      body: { whatToDo: expect.stringContaining('id-card') },
    });
    await kiosk.screen('attract', 15_000);
    await demo.post(`api/cards/${card.id}/tap`);
    expect((await kiosk.screen('error', 10_000)).error?.code).toBe('zero-uid');
  });

  it('leaves nothing of name, number or serial in journal, log or metrics', async () => {
    const metrics = await (await fetch(`${kiosk.url}/metrics`)).text();
    const left = Buffer.concat([
      ...filesIn(join(demo.data, 'kiosk-1')).map((path) => readFileSync(path)),
      Buffer.from(metrics),
    ]);
    const number = `99999919000100${card.id.slice(1)}X`;
    expect(left.includes('redeem')).toBe(true);
    for (const said of [holder?.name ?? '', number, holder?.idCard?.serial ?? '']) {
      expect(said.length).toBeGreaterThan(1);
      for (const encoding of ['utf8', 'utf16le'] as const)
        expect(left.includes(Buffer.from(said, encoding))).toBe(false);
    }
    expect(left.includes(Buffer.from(holder?.idCard?.serial ?? '', 'hex'))).toBe(false);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
