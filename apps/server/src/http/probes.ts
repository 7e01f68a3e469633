// For machines that look after this one. Does the process answer? Can it take people? How does it fare?
import type { IncomingMessage } from 'node:http';
import { type Request, type Response, Router } from 'express';
import { isLoopback } from '../client-address.ts';
import type { Unready } from '../readiness.ts';
import { sameSecret } from '../secrets.ts';

export type ProbeDeps = {
  /** What is missing now; empty when people can come. */
  readonly unready: () => Promise<readonly Unready[]>;
  /** The state of the sandbox: told, and no reason to keep people away. */
  readonly sandbox: () => string;
  readonly storage: () => string;
  readonly metrics: () => Promise<{ readonly type: string; readonly body: string }>;
  readonly metricsToken: string | null;
  readonly proxies: number;
};

/** The name that a request asks for, without the port. */
const HOST = /^(\[[^\]]+\]|[^:]+)(?::\d{1,5})?$/;
/** Headers that proxies add to a request. Each of them is some proxy's default. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/**
 * Whether a request comes directly from a program on this machine. Its connection is local and nobody passed it on. It
 * also asks for the machine by a local name, which a page of another site cannot do.
 */
export function isLocal(request: IncomingMessage, proxies: number): boolean {
  const { headers, socket } = request;
  return (
    proxies === 0 &&
    isLoopback(socket.remoteAddress ?? '') &&
    isLocalName(HOST.exec(headers.host ?? '')?.[1] ?? '') &&
    FORWARDED.every((name) => headers[name] === undefined)
  );
}

function isLocalName(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopback(host.replace(/^\[|\]$/g, ''));
}

/** Whether a request shows the token: `Authorization: Bearer …`. */
function showsToken(request: IncomingMessage, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return given !== undefined && sameSecret(given, token);
}

export function probes(deps: ProbeDeps): Router {
  const router = Router();
  router.use(['/healthz', '/readyz', '/metrics'], (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });

  router.get('/healthz', (_request, response) => {
    response.json({ ok: true, storage: deps.storage() });
  });

  router.get('/readyz', async (_request, response) => {
    const missing = await deps.unready();
    const ready = missing.length === 0;
    response.status(ready ? 200 : 503).json({ ready, missing, sandbox: deps.sandbox() });
  });

  router.get('/metrics', async (request, response) => {
    if (!admitted(request, response, deps)) return;
    const { type, body } = await deps.metrics();
    response.setHeader('Content-Type', type);
    response.send(body);
  });
  return router;
}

/** With a token set, whoever shows it; without one, programs on this machine. */
function admitted(request: Request, response: Response, { metricsToken, proxies }: ProbeDeps): boolean {
  if (metricsToken === null) {
    if (isLocal(request, proxies)) return true;
    response
      .status(403)
      .type('text/plain')
      .send('Metrics are for programs on the server’s own machine. Set CODESYNC_METRICS_TOKEN for others.\n');
    return false;
  }
  if (showsToken(request, metricsToken)) return true;
  response
    .status(401)
    .set('WWW-Authenticate', 'Bearer')
    .type('text/plain')
    .send('Show the token of CODESYNC_METRICS_TOKEN: “Authorization: Bearer …”.\n');
  return false;
}
