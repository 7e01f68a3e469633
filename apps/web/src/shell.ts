// The page's side of public/sw.js: keeps this page in the browser, so that it opens while the server is away.
import { at } from './base.ts';

/** What this page has loaded of its own: the files that it needs to open again. */
function loadedFiles(): string[] {
  const own = performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((name) => name.startsWith(`${location.origin}${at('assets/')}`));
  return [...new Set(own)];
}

/** How long after the page's load the rest of it, such as the editor, has surely been fetched. */
const SETTLED_MS = 4_000;

export function keepShell(): void {
  // Absent where the page is served without TLS from elsewhere than this machine.
  if (!('serviceWorker' in navigator)) return;
  keep().catch((error: unknown) => console.warn('this page is not kept for when the server is away', error));
}

/** Rejects where the browser refuses. Some browsers refuse even to be asked. */
async function keep(): Promise<void> {
  const { serviceWorker } = navigator;
  await serviceWorker.register(at('sw.js'), { updateViaCache: 'none' });
  const { active } = await serviceWorker.ready;
  const tell = () => active?.postMessage({ kind: 'keep', files: loadedFiles() });
  tell();
  setTimeout(tell, SETTLED_MS);
}
