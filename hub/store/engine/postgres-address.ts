/**
 * A server on the same machine, spoken to by its socket: `postgres://role@%2Fvar%2Frun%2Fpostgresql/database`, the socket's
 * folder in the place of the host, as libpq writes it. The driver takes that as an option only. A socket asks for no
 * password where the server trusts the system's user, and costs the hub half of what loopback does.
 */
export function socketHost(url: string): { readonly host?: string } {
  const host = /^[a-z]+:\/\/(?:[^@/?]*@)?(%2f[^:/?@]*)(?:[:/?]|$)/i.exec(url)?.[1];
  if (host === undefined) return {};
  try {
    return { host: decodeURIComponent(host) };
  } catch {
    return {}; // the driver says what is wrong with it
  }
}
