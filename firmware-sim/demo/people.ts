import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from 'otpauth';
import type { Role } from '../../protocol/api/console.ts';

/** The demo's people: made up once per data folder, kept in a file that only its owner reads. */
export interface DemoPerson {
  readonly role: Role;
  readonly user: string;
  readonly name: string;
  readonly password: string;
  readonly totpSecret: string;
}
export interface DemoPeople {
  /** Signs in with a password alone, to look around without a telephone beside the screen. */
  readonly operator: { readonly user: string; readonly password: string };
  readonly people: readonly DemoPerson[];
  /** The two who enrol the demo's kiosks; nobody else uses them, so nobody finds their one-time codes spent. */
  readonly setup: readonly [DemoPerson, DemoPerson];
}

const CAST: readonly (readonly [Role, string, string])[] = [
  ['operator', 'chen', '陈会计'],
  ['operator', 'lin', '林会计'],
  ['reviewer', 'zhao', '赵复核'],
  ['auditor', 'sun', '孙审计'],
  ['admin', 'qian', '钱主任'],
];
const WORDS = ['rice', 'lamp', 'river', 'bamboo', 'plum', 'kite', 'stone', 'tea', 'crane', 'field', 'bridge', 'moon'];

export function loadPeople(data: string): DemoPeople {
  const path = join(data, 'demo.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as DemoPeople;
  const person = (role: Role, user: string, name: string): DemoPerson => ({
    ...{ role, user, name, password: password() },
    totpSecret: new Secret({ buffer: new Uint8Array(randomBytes(20)).buffer }).base32,
  });
  const people: DemoPeople = {
    operator: { user: 'demo', password: password() },
    people: CAST.map((each) => person(...each)),
    setup: [person('operator', 'setup-first', '安装一'), person('operator', 'setup-second', '安装二')],
  };
  mkdirSync(data, { recursive: true });
  writeFileSync(path, JSON.stringify(people, null, 2), { mode: 0o600 });
  return people;
}

function password(): string {
  const word = () => WORDS[randomInt(WORDS.length)] ?? '';
  return `${word()}-${word()}-${word()}-${randomInt(1000, 9999)}`;
}
