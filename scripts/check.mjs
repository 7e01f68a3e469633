/** `npm run check`: format, lint, types and import rules. */
import './lib/host-node.mjs';
import { checkAll } from './lib/checks.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { main } from './lib/say.mjs';

await main(async () => {
  await ensureInstall();
  return (await checkAll()).length === 0 ? 0 : 1;
});
