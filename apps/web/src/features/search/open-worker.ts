// Makes the worker that searches.
import type { FromWorker, ToWorker } from './messages.ts';
import type { WorkerPort } from './search-line.ts';

/** As `SearchLineOptions` has it. */
export function openWorker(hear: (message: FromWorker) => void, failed: () => void): WorkerPort {
  let worker: Worker;
  try {
    worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  } catch {
    // Some browsers refuse workers by their settings.
    queueMicrotask(failed);
    return { post: () => {}, end: () => {} };
  }
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
  worker.onerror = failed;
  return {
    post: (message: ToWorker) => worker.postMessage(message),
    end: () => worker.terminate(),
  };
}
