/** `npm run protocol`: makes docs/protocol.md anew. */
import './lib/host-node.mjs';
import fs from 'node:fs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { inRoot } from './lib/paths.mjs';
import { makeReference, REFERENCE } from './lib/protocol-reference.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  await ensureInstall();
  const { ok, output } = await makeReference();
  if (ok) fs.writeFileSync(inRoot(REFERENCE), output);
  say(ok ? `${REFERENCE} is up to date.` : output);
  return ok ? 0 : 1;
});
