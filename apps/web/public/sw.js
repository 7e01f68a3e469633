// Keeps the page, and only the page: a reload while the server is away still opens it. Never touches /api or the
// socket, whichever way that goes. The page itself comes from the network whenever that answers in time, so that a
// release is seen at once; what lies in /assets/ has its content's hash in its name and can be kept without asking.

// Where the product is on its server; others of the same origin keep what is theirs apart.
const BASE = new URL('./', self.location.href).pathname;
const OWN = BASE === '/' ? '' : `:${BASE}`;
const PAGE = `codesync-page${OWN}`;
const ASSETS = `codesync-assets${OWN}`;
const PAGE_KEY = BASE;
const UNHASHED = [`${BASE}theme.js`, `${BASE}favicon.svg`];
const WAIT_MS = 3_000;
/** Files of about four releases; the oldest go first. */
const ASSETS_KEPT = 240;

self.addEventListener('install', (event) => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && !url.pathname.startsWith(`${BASE}api/`)) event.respondWith(page(event));
  else if (url.pathname.startsWith(`${BASE}assets/`)) event.respondWith(asset(request));
  else if (UNHASHED.includes(url.pathname)) event.respondWith(newest(PAGE, request));
});

// Files that the page loaded before this worker ran.
self.addEventListener('message', (event) => {
  if (event.data?.kind === 'keep') event.waitUntil(keepAssets(event.data.files));
});

async function keepPage() {
  const cache = await caches.open(PAGE);
  await Promise.all([PAGE_KEY, ...UNHASHED].map((url) => fetchInto(cache, url, url)));
}

async function fetchInto(cache, key, request, how = 'no-cache') {
  const response = await fetch(request, { cache: how });
  if (response.ok) await cache.put(key, response.clone());
  return response;
}

/** Every address of the page is one document. A server that fails, or takes too long, is as one that is away. */
async function page(event) {
  const cache = await caches.open(PAGE);
  const kept = await cache.match(PAGE_KEY);
  const fresh = fetch(event.request).then(async (response) => {
    if (response.ok && !response.redirected) await cache.put(PAGE_KEY, response.clone());
    return response;
  });
  if (kept === undefined) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  const late = new Promise((resolve) => setTimeout(() => resolve(null), WAIT_MS));
  const answer = await Promise.race([fresh.catch(() => null), late]);
  return answer === null || answer.status >= 500 ? kept : answer;
}

async function newest(name, request) {
  const cache = await caches.open(name);
  try {
    return await fetchInto(cache, request.url, request);
  } catch (error) {
    const kept = await cache.match(request.url);
    if (kept === undefined) throw error;
    return kept;
  }
}

async function asset(request) {
  const cache = await caches.open(ASSETS);
  const kept = await cache.match(request.url);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request.url, response.clone());
  return response;
}

async function keepAssets(files) {
  const cache = await caches.open(ASSETS);
  for (const file of files) {
    // The page has just loaded it: the browser still has it, and the server is not asked again.
    if ((await cache.match(file)) === undefined)
      await fetchInto(cache, file, file, 'default').catch(() => undefined);
  }
  const kept = await cache.keys();
  const current = new Set(files);
  const old = kept.filter(({ url }) => !current.has(url));
  for (const request of old.slice(0, Math.max(0, kept.length - ASSETS_KEPT))) await cache.delete(request);
}
