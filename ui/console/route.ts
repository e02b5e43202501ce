import { query, type RecordFilters } from './api.ts';

/** Where the page is. It lives in the hash, so that any link opens the same view. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'terminals'; readonly state: string }
  | { readonly page: 'records'; readonly filters: RecordFilters }
  | { readonly page: 'record'; readonly number: string }
  | { readonly page: 'balances'; readonly q: string; readonly cursor: string }
  | { readonly page: 'unknown'; readonly asked: string };

export function routeOf(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const fields = new URLSearchParams(search);
  const field = (name: string) => fields.get(name) ?? '';
  const [page = '', ...rest] = path.split('/');
  if (page === '' || page === 'home') return { page: 'home' };
  if (page === 'terminals') return { page, state: field('state') };
  if (page === 'records' && rest[0] !== undefined && rest[0] !== '')
    return { page: 'record', number: decode(rest.join('/')) };
  if (page === 'records')
    return { page, filters: { tid: field('tid'), stage: field('stage'), q: field('q'), cursor: field('cursor') } };
  if (page === 'balances') return { page, q: field('q'), cursor: field('cursor') };
  return { page: 'unknown', asked: hash };
}

export const recordHref = (number: string) => `#/records/${encodeURIComponent(number)}`;
export const recordsHref = (filters: Partial<RecordFilters>) => withQuery('#/records', filters);
export const terminalsHref = (state: string) => withQuery('#/terminals', { state });
export const balancesHref = (q: string, cursor: string) => withQuery('#/balances', { q, cursor });

function withQuery(path: string, fields: Readonly<Record<string, string>>): string {
  const asked = query(fields);
  return asked === '' ? path : `${path}?${asked}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
