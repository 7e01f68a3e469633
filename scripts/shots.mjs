/** `npm run shots`: pictures of every state of the page into shots/; with --readme also docs/screenshot.png. */
import './lib/host-node.mjs';
import { endWithChildren, runPinned } from './lib/child.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { main } from './lib/say.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';

endWithChildren();
await main(async () => {
  await ensureInstall();
  await ensureSystemPackages(['docker', 'debootstrap', 'chromium']);
  await ensureBuild();
  return (await runPinned(['e2e/shots/gallery.ts', ...process.argv.slice(2)], { inherit: true })).code;
});
