/**
 * The runner's process. It lives as long as its parent: when its standard input ends, or on SIGTERM or SIGINT, it
 * removes its containers and goes. Its log is JSON lines on standard error.
 */
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { Runner } from './runner.ts';

/** Tear-down is bounded: what is left after it ends by itself, as its agent's input has ended. */
const CLOSE_MS = 25_000;

const log = createLog(process.env.LOG_LEVEL ?? 'info');

try {
  const runner = new Runner(readConfig(process.env), log);
  const leave = () => {
    setTimeout(() => process.exit(1), CLOSE_MS).unref();
    void runner
      .close()
      .catch((error: unknown) => log.error({ err: error }, 'something may be left'))
      .finally(() => process.exit(0));
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
  process.stdin.once('end', leave);
  process.stdin.once('error', leave);
  process.stdin.resume();
  await runner.start();
} catch (error) {
  log.fatal(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
