// `node apps/server/src/main.ts`: reads the configuration, runs the server, stops it when told to.
import { type Config, ConfigError, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { announceSandbox } from './sandbox-progress.ts';
import { type RunningServer, startServer } from './server.ts';

/** What a stop may take before the process ends regardless. */
const STOP_MS = 15_000;
/**
 * One Ctrl-C arrives three times: from the terminal, from npm and from the start script. Within this time they count
 * as one.
 */
const COPIES_MS = 1_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const config: Config = readConfig(process.env);
  const log = createLogger(config.logLevel);
  const starting = startServer(config, log);
  let stoppingSince: number | null = null;

  const stop = (signal: NodeJS.Signals): void => {
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince < COPIES_MS) return;
      process.exit(130);
    }
    stoppingSince = performance.now();
    say(`CodeSync is stopping (${signal}). Once more to stop it at once.`);
    setTimeout(() => {
      log.error({}, 'stopping took too long');
      process.exit(1);
    }, STOP_MS).unref();
    starting
      .then((server: RunningServer) => server.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.fatal({ err: error }, 'the server could not be stopped in good order');
          process.exit(1);
        },
      );
  };
  // A bug. Node would print the error with everything attached to it. PostgreSQL attaches what people typed.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'the server ends: a bug');
    process.exit(1);
  });
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  const server = await starting;
  if (stoppingSince !== null) return;
  say(`CodeSync is at ${server.address}`);
  announceSandbox(server, say);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else console.error(error);
  process.exit(1);
});
