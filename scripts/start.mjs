/** `npm start`: install, build, serve. Each of the first two only when needed. */
import './lib/host-node.mjs';
import { standIn } from './lib/child.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { PINNED_NODE } from './lib/paths.mjs';
import { main } from './lib/say.mjs';

await main(async () => {
  await ensureInstall();
  await ensureBuild();
  return standIn([
    {
      command: PINNED_NODE,
      args: ['apps/server/src/main.ts'],
      env: { NODE_ENV: process.env.NODE_ENV ?? 'production' },
    },
  ]);
});
