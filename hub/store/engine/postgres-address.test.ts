import { expect, it } from 'vitest';
import { socketHost } from './postgres-address.ts';

it.each([
  ['postgres://role@%2Fvar%2Frun%2Fpostgresql/db', { host: '/var/run/postgresql' }],
  ['postgresql://role:p%40ss@%2ftmp%2fa-b:5433/db?x=1', { host: '/tmp/a-b' }],
  ['postgres://%2Fvar%2Frun%2Fpostgresql/db', { host: '/var/run/postgresql' }],
  ['postgres://role@127.0.0.1:5432/db', {}],
  ['postgres://role@host/%2Fdb', {}],
  ['postgres://%2Frole@host/db', {}],
  ['postgres://role@%2Fbad%zz/db', {}],
])('%s', (url, found) => {
  expect(socketHost(url)).toEqual(found);
});
