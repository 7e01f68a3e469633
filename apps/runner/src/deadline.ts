/**
 * How long the engine is waited for. One that hangs keeps its connections open: without a deadline, nothing would ever
 * say that an answer is not to come.
 */
import type { Clock } from '@codesync/protocol';
import { systemClock } from './clock.ts';
import { ENGINE_DEADLINE_MS } from './limits.ts';

/**
 * The engine's answer, or an error after ENGINE_DEADLINE_MS. The call is not taken back: an engine that recovers still
 * carries it out. `late` then gets the answer, since nobody waits for it any more.
 */
export function answered<T>(
  answer: Promise<T>,
  { late = () => {}, clock = systemClock }: { late?: (answer: T) => void; clock?: Clock } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let tooLate = false;
    const callOff = clock.after(ENGINE_DEADLINE_MS, () => {
      tooLate = true;
      reject(new Error(`the container engine gave no answer within ${ENGINE_DEADLINE_MS / 1000} s`));
    });
    answer.then(
      (value) => {
        callOff();
        if (tooLate) late(value);
        else resolve(value);
      },
      (error: unknown) => {
        callOff();
        reject(error);
      },
    );
  });
}
