/**
 * `npm run dev`: the server, restarted when its sources change, and the page from Vite with hot reload. Open Vite's
 * address; it passes /api and the socket on to the server, whose address is in CODESYNC_SERVER.
 */
import './lib/host-node.mjs';
import { standIn } from './lib/child.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { inRoot, PINNED_NODE } from './lib/paths.mjs';
import { main } from './lib/say.mjs';

await main(async () => {
  await ensureInstall();
  const port = process.env.PORT ?? '3000';
  return standIn([
    {
      command: PINNED_NODE,
      args: ['--watch', '--watch-preserve-output', 'apps/server/src/main.ts'],
      env: { NODE_ENV: process.env.NODE_ENV ?? 'development', PORT: port },
    },
    {
      command: PINNED_NODE,
      args: [inRoot('node_modules/vite/bin/vite.js')],
      cwd: inRoot('apps/web'),
      env: { CODESYNC_SERVER: `http://127.0.0.1:${port}` },
    },
  ]);
});
