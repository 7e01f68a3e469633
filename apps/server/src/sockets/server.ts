// The live interface: Socket.IO over one HTTP server.
import type { Server as HttpServer } from 'node:http';
import {
  type ClientToServer,
  LIMITS,
  REFUSALS,
  type RoomId,
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
import { LatePresence, type Listener } from './late-presence.ts';
import { guardPolling } from './polling.ts';
import { createSocketRates } from './rates.ts';
import { Silence } from './silence.ts';

type IO = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

/** The sockets before there are rooms for them: rooms need an audience, sockets need rooms. */
export type Sockets = {
  readonly audience: Audience;
  /** Starts to take clients. */
  serve(
    http: HttpServer,
    deps: Omit<ClientDeps, 'rates' | 'broadcasts' | 'backlogs' | 'silence' | 'times' | 'observer'>,
    handshake: HandshakeDeps,
  ): void;
  /** How many are open, and how many of those poll. */
  count(): { readonly all: number; readonly polling: number };
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

/**
 * A dead connection ends within the sum of the two, which is how long a slow phone may be silent. That a live one is
 * heard well within `LIMITS.silentMs` is up to the first.
 */
const PING_MS = 2_500;
const PONG_MS = 17_500;

type Connections = Readonly<Record<string, Connection>>;

/** Everything that is connected by its id, in the namespace or on its way there. */
function connectionsOf(io: IO): Connections {
  return (io.engine as unknown as { readonly clients: Connections } | undefined)?.clients ?? {};
}

export function createSockets(observer: Observer, log: Log): Sockets {
  let closed = false;
  const io: IO = new Server({
    // A page takes the one that gets through. It moves by another connection of its own and another join, which lose
    // and double nothing; Engine.IO's way of moving would change a connection under those who look at it here.
    transports: ['websocket', 'polling'],
    allowUpgrades: false,
    serveClient: false,
    maxHttpBufferSize: LIMITS.messageBytes,
    // Messages are small and many: deflating each costs more time and memory than it saves in bytes.
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: PING_MS,
    pingTimeout: PONG_MS,
  });
  const times = new EditTimes(observer.edited);
  const backlogs = new Backlogs(() => Object.values(connectionsOf(io)), log);
  const silence = new Silence(() => performance.now());
  const stopListening = silence.start();
  const { adapter, sockets } = io.of('/');
  const broadcasts = new Broadcasts(io.of('/'), times, backlogs);
  const late = new LatePresence();
  function* listeners(room: RoomId): Iterable<Listener> {
    for (const id of adapter.rooms.get(room) ?? []) {
      const socket = sockets.get(id);
      if (socket !== undefined) yield socket;
    }
  }
  return {
    audience: {
      events: (room, events) => broadcasts.tell(room, events),
      lost: (room, lost) => void io.to(room).emit('lost', lost),
      presence: (room, entries) => {
        late.note(listeners(room), entries);
        io.to(room).volatile.emit('presence', entries);
      },
      resync: (room) => {
        broadcasts.flush(room);
        io.to(room).emit('resync');
        io.in(room).socketsLeave(room);
      },
    },
    tellSandbox: (status) => void io.emit('sandbox', status),
    tellStorage: (state) => void io.emit('storage', state),
    count: () => {
      const open = [...sockets.values()].map(({ conn }) => (conn as unknown as Connection).transport.name);
      return { all: open.length, polling: open.filter((way) => way === 'polling').length };
    },
    serve: (http, deps, { identities, origins, proxies, clientsPerAddress }) => {
      const rates = createSocketRates(clientsPerAddress);
      /** Of each connection, taken when it came: the request that opened one that polls is over soon. */
      const addresses = new WeakMap<object, string>();
      io.use(async (socket, next) => {
        const address = addresses.get(socket.conn)!;
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
        (socket) =>
          new SocketClient(socket, { ...deps, rates, broadcasts, backlogs, silence, times, observer }),
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
      const find = (id: string) => {
        const connections = connectionsOf(io);
        return Object.hasOwn(connections, id) ? connections[id] : undefined;
      };
      io.engine.use(guardPolling({ identities, origins, find, log }));
      io.engine.on('connection', (connection: Connection) => {
        watch(connection, backlogs, log);
        const address = clientAddress(connection.request, proxies);
        addresses.set(connection, address);
        rates.connected(address);
        connection.once('close', () => rates.disconnected(address));
      });
    },
    close: () => {
      closed = true;
      backlogs.stop();
      stopListening();
      io.disconnectSockets(true);
    },
  };
}
