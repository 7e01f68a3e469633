/**
 * `node apps/runner/src/prepare.ts`: an engine that answers and the sandbox image, ahead of the first run. It prints
 * its steps, then `ready`, and holds the engine until its standard input ends; one that it started ends with it.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureEngine, releaseEngine } from './engine.ts';
import { ensureImage } from './image.ts';

const SANDBOX_FOLDER = fileURLToPath(new URL('../../../sandbox', import.meta.url));
const INSTANCE = 'prepare';

const dataDir = process.env.CODESYNC_DATA;
if (!dataDir) throw new Error('CODESYNC_DATA names the folder for the engine’s log and note');
mkdirSync(dataDir, { recursive: true });

const engine = await ensureEngine({
  mode: process.env.CODESYNC_DOCKER === 'never' ? 'never' : 'auto',
  dataDir,
  say: (_phase, sentence) => console.log(sentence),
});
if (engine.kind === 'absent') {
  console.log(`${engine.reason} ${engine.mend}`);
  process.exit(1);
}

const leave = (code: number) => {
  void releaseEngine(engine, dataDir, INSTANCE).finally(() => process.exit(code));
};
process.once('SIGTERM', () => leave(0));
process.once('SIGINT', () => leave(0));
process.stdin.once('end', () => leave(0)).resume();

try {
  await ensureImage({
    docker: engine.docker,
    folder: SANDBOX_FOLDER,
    progress: ({ step, percent, detail }) => console.log(`${step} ${Math.round(percent)} %: ${detail}`),
  });
  console.log('ready');
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  leave(1);
}
