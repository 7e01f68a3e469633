/** The awareness of y-protocols over y-websocket and its server, with cursors as y-monaco and y-codemirror have them. */
import type { Socket as NetSocket } from 'node:net';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { startPeerServer } from '../live/peer-process.ts';
import { PLACES, type Stage } from './seat.ts';

type State = { readonly who: number; readonly cursor?: { readonly head: unknown } };

export async function awareness(): Promise<Stage> {
  const { port, server } = await startPeerServer('y-websocket', null);
  return {
    async sit(who, onSeen) {
      const document = new Y.Doc();
      const text = document.getText('monaco');
      const provider = new WebsocketProvider(`ws://127.0.0.1:${port}`, 'bench', document, {
        WebSocketPolyfill: WebSocket,
        disableBc: true,
      });
      await new Promise<void>((resolve) => provider.once('sync', resolve));
      if (who === 0) text.insert(0, ' '.repeat(PLACES));
      const { awareness } = provider;
      awareness.setLocalState({ who });
      awareness.on('change', ({ added, updated }: { added: number[]; updated: number[] }) => {
        for (const client of [...added, ...updated]) {
          const state = awareness.getStates().get(client) as State | undefined;
          if (client === document.clientID || state?.cursor === undefined) continue;
          const head = Y.createRelativePositionFromJSON(state.cursor.head);
          const place = Y.createAbsolutePositionFromRelativePosition(head, document);
          if (place !== null) onSeen(state.who, place.index);
        }
      });
      const { _socket: net } = provider.ws as unknown as { _socket: NetSocket };
      return {
        move(place) {
          const position = Y.createRelativePositionFromTypeIndex(text, place);
          awareness.setLocalStateField('cursor', { anchor: position, head: position });
        },
        received: () => net.bytesRead,
        close: () => provider.destroy(),
      };
    },
    stop: server.stop,
  };
}
