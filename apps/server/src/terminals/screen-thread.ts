// The thread that keeps the screens of all terminals: drawing takes long, and nobody's keystroke waits for it.
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import type { FromScreens, ToScreens } from './messages.ts';
import { Screen } from './screen.ts';
import { SnapshotQueue } from './snapshot-queue.ts';

const port = parentPort!;
const screens = new Map<number, Screen>();
const say = (message: FromScreens) => port.postMessage(message);

const snapshots = new SnapshotQueue({
  clock: systemClock,
  take: async (screen, lines) => (await screens.get(screen)?.snapshot(lines)) ?? null,
  answer: (asked, snapshot) => say({ kind: 'snapshot', asked, snapshot }),
});

port.on('message', (message: ToScreens) => {
  if (message.kind === 'open') {
    const { screen } = message;
    screens.set(screen, new Screen(message.size, (text) => say({ kind: 'answer', screen, text })));
    return;
  }
  if (message.kind === 'snapshot') {
    snapshots.ask(message.screen, message.lines, message.asked);
    return;
  }
  const screen = screens.get(message.screen);
  if (screen === undefined) return;
  switch (message.kind) {
    case 'write':
      void screen.write(message.bytes).then((upTo) => say({ kind: 'drawn', screen: message.screen, upTo }));
      return;
    case 'resize':
      screen.resize(message.size);
      return;
    case 'close':
      screens.delete(message.screen);
      screen.close();
  }
});
