/**
 * The parts of the peers' interfaces that are used here. They are declared and not taken from the packages, because
 * those are installed when the bench runs and the types are checked without them.
 */

declare module 'ws' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:http';

  export class WebSocket extends EventEmitter {
    constructor(url: string);
    send(data: Uint8Array): void;
  }
  export class WebSocketServer extends EventEmitter {
    readonly clients: ReadonlySet<WebSocket>;
    constructor(options: { server: Server });
  }
}

declare module '@teamwork/websocket-json-stream' {
  import type { Duplex } from 'node:stream';
  import type { WebSocket } from 'ws';

  const WebSocketJSONStream: new (socket: WebSocket) => Duplex;
  export default WebSocketJSONStream;
}

declare module 'sharedb' {
  import type { Duplex } from 'node:stream';

  class ShareDB {
    static types: { register(type: unknown): void };
    listen(stream: Duplex): void;
  }
  export default ShareDB;
}

declare module 'sharedb/lib/client/index.js' {
  import type { WebSocket } from 'ws';

  namespace client {
    const types: { register(type: unknown): void };
    type Done = (error?: Error) => void;
    class Doc {
      readonly data: string;
      subscribe(done: Done): void;
      create(data: string, type: string, done: Done): void;
      submitOp(op: readonly (number | string)[]): void;
      on(event: 'op', listener: (op: import('ot-text-unicode').TextOp, own: boolean) => void): void;
    }
    class Connection {
      constructor(socket: WebSocket);
      once(event: 'connected', listener: () => void): void;
      get(collection: string, id: string): Doc;
      close(): void;
    }
  }
  export default client;
}

declare module '@y/websocket-server/utils' {
  export function setupWSConnection(socket: unknown, request: unknown): void;
}

declare module 'yjs' {
  interface TextEvent {
    readonly delta: readonly { readonly retain?: number; readonly insert?: string | object }[];
  }
  interface Text {
    readonly length: number;
    observe(listener: (event: TextEvent, transaction: { readonly local: boolean }) => void): void;
  }
  interface Doc {
    clientID: number;
    destroy(): void;
  }
  type RelativePosition = { readonly item: unknown };
  function createRelativePositionFromTypeIndex(text: Text, index: number): RelativePosition;
  function createRelativePositionFromJSON(json: unknown): RelativePosition;
  function createAbsolutePositionFromRelativePosition(
    position: RelativePosition,
    document: Doc,
  ): { readonly index: number } | null;
}

declare module 'y-websocket' {
  import type { Doc } from 'yjs';

  export class WebsocketProvider {
    constructor(
      url: string,
      room: string,
      document: Doc,
      options: { WebSocketPolyfill: unknown; disableBc: boolean },
    );
    readonly ws: unknown;
    readonly awareness: {
      setLocalState(state: object | null): void;
      setLocalStateField(field: string, value: unknown): void;
      getStates(): ReadonlyMap<number, unknown>;
      on(event: 'change', listener: (clients: { added: number[]; updated: number[] }) => void): void;
    };
    once(event: 'sync', listener: () => void): void;
    destroy(): void;
  }
}

declare module '@hocuspocus/server' {
  export class Server {
    constructor(options: { port: number; address: string; quiet: boolean });
    readonly address: { readonly port: number };
    listen(): Promise<unknown>;
  }
}

declare module '@hocuspocus/provider' {
  import type { Doc } from 'yjs';

  export class HocuspocusProviderWebsocket {
    constructor(options: { url: string; WebSocketPolyfill: unknown });
    readonly webSocket: unknown;
    destroy(): void;
  }
  export class HocuspocusProvider {
    constructor(options: {
      websocketProvider: HocuspocusProviderWebsocket;
      name: string;
      document: Doc;
      onSynced: () => void;
    });
    readonly awareness: { setLocalState(state: null): void } | null;
    attach(): void;
    destroy(): void;
  }
}
