// Everything that is answered over plain HTTP.
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Log } from '../ports.ts';
import { type ApiDeps, apiRouter } from './api.ts';
import { pageRouter } from './page.ts';
import { type ProbeDeps, probes } from './probes.ts';
import { refuse } from './replies.ts';
import { type Answered, requestId, requestLog, roomOf } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';

export type AppDeps = ApiDeps & {
  readonly log: Log;
  readonly probes: Omit<ProbeDeps, 'proxies'>;
  /** Told of every answer; `code` is that of a refusal. */
  readonly answered: Answered;
  /** Folder of the built page. */
  readonly page: string;
  /** The path of the host below which the server is, empty for its root. */
  readonly basePath: string;
};

/** An address that cannot be decoded: Express says so with a status, and it is not ours to mend. */
function isTheirs(error: unknown): boolean {
  return error instanceof URIError && 'status' in error && error.status === 400;
}

export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(requestLog(deps.log, deps.proxies, deps.answered));
  app.use(securityHeaders());
  app.use(probes({ ...deps.probes, proxies: deps.proxies }));
  app.use('/api', apiRouter(deps));
  app.use(pageRouter(deps.page, deps.basePath));
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (isTheirs(error) && !response.headersSent) {
      refuse(response, 'protocol.malformed');
      return;
    }
    deps.log.error({ request: requestId(response), ...roomOf(request), err: error }, 'a request failed');
    if (response.headersSent) next(error);
    else
      response
        .status(500)
        .json({ error: { code: 'server.fault', message: 'The server failed. Try again.' } });
  });
  return app;
}
