// What a frame of another page gets instead of ours: a sentence and a way out.
import type { RequestHandler } from 'express';

const FRAMES = ['iframe', 'frame', 'embed', 'object'];

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *";

const page = (basePath: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>CodeSync</title>
<style>body { font: 15px/1.5 system-ui, sans-serif; max-width: 34em; margin: 15vh auto; padding: 0 1.5em }</style>
<p>CodeSync does not open inside of another page: there it could be hidden under something else, and a browser
may keep its cookies away.</p>
<p><a href="" target="_blank" rel="noopener">Open it in a tab of its own</a></p>
<script src="${basePath}/embedded.js"></script>
`;

/**
 * Answers the requests of frames. The page forbids being framed, but a browser that refuses to show it says nothing
 * that helps. This answer may be framed by anyone: it knows nobody and does nothing.
 *
 * @param basePath where the page's files are for browsers, empty for the root of their host.
 */
export function embedded(basePath: string): RequestHandler {
  const body = page(basePath);
  return (request, response, next) => {
    if (!FRAMES.includes(request.get('Sec-Fetch-Dest') ?? '')) return next();
    response.removeHeader('X-Frame-Options');
    response.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store' });
    response.status(403).type('html').send(body);
  };
}
