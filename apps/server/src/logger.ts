import pino, { type Logger, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

/** How deep causes are followed. */
const CAUSES = 4;

/**
 * An error for the log: its kind, its message, its code and where it happened. Nothing else that hangs on it is
 * logged: PostgreSQL and body parsers attach what they were given, which may be what people typed. PostgreSQL’s
 * messages may quote a value after a colon. That part is cut off.
 */
export function errorFields(error: unknown, depth = CAUSES): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, routine } = error as { code?: unknown; routine?: unknown };
  const message = typeof routine === 'string' ? error.message.replace(/: ".*$/s, '') : error.message;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    type: error.name,
    message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: frames.join('\n'),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: errorFields(error.cause, depth - 1) }),
  };
}

/** What every logger of the server does, wherever its lines go. */
export const LOGGER: Pick<LoggerOptions, 'serializers'> = {
  serializers: { err: (error) => errorFields(error) },
};

/**
 * Lines of JSON on stdout, or readable ones when a person is watching. Where nobody reads them any more, stdout
 * reports it once and the server can end. (pino's own destination would try for ever to write its last lines.)
 */
export function createLogger(level: Config['logLevel']): Logger {
  process.stdout.on('error', () => undefined);
  if (!process.stdout.isTTY) return pino({ ...LOGGER, level }, process.stdout);
  return pino(
    { ...LOGGER, level },
    pretty({ colorize: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}
