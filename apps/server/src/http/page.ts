import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';
import sirv from 'sirv';

const MISSING =
  'The page has not been built: run “npm start” in the project folder, which builds it and starts the server.';

/** Vite puts a hash of their content into these files' names. */
function isHashed(path: string): boolean {
  return path.startsWith('/assets/');
}

/**
 * The page from `dist`, precompressed where it was built so. Assets are kept by browsers for ever; HTML is asked
 * for anew each time. `/` and `/r/…` are the page. Whatever else is not a file is not found; a person who opens it
 * gets the page all the same, which tells them so.
 */
export function pageRouter(dist: string): Router {
  const router = Router();
  const index = join(dist, 'index.html');
  if (existsSync(index)) {
    router.use(
      sirv(dist, {
        etag: true,
        brotli: true,
        gzip: true,
        setHeaders: (response, path) => {
          response.setHeader(
            'Cache-Control',
            isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
          );
        },
      }),
    );
  }
  router.get(['/', '/r/:room'], (_request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    if (!existsSync(index)) response.status(503).type('text/plain').send(`${MISSING}\n`);
    else response.type('html').send(readFileSync(index));
  });
  router.use((request, response) => {
    response.status(404).setHeader('Cache-Control', 'no-cache');
    if (request.accepts(['text', 'html']) === 'html' && existsSync(index)) {
      response.type('html').send(readFileSync(index));
    } else {
      response.type('text/plain').send('There is nothing at this address.\n');
    }
  });
  return router;
}
