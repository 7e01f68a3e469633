import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Response, Router } from 'express';
import { embedded } from './embedded.ts';
import { staticFiles } from './static-files.ts';

const MISSING =
  'The page has not been built: run “npm start” in the project folder, which builds it and starts the server.';

/** Vite puts a hash of their content into these files' names. */
function isHashed(path: string): boolean {
  return path.startsWith('/assets/');
}

/** The page names its files relative to itself, and it is served at addresses of several depths. */
function placed(html: string, basePath: string): string {
  return html.replaceAll(/ (src|href)="\.\//g, ` $1="${basePath}/`);
}

/**
 * The page from `dist`, compressed where the build did so. Browsers keep assets for ever and ask for the HTML each
 * time. `/` and `/r/…` are the page. Any other path that is not a file is not found: a person who opens it gets the
 * page, which tells them so.
 *
 * @param basePath where all of this is for browsers, empty for the root of their host.
 */
export function pageRouter(dist: string, basePath: string): Router {
  const router = Router();
  const index = join(dist, 'index.html');
  const html = existsSync(index) ? placed(readFileSync(index, 'utf8'), basePath) : null;
  router.use(staticFiles(dist, isHashed));
  router.use(embedded(basePath));

  const sendPage = (response: Response, page: string) =>
    response.set('Cache-Control', 'no-cache').type('html').send(page);
  router.get(['/', '/r/:room'], (_request, response) => {
    if (html === null) response.status(503).type('text/plain').send(`${MISSING}\n`);
    else sendPage(response, html);
  });
  router.use((request, response) => {
    response.status(404);
    if (html !== null && request.accepts(['text', 'html']) === 'html') sendPage(response, html);
    else response.type('text/plain').send('There is nothing at this address.\n');
  });
  return router;
}
