import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { hubDesk } from './enrol-kiosks.ts';
import type { DemoPerson } from './people.ts';

/** Each one-time code is good once: who signs in twice at a time waits half a minute for the next. */
test('the second person signs in once for several kiosks at a time', async () => {
  const signedIn: string[] = [];
  const confirmed: string[] = [];
  const hub = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (request.url === '/api/console/session') signedIn.push(JSON.parse(body).user);
      else confirmed.push(`${request.url} ${request.headers.cookie}`);
      response.setHeader('set-cookie', `who=${signedIn.at(-1)}; HttpOnly`);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const address = hub.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const person = (user: string): DemoPerson => ({
    ...{ user, name: user, role: 'operator', password: 'correct horse battery', totpSecret: 'JBSWY3DPEHPK3PXP' },
  });
  try {
    const desk = await hubDesk(`http://127.0.0.1:${port}`, [person('ann'), person('ben')]);
    await Promise.all([desk.confirm('k1', 'one'), desk.confirm('k2', 'two')]);
    expect(signedIn).toEqual(['ann', 'ben']);
    expect(confirmed.sort()).toEqual([
      '/api/console/terminals/k1/confirm who=ben',
      '/api/console/terminals/k2/confirm who=ben',
    ]);
  } finally {
    hub.closeAllConnections();
    await new Promise((resolve) => hub.close(resolve));
  }
});
