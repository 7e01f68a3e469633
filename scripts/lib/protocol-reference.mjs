/** docs/protocol.md, which is made from the schemas of packages/protocol. */
import fs from 'node:fs';
import { runPinned } from './child.mjs';
import { inRoot } from './paths.mjs';

export const REFERENCE = 'docs/protocol.md';

/**
 * The reference as the schemas are now.
 * @returns {Promise<{ ok: boolean, output: string }>} `output`: its text, or what went wrong
 */
export async function makeReference() {
  const { code, output } = await runPinned([inRoot('packages/protocol/reference/protocol.ts')]);
  return { ok: code === 0, output };
}

/**
 * Whether the file says what the schemas say.
 * @returns {Promise<{ ok: boolean, note: string, output: string }>}
 */
export async function checkReference() {
  const { ok, output } = await makeReference();
  if (!ok) return { ok, note: '', output };
  const current = fs.existsSync(inRoot(REFERENCE)) && fs.readFileSync(inRoot(REFERENCE), 'utf8') === output;
  return {
    ok: current,
    note: REFERENCE,
    output: current ? '' : `${REFERENCE} is out of date: run \`npm run protocol\` and commit it.`,
  };
}
