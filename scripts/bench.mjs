/** `npm run bench -- NAME [flags]`: runs bench/NAME.ts with the pinned Node; without a name it lists them. */
import './lib/host-node.mjs';
import fs from 'node:fs';
import { endWithChildren, runPinned } from './lib/child.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { inRoot } from './lib/paths.mjs';
import { main, say } from './lib/say.mjs';

endWithChildren();
await main(async () => {
  const [name, ...flags] = process.argv.slice(2);
  const names = fs
    .readdirSync(inRoot('bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3));
  if (name === undefined || !names.includes(name)) {
    say(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
    return name === undefined ? 0 : 1;
  }
  await ensureInstall();
  return (await runPinned([`bench/${name}.ts`, ...flags], { inherit: true })).code;
});
