// Everything that is answered over plain HTTP.
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Log } from '../ports.ts';
import { type ApiDeps, apiRouter } from './api.ts';
import { pageRouter } from './page.ts';
import { securityHeaders } from './security-headers.ts';

export type AppDeps = ApiDeps & {
  readonly log: Log;
  /** Folder of the built page. */
  readonly page: string;
};

export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.get('/healthz', (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.json({ ok: true, storage: deps.registry.storage });
  });
  app.use('/api', apiRouter(deps));
  app.use(pageRouter(deps.page));
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    deps.log.error({ err: error, method: request.method, route: request.route?.path }, 'a request failed');
    if (response.headersSent) next(error);
    else
      response
        .status(500)
        .json({ error: { code: 'server.fault', message: 'The server failed. Try again.' } });
  });
  return app;
}
