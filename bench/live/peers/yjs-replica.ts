/** A replica that is a Yjs document, whatever carries its updates. */
import type { Socket as NetSocket } from 'node:net';
import type * as Y from 'yjs';
import type { OnRemote, Replica } from '../peer.ts';

/** The parts of a provider that the bench needs. */
export type Carrier = { net(): NetSocket; close(): void };

export function yjsReplica(document: Y.Doc, carrier: Carrier, onRemote: OnRemote): Replica {
  const text = document.getText('text');
  text.observe((event, transaction) => {
    if (transaction.local) return;
    let at = 0;
    for (const { retain, insert } of event.delta) {
      if (retain !== undefined) at += retain;
      if (typeof insert === 'string') {
        onRemote(at, insert);
        at += insert.length;
      }
    }
  });
  return {
    get length() {
      return text.length;
    },
    insert: (at, part) => text.insert(at, part),
    text: () => text.toString(),
    received: () => carrier.net().bytesRead,
    close() {
      carrier.close();
      document.destroy();
    },
  };
}
