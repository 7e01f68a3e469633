// The worker in which a room's texts are searched.
import type { FromWorker, ToWorker } from './messages.ts';
import { Work } from './work.ts';

const tell = (message: FromWorker) => self.postMessage(message);
// Unlike a timer, a message to oneself comes without a delay.
const turns = new MessageChannel();
const waiting: (() => void)[] = [];
turns.port1.onmessage = () => waiting.shift()?.();

const work = new Work({
  tell,
  now: () => performance.now(),
  later: (run) => {
    waiting.push(run);
    turns.port2.postMessage(null);
  },
});
self.onmessage = ({ data }: MessageEvent<ToWorker>) => work.hear(data);
tell({ kind: 'ready' });
