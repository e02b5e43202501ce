import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demoCounty } from './county.ts';
import { demoActivities, splitIntoCredits } from './credits.ts';

const GOODS = new URL('../../../ui/shared/goods/', import.meta.url);
const MAX_PICTURE_BYTES = 6000;
const PIN_THRESHOLD_POINTS = 50;
/** The first card of the wallet is tapped for this many redemptions in a row by anyone who tests the demo. */
const REDEMPTIONS = 20;

const { villages, categories, items, residents, clerks, cap } = demoCounty;
const cards = [...residents, ...clerks].map((person) => person.card);
const [home] = villages;
const [first, ...others] = residents;
if (!home || !first) throw new Error('The demo county is empty');

const pointsOf = (sku: string) => items.find((item) => item.sku === sku)?.points;
const cheapest = items.map((item) => item.points).sort((a, b) => a - b);

function expectDistinct(values: readonly unknown[]): void {
  expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
}

function isEan13(code: string): boolean {
  if (!/^\d{13}$/.test(code)) return false;
  const sum = [...code].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

describe('places', () => {
  it('are three villages of 28, 18 and 14 residents', () => {
    const counts = villages.map((village) => residents.filter((resident) => resident.villageId === village.id).length);
    expect(counts).toEqual([28, 18, 14]);
  });

  it('have names that fit an address and differ', () => {
    const ids = [demoCounty.id, ...villages.flatMap((village) => [village.id, village.shopId])];
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
    expectDistinct(ids);
    expectDistinct(villages.map((village) => village.name));
    expectDistinct(villages.map((village) => village.shopName));
  });
});

describe('items', () => {
  it('are twelve, each in a category, and no category needs a second page', () => {
    expect(items).toHaveLength(12);
    const sizes = categories.map((category) => items.filter((item) => item.category === category.id).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(12);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(6);
    expectDistinct(items.map((item) => item.sku));
    expectDistinct(items.map((item) => item.nameZh));
    for (const item of items) expect(item.sku).toMatch(/^[a-z0-9-]+$/);
  });

  it('cost 6 to 120 points, the cheapest three at most 10', () => {
    expect(cheapest[0]).toBe(6);
    expect(cheapest[2]).toBeLessThanOrEqual(10);
    expect(cheapest.at(-1)).toBe(120);
    expect(['rice', 'umbrella', 'thermos', 'cooking-oil'].map(pointsOf)).toEqual([45, 60, 80, 120]);
    expect(cheapest[2]).toBeLessThan(PIN_THRESHOLD_POINTS);
  });

  it('are reimbursed in whole fen, at nearly the same rate a point', () => {
    for (const item of items) {
      expect(Number.isSafeInteger(item.reimburseFen)).toBe(true);
      expect(item.reimburseFen / item.points).toBeGreaterThan(40);
      expect(item.reimburseFen / item.points).toBeLessThan(62);
    }
  });

  it('have a valid EAN-13 of the in-shop range each', () => {
    expect(isEan13('4006381333931')).toBe(true);
    expect(isEan13('4006381333932')).toBe(false);
    expect(items.filter((item) => !isEan13(item.barcode) || !item.barcode.startsWith('20'))).toEqual([]);
    expectDistinct(items.map((item) => item.barcode));
  });
});

describe('pictures', () => {
  it('are one an item, and none besides', () => {
    const files = readdirSync(GOODS).filter((file) => file.endsWith('.svg'));
    expect(files.sort()).toEqual(items.map((item) => `${item.sku}.svg`).sort());
  });

  it.each(items.map((item) => item.sku))('%s is small, self-contained and without text', (sku) => {
    const bytes = readFileSync(new URL(`${sku}.svg`, GOODS));
    const svg = bytes.toString('utf8');
    expect(bytes.length).toBeLessThan(MAX_PICTURE_BYTES);
    expect(svg).toContain('viewBox="0 0 240 240"');
    expect(svg).not.toMatch(/<(text|script|style|image|foreignObject|a|iframe)[\s>/]/i);
    expect(svg).not.toMatch(/\son[a-z]+\s*=/i);
    expect(svg).not.toMatch(/href\s*=\s*["'](?!#)/i);
    expect(svg).not.toMatch(/url\(\s*["']?(?!#)/i);
    expect(svg).not.toMatch(/<!(DOCTYPE|ENTITY)/i);
  });

  it('share no id, so that two can stand in one page', () => {
    const ids = items.flatMap(({ sku }) =>
      [...readFileSync(new URL(`${sku}.svg`, GOODS), 'utf8').matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]),
    );
    expectDistinct(ids);
  });
});

describe('people', () => {
  it('are 60 residents and 2 clerks of the first village, numbered in order', () => {
    expect(residents).toHaveLength(60);
    expect(residents.map((resident) => resident.id)).toEqual(
      residents.map((_, index) => `r${String(index + 1).padStart(3, '0')}`),
    );
    expect(clerks.map((clerk) => clerk.villageId)).toEqual([home.id, home.id]);
    expectDistinct([...residents, ...clerks].map((person) => person.id));
    expectDistinct([...residents, ...clerks].map((person) => person.name));
  });

  it('have names of two to four characters, with initials for the look-up', () => {
    for (const { name, pinyinInitials } of residents) {
      expect(name).toMatch(/^\p{Script=Han}{2,4}$/u);
      expect(pinyinInitials).toMatch(/^[a-z]+$/);
      expect(pinyinInitials).toHaveLength([...name].length);
    }
    expect(residents.some((resident) => resident.name.startsWith('欧阳'))).toBe(true);
    expect(new Set(residents.map((resident) => resident.name.charAt(0))).size).toBeGreaterThan(40);
  });

  it.each(['㙓', '䶮'])('have one %s in the first village, not the first resident, last in the name', (rare) => {
    const named = residents.filter((resident) => resident.name.includes(rare));
    expect(named.map((resident) => resident.villageId)).toEqual([home.id]);
    expect(named[0]?.name.endsWith(rare)).toBe(true);
    expect(named[0]?.id).not.toBe(first.id);
  });

  it('have one visitor whose name leaves the basic plane', () => {
    const named = residents.filter((resident) => /[\u{20000}-\u{3ffff}]/u.test(resident.name));
    expect(named).toHaveLength(1);
    expect(named[0]?.villageId).not.toBe(home.id);
  });

  it('have pseudonyms that differ', () => {
    for (const resident of residents) expect(resident.acct).toMatch(/^a[0-9a-hjkmnp-tv-z]{12}$/);
    expectDistinct(residents.map((resident) => resident.acct));
  });
});

describe('points', () => {
  it('are whole and never negative', () => {
    for (const { points } of residents) expect(Number.isSafeInteger(points) && points >= 0).toBe(true);
  });

  it('of the first resident are enough for 20 of the cheap items or 20 sacks of rice, all of them at home', () => {
    expect(first.villageId).toBe(home.id);
    expect(first.blocked).toBeUndefined();
    expect(first.points).toBeGreaterThanOrEqual(REDEMPTIONS * (cheapest[2] ?? Number.NaN));
    expect(first.points).toBeGreaterThanOrEqual(REDEMPTIONS * (pointsOf('rice') ?? Number.NaN));
    expect(first.points).toBeLessThanOrEqual(cap);
  });

  it('are few for some, blocked for a few, and more than the cap for one', () => {
    const atHome = others.filter((resident) => resident.villageId === home.id);
    const poor = (list: typeof others) => list.filter((resident) => resident.points < (cheapest[0] ?? 0));
    expect(poor(atHome).length).toBeGreaterThanOrEqual(3);
    expect(poor(others).length).toBeGreaterThan(poor(atHome).length);
    expect(poor(others).some((resident) => resident.points === 0)).toBe(true);
    expect(atHome.filter((resident) => resident.blocked).length).toBe(2);
    expect(others.filter((resident) => resident.blocked).length).toBe(3);
    expect(atHome.filter((resident) => resident.points > cap)).toHaveLength(1);
    expect(others.filter((resident) => resident.points >= 100).length).toBeGreaterThan(15);
  });
});

describe('cards', () => {
  it('are one a person, in the order of the wallet', () => {
    expect(cards.map((card) => card.id)).toEqual(cards.map((_, index) => `c${String(index + 1).padStart(3, '0')}`));
    expect(cards.filter((card) => card.role === 'clerk')).toEqual(clerks.map((clerk) => clerk.card));
  });

  it('have a UID of seven bytes that a reader can meet, and a PIN nobody guesses first', () => {
    for (const card of cards) {
      expect(card.uid).toMatch(/^04[0-9a-f]{12}$/);
      expect(card.uid.slice(6, 8)).not.toBe('88');
      expect(card.last4).toMatch(/^\d{4}$/);
      expect(card.pin).toMatch(/^\d{4}$/);
      expect(card.pin).not.toMatch(/^(\d)\1{3}$|1234|4321/);
    }
    expectDistinct(cards.map((card) => card.uid));
    expectDistinct(cards.map((card) => card.last4));
  });

  it('stay as testers know them', () => {
    expect(first).toMatchInlineSnapshot(`
      {
        "acct": "aet686jp0f562",
        "card": {
          "id": "c001",
          "kind": "uid",
          "last4": "6105",
          "pin": "7659",
          "role": "resident",
          "uid": "045a9fa6d2e3de",
        },
        "id": "r001",
        "name": "张桂芳",
        "pinyinInitials": "zgf",
        "points": 1000,
        "villageId": "taowan",
      }
    `);
  });

  it('hold nothing that looks like an ID number', () => {
    expect(JSON.stringify(demoCounty)).not.toMatch(/\d{17}[\dXx]/);
  });
});

describe('credits', () => {
  it('add up to the points of each resident exactly', () => {
    for (const resident of residents) {
      const credits = splitIntoCredits(resident);
      expect(credits.reduce((sum, credit) => sum + credit.points, 0)).toBe(resident.points);
      expect(credits.every((credit) => credit.acct === resident.acct)).toBe(true);
      expect(credits.length).toBeLessThanOrEqual(80);
    }
  });

  it('name a known activity, in whole units of it, past any objection period and within a year', () => {
    const byId = new Map(demoActivities.map((activity) => [activity.id, activity]));
    expect(byId.size).toBe(demoActivities.length);
    for (const credit of residents.flatMap(splitIntoCredits)) {
      const units = credit.points / (byId.get(credit.activity)?.points ?? Number.NaN);
      expect(Number.isInteger(units) && units >= 1).toBe(true);
      expect(credit.daysAgo).toBeGreaterThanOrEqual(15);
      expect(credit.daysAgo).toBeLessThanOrEqual(330);
    }
  });

  it('are the same at every start, and oldest first', () => {
    const credits = splitIntoCredits(first);
    expect(splitIntoCredits(first)).toEqual(credits);
    expect(credits.map((credit) => credit.daysAgo)).toEqual(
      credits.map((credit) => credit.daysAgo).sort((a, b) => b - a),
    );
  });
});
