/**
 * Terminals through CodeSync, and by other ways beside it (README.md says what the lines mean).
 *
 *   npm run bench -- terminal [--lines keys,late] [--json]
 */
import { flags, pick } from '../lib/flags.ts';
import { machine } from '../lib/machine.ts';
import { LINES, type LineName } from './lines.ts';
import { asText, type Found } from './results.ts';
import { Stage } from './stage.ts';

const chosen = flags(['lines'], ['json']);
const lines = pick(chosen.lines, Object.keys(LINES) as LineName[], 'line');
const made = machine();
const found: Found[] = [];
let stage: Promise<Stage> | null = null;
const openStage = () => {
  stage ??= Stage.open();
  return stage;
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  for (const name of lines) {
    process.stderr.write(`${name}  ${LINES[name].title}\n`);
    found.push(...[await LINES[name].measure(openStage)].flat());
  }
} finally {
  await (stage as Promise<Stage> | null)?.then((open) => open.close());
}
console.log(chosen.json ? JSON.stringify({ machine: made, found }, null, 2) : asText(made, found));
process.exit(0);
