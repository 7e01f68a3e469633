// Long polling, for networks that let no WebSocket through. Engine.IO does it, but checks the first request alone.
// Each request can come from anywhere, so each is judged as the handshake of a WebSocket is.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { POLLING_HEADER, type Way } from '@codesync/protocol';
import type { Identities } from '../identity.ts';
import { originAllowed } from '../origin.ts';
import type { Log } from '../ports.ts';
import { answersBy, type Connection, end, heldFor } from './connection.ts';

/** A request as Engine.IO gives it to its middleware. */
type EngineRequest = IncomingMessage & { readonly _query: Readonly<Record<string, string | undefined>> };

type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: Error) => void) => void;

export type PollingDeps = {
  readonly identities: Identities;
  readonly origins: readonly string[];
  /** The open connection of that id. */
  readonly find: (id: string) => Connection | undefined;
  readonly log: Log;
};

/**
 * These answers do not get the page's own headers. Browsers are to show nothing in them, and lend nothing to other
 * sites.
 */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** For Engine.IO, before it looks at a request of either kind. */
export function guardPolling(deps: PollingDeps): Middleware {
  const visitors = new WeakMap<Connection, string | undefined>();
  const waiting = new WeakSet<Connection>();

  /**
   * Whether the request comes from whoever opened the connection. The connection's id is not enough: it stands in
   * addresses.
   */
  async function isOfVisitor(
    connection: Connection,
    { headers: { cookie } }: IncomingMessage,
  ): Promise<boolean> {
    const first = connection.request.headers.cookie;
    if (cookie === first || (visitors.has(connection) && cookie === visitors.get(connection))) return true;
    const [now, then] = await Promise.all([deps.identities.read(cookie), deps.identities.read(first)]);
    if (now?.id !== then?.id) return false;
    visitors.set(connection, cookie);
    return true;
  }

  /** Holds what is sent faster than it may be. A page waits for the answer before it sends more. */
  async function heldBack(connection: Connection): Promise<boolean> {
    if (waiting.has(connection)) return false;
    waiting.add(connection);
    await sleep(heldFor(connection));
    waiting.delete(connection);
    return true;
  }

  /** Why the request is turned down, null when Engine.IO may have it. */
  async function refused(request: EngineRequest, response: ServerResponse): Promise<string | null> {
    const { sid, j } = request._query;
    if (request.headers[POLLING_HEADER.toLowerCase()] === undefined || j !== undefined)
      return 'no page sends such';
    if (!originAllowed(request, deps.origins)) return 'wrong origin';
    const connection = sid === undefined ? undefined : deps.find(sid);
    if (connection?.transport.name !== 'polling') return null;
    if (!(await isOfVisitor(connection, request))) return 'wrong visitor';
    if (request.method !== 'POST') {
      answersBy(connection, response);
      return null;
    }
    response.once('close', () => {
      // It was too large, or could not be read. A WebSocket would also have ended before the rest of it came.
      if (response.statusCode < 400) return;
      end(connection);
      if (!request.complete) request.destroy();
    });
    if (heldFor(connection) > 0 && !(await heldBack(connection))) return 'two requests at once';
    return null;
  }

  return (request, response, next) => {
    const engineRequest = request as EngineRequest;
    if ((engineRequest._query.transport as Way | undefined) !== 'polling') {
      // A connection has one way for its life: the page opens another one for another way.
      next(engineRequest._query.sid === undefined ? undefined : new Error('a connection keeps its way'));
      return;
    }
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    refused(engineRequest, response).then((reason) => {
      if (reason === null) return next();
      deps.log.debug({ reason }, 'a polling request is refused');
      next(new Error(reason));
    }, next);
  };
}
