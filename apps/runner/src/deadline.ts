/**
 * How long the engine is waited for. One that hangs keeps its connections open: without a deadline, nothing would ever
 * say that an answer is not to come.
 */
import { ENGINE_DEADLINE_MS } from './limits.ts';
import { realTimers, type Timers } from './timers.ts';

/**
 * The engine's answer, or an error when there is none within ENGINE_DEADLINE_MS. The question stays asked: an engine
 * that goes on does what it was told, and `late` is given what then nobody waits for.
 */
export function answered<T>(
  answer: Promise<T>,
  { late = () => {}, timers = realTimers }: { late?: (answer: T) => void; timers?: Timers } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let tooLate = false;
    const deadline = timers.after(ENGINE_DEADLINE_MS, () => {
      tooLate = true;
      reject(new Error(`the container engine gave no answer within ${ENGINE_DEADLINE_MS / 1000} s`));
    });
    answer.then(
      (value) => {
        deadline.cancel();
        if (tooLate) late(value);
        else resolve(value);
      },
      (error: unknown) => {
        deadline.cancel();
        reject(error);
      },
    );
  });
}
