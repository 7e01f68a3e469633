/**
 * `npm run check`: format, lint, types, import rules, what nothing uses, the reference of the protocol, and the agent's
 * Go.
 */
import './lib/host-node.mjs';
import { ALL_CHECKS, checkAll } from './lib/checks.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { main } from './lib/say.mjs';

await main(async () => {
  await ensureInstall();
  return (await checkAll(ALL_CHECKS)).length === 0 ? 0 : 1;
});
