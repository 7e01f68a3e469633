import type { IncomingMessage } from 'node:http';

/**
 * Whether the page behind a request may use this server in its visitor's name: one of the same host, or of a
 * configured origin. A request without Origin does not come from a page of another site.
 */
export function originAllowed(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
