/** The runner's log: JSON lines on standard error. */
import { type Logger, pino } from 'pino';

/**
 * Writes by process.stderr. When nobody reads the log any more, for example after a kill of the server, pino's own
 * destination tries for ever to write, and the runner never ends. process.stderr tells of that error once.
 */
export function createLog(level: string): Logger {
  process.stderr.on('error', () => {});
  return pino({ name: 'runner', level }, process.stderr);
}
