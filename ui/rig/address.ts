/** The same address on the host name this page was opened by, so that cookies work. */
export function here(address: string): string {
  const url = new URL(address, location.href);
  url.hostname = location.hostname;
  return url.href;
}
