/** `npm run bench -- NAME [flags]`: runs bench/NAME/main.ts with the pinned Node; without a name it lists them. */
import './lib/host-node.mjs';
import fs from 'node:fs';
import { endWithChildren, runPinned } from './lib/child.mjs';
import { ensureBenchInstall } from './lib/ensure-bench-install.mjs';
import { ensureInstall } from './lib/ensure-install.mjs';
import { inRoot } from './lib/paths.mjs';
import { main, note } from './lib/say.mjs';

endWithChildren();
await main(async () => {
  const [name, ...flags] = process.argv.slice(2);
  const names = fs.readdirSync(inRoot('bench')).filter((folder) => fs.existsSync(entry(folder)));
  if (name === undefined || !names.includes(name)) {
    note(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
    return name === undefined ? 0 : 1;
  }
  await ensureInstall();
  await ensureBenchInstall();
  return (await runPinned([entry(name), ...flags], { inherit: true })).code;
});

/** @param {string} name */
function entry(name) {
  return inRoot(`bench/${name}/main.ts`);
}
