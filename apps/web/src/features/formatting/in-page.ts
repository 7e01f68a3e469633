// Formats in a worker of the page, which is ended when it has answered or when it takes too long.
import { LIMITS } from '@codesync/protocol';
import type { FormatResult, FormatTask } from './messages.ts';

/** Resolves within `LIMITS.formatMs`: `slow` when the worker did not end by then, `failed` when it could not work. */
export function formatInPage(task: FormatTask): Promise<FormatResult | 'slow' | 'failed'> {
  return new Promise((resolve) => {
    let worker: Worker;
    try {
      worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    } catch {
      // Some browsers refuse workers by their settings.
      resolve('failed');
      return;
    }
    const end = (result: FormatResult | 'slow' | 'failed') => {
      clearTimeout(timer);
      worker.terminate();
      resolve(result);
    };
    const timer = setTimeout(() => end('slow'), LIMITS.formatMs);
    worker.onmessage = ({ data }: MessageEvent<FormatResult>) => end(data);
    worker.onerror = () => end('failed');
    worker.postMessage(task);
  });
}
