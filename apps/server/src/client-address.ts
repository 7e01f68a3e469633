import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** The longest address has 45 characters, and a zone may follow. Anything longer was made up by a proxy. */
const ADDRESS_UNITS = 64;

/**
 * The part of an address that stands for one network customer: all of an IPv4 address, the first 64 bits of an IPv6
 * address, and all of anything else.
 */
function customer(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return parsed.parts
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':');
}

/** Whether an address means the machine itself, as IPv4, IPv6 or one within the other. */
export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/**
 * Where a request comes from, for limits by address. X-Forwarded-For is believed from the right, one entry for each
 * trusted proxy in front. Anyone can write the entries further left.
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
