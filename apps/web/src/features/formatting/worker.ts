// The worker in which a text is formatted: it takes one, answers, and is ended.
import type { FormatTask } from './messages.ts';
import { prettified } from './prettier.ts';

self.onmessage = ({ data }: MessageEvent<FormatTask>) => {
  // A plugin that cannot be loaded is no fault of the text: the page hears of it as of a worker that failed.
  void prettified(data).then((result) => self.postMessage(result), reportError);
};
