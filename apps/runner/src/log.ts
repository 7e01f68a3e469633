/** The runner's log: JSON lines on standard error. */
import { type Logger, pino } from 'pino';

/**
 * When nobody is left to read the log, as after a kill of the server and of what kept its output, pino's own destination
 * tries for ever to write its last lines, and a runner that should go never ends. This stream tells of it once.
 */
export function createLog(level: string): Logger {
  process.stderr.on('error', () => {});
  return pino({ name: 'runner', level }, process.stderr);
}
