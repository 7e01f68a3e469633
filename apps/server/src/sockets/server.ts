// The live interface: Socket.IO over one HTTP server.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import {
  type ClientToServer,
  LIMITS,
  REFUSALS,
  refusal,
  type SandboxStatus,
  type ServerToClient,
  type StorageState,
} from '@codesync/protocol';
import { Server } from 'socket.io';
import { clientAddress } from '../client-address.ts';
import type { Identities } from '../identity.ts';
import { originAllowed } from '../origin.ts';
import type { Log, Observer } from '../ports.ts';
import type { Audience } from '../rooms/audience.ts';
import { Backlogs } from './backlogs.ts';
import { Broadcasts } from './broadcast.ts';
import { type ClientDeps, SocketClient, type SocketData } from './client.ts';
import type { Connection } from './connection.ts';
import { EditTimes } from './edit-times.ts';
import { watch } from './gate.ts';
import { createSocketRates } from './rates.ts';

type IO = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

/** The sockets before there are rooms for them: rooms need an audience, sockets need rooms. */
export type Sockets = {
  readonly audience: Audience;
  /** Starts to take clients. */
  serve(
    http: HttpServer,
    deps: Omit<ClientDeps, 'rates' | 'broadcasts' | 'backlogs' | 'times' | 'observer'>,
    handshake: HandshakeDeps,
  ): void;
  /** How many are open. */
  count(): number;
  /** Tells every client of the server. */
  tellSandbox(status: SandboxStatus): void;
  tellStorage(state: StorageState): void;
  /** Disconnects everyone for good, without closing the HTTP server. */
  close(): void;
};

export type HandshakeDeps = {
  readonly identities: Identities;
  readonly origins: readonly string[];
  readonly proxies: number;
  readonly clientsPerAddress: number;
};

/** A dead connection is noticed within the sum of the two, which is how long its cursor may stay. */
const PING_MS = 10_000;
const PONG_MS = 10_000;

/** Everything that is connected, in the namespace or on its way there. */
function* connectionsOf(io: IO): Iterable<Connection> {
  const engine = io.engine as unknown as
    | { readonly clients: Readonly<Record<string, Connection>> }
    | undefined;
  for (const id in engine?.clients) yield engine.clients[id]!;
}

export function createSockets(observer: Observer, log: Log): Sockets {
  let closed = false;
  const io: IO = new Server({
    // WebSocket alone: every browser that runs the page has it, long polling would need its requests to find
    // the same process again, and a socket's one handshake is the one place to check cookie and origin.
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: LIMITS.messageBytes,
    // Messages are small and many: deflating each costs more time and memory than it saves in bytes.
    perMessageDeflate: false,
    pingInterval: PING_MS,
    pingTimeout: PONG_MS,
  });
  const times = new EditTimes(observer.edited);
  const backlogs = new Backlogs(() => connectionsOf(io), log);
  const broadcasts = new Broadcasts(io.of('/'), times, backlogs);
  return {
    audience: {
      events: (room, events) => broadcasts.tell(room, events),
      presence: (room, entries) => void io.to(room).volatile.emit('presence', entries),
      resync: (room) => {
        broadcasts.flush(room);
        io.to(room).emit('resync');
        io.in(room).socketsLeave(room);
      },
    },
    tellSandbox: (status) => void io.emit('sandbox', status),
    tellStorage: (state) => void io.emit('storage', state),
    count: () => io.of('/').sockets.size,
    serve: (http, deps, { identities, origins, proxies, clientsPerAddress }) => {
      const rates = createSocketRates(clientsPerAddress);
      io.use(async (socket, next) => {
        const address = clientAddress(socket.request, proxies);
        if (rates.sockets(address) > clientsPerAddress) {
          const data = refusal('rate.address');
          return next(Object.assign(new Error(data.message), { data }));
        }
        const participant = await identities.read(socket.request.headers.cookie);
        Object.assign(socket.data, { participant, address });
        next();
      });
      io.on(
        'connection',
        (socket) => new SocketClient(socket, { ...deps, rates, broadcasts, backlogs, times, observer }),
      );
      io.attach(http, {
        allowRequest: (request, decide) => {
          // A little beyond the limit a socket is opened, so that the page can be told why it is closed; far beyond it
          // is not, and what a browser does not show says so.
          const crowd = rates.sockets(clientAddress(request, proxies)) > clientsPerAddress * 2;
          const reason = crowd ? REFUSALS['rate.address'] : null;
          decide(reason, !closed && !crowd && originAllowed(request, origins));
        },
      });
      io.engine.on('connection', (connection: Connection & { request: IncomingMessage }) => {
        watch(connection, backlogs, log);
        const address = clientAddress(connection.request, proxies);
        rates.connected(address);
        connection.once('close', () => rates.disconnected(address));
      });
    },
    close: () => {
      closed = true;
      backlogs.stop();
      io.disconnectSockets(true);
    },
  };
}
