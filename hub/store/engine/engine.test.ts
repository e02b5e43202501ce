import { it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { openPostgres } from './postgres.ts';
it('x', async () => {
console.time('start');
const s = await startPostgres();
console.timeEnd('start');
const url = await s.database();
console.time('open');
const e = await openPostgres({ url, county: 'c' });
console.timeEnd('open');
console.log(await e.read((sql) => sql.all('SELECT * FROM schema_version')));
await e.close();
console.time('kill');s.kill(); await s.restart();console.timeEnd('kill');
await s.stop();
});
