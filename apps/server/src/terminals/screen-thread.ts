// The thread that keeps the screens of all terminals: drawing takes long, and nobody's keystroke waits for it.
import { parentPort } from 'node:worker_threads';
import type { FromScreens, ToScreens } from './messages.ts';
import { Screen } from './screen.ts';

const port = parentPort!;
const screens = new Map<number, Screen>();
const say = (message: FromScreens) => port.postMessage(message);

port.on('message', (message: ToScreens) => {
  if (message.kind === 'open') {
    const { screen } = message;
    screens.set(screen, new Screen(message.size, (text) => say({ kind: 'answer', screen, text })));
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
    case 'snapshot':
      void screen
        .snapshot(message.lines)
        .then((snapshot) => say({ kind: 'snapshot', asked: message.asked, snapshot }));
      return;
    case 'close':
      screens.delete(message.screen);
      screen.close();
  }
});
