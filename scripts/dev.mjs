/**
 * `npm run dev`: the server, restarted when its sources change, and the page from Vite with hot reload. Open Vite's
 * address; it passes /api and the socket on to the server.
 */
import './lib/host-node.mjs';
import { standIn } from './lib/child.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { inRoot, PINNED_NODE } from './lib/paths.mjs';
import { main } from './lib/say.mjs';

const PAGE_PORT = '5173';

await main(async () => {
  await ensureInstall();
  const pageOrigins = [`http://localhost:${PAGE_PORT}`, `http://127.0.0.1:${PAGE_PORT}`].join(',');
  const env = {
    NODE_ENV: process.env.NODE_ENV ?? 'development',
    PORT: process.env.PORT ?? '3000',
    CODESYNC_ORIGIN: process.env.CODESYNC_ORIGIN ?? pageOrigins,
  };
  return standIn([
    {
      command: PINNED_NODE,
      args: ['--watch', '--watch-preserve-output', 'apps/server/src/main.ts'],
      env,
    },
    {
      command: PINNED_NODE,
      args: [inRoot('node_modules/vite/bin/vite.js'), '--port', PAGE_PORT, '--strictPort'],
      cwd: inRoot('apps/web'),
      env,
    },
  ]);
});
