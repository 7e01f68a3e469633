import type { IncomingMessage } from 'node:http';

/** The longest address there is has 45 characters, and a zone may follow: what is longer a proxy has made up. */
const ADDRESS_UNITS = 64;

/** What of an address counts as one network customer: all of IPv4, the first 64 bits of IPv6. */
function customer(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array<string>(zeros).fill('0'), ...rest].slice(0, 4).join(':');
}

/**
 * Where a request comes from, for limits by address. Of X-Forwarded-For only as many entries are believed, from
 * the right, as trusted proxies stand in front: what is further left anyone can write.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const direct = request.socket.remoteAddress ?? 'unknown';
  if (proxies === 0) return customer(direct);
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((hop) => hop.trim());
  return customer((hops.at(-proxies) || direct).slice(0, ADDRESS_UNITS));
}

/** Whether the person's browser speaks https, to this server or to the trusted proxy in front. */
export function isHttps(request: IncomingMessage, proxies: number): boolean {
  if ('encrypted' in request.socket && request.socket.encrypted === true) return true;
  return proxies > 0 && request.headers['x-forwarded-proto'] === 'https';
}
